from django.urls import path

from .views import confirm, eid, factors, password, role, slips

app_name = "accounts"
urlpatterns = [
    path("logga-in/e-legitimation/", eid.choose_eid, name="choose_eid"),
    path("logga-in/e-legitimation/<slug:provider_id>/", eid.start_eid, name="start_eid"),
    path("logga-in/e-legitimation/<slug:provider_id>/svar/", eid.eid_callback, name="eid_callback"),
    path("logga-in/elev/", password.sign_in_pupil, name="sign_in_pupil"),
    path("logga-in/personal/", password.sign_in_staff, name="sign_in_staff"),
    path("logga-ut/", password.sign_out, name="sign_out"),
    path("utloggad/", password.signed_out, name="signed_out"),
    path("roll/", role.switch_role, name="switch_role"),
    path("bekrafta/", confirm.step_up, name="step_up"),
    path("bekrafta/skicka/", confirm.send_held_form, name="send_held_form"),
    path("konto/losenord/", password.change_password, name="change_password"),
    path("konto/sakerhet/", factors.security, name="security"),
    path("konto/sakerhet/kod/", factors.enter_code, name="enter_code"),
    path("konto/sakerhet/app/", factors.add_totp, name="add_totp"),
    path("konto/sakerhet/nyckel/", factors.add_passkey, name="add_passkey"),
    path("konto/sakerhet/<int:pk>/ta-bort/", factors.remove_factor, name="remove_factor"),
    path("elever/<uuid:pk>/losenord/", slips.reset_pupil_password, name="reset_pupil_password"),
    path("klasser/<uuid:pk>/konton/", slips.make_pupil_accounts, name="make_pupil_accounts"),
    path("personal/<uuid:pk>/engangskod/", slips.issue_enrolment_code, name="issue_enrolment_code"),
]
