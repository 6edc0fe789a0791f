from django.urls import path

from .views import leave, leave_decision, report, roll_call, settings

app_name = "absence"
urlpatterns = [
    path("franvaro/", report.report_list, name="report_list"),
    path("franvaro/anmal/", report.report_absence, name="report_absence"),
    path("franvaro/kvitto/<uuid:pk>/", report.report_detail, name="report_detail"),
    path("franvaro/dag/<uuid:pk>/ta-tillbaka/", report.withdraw_day, name="withdraw_day"),
    path("franvaro/dag/<uuid:pk>/en-dag-till/", report.add_day, name="add_day"),
    path("lektioner/", roll_call.lesson_list, name="lesson_list"),
    path("lektioner/<day:day>/", roll_call.lesson_list, name="lesson_list_on"),
    path("lektioner/<uuid:pk>/narvaro/", roll_call.take_roll_call, name="take_roll_call"),
    path("ledighet/", leave.leave_list, name="leave_list"),
    path("ledighet/ansok/", leave.apply_for_leave, name="apply_for_leave"),
    path("ledighet/<uuid:pk>/", leave.leave_detail, name="leave_detail"),
    path("ledighet/<uuid:pk>/svar/", leave.answer_leave, name="answer_leave"),
    path("ledighet/<uuid:pk>/ta-tillbaka/", leave.withdraw_leave, name="withdraw_leave"),
    path("ledighet/<uuid:pk>/yttrande/", leave_decision.note_leave, name="note_leave"),
    path("ledighet/<uuid:pk>/beslut/", leave_decision.decide_leave, name="decide_leave"),
    path("ledighet/<uuid:pk>/beslut/pdf/", leave_decision.download_leave_decision, name="download_leave_decision"),
    path("skolor/<uuid:pk>/franvaro/", settings.edit_unit_settings, name="edit_unit_settings"),
    path("regler/franvaro/", settings.school_form_rule_list, name="school_form_rule_list"),
    path("regler/franvaro/<uuid:pk>/", settings.edit_school_form_rule, name="edit_school_form_rule"),
]
