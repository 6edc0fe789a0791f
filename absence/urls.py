from django.urls import path, register_converter

from dexter.lib.converters import MonthConverter

from .views import attendance, correction, phone, presence, report, roll_call, school_day, settings

register_converter(MonthConverter, "month")

app_name = "absence"
urlpatterns = [
    path("franvaro/", report.report_list, name="report_list"),
    path("franvaro/anmal/", report.report_absence, name="report_absence"),
    path("franvaro/anmal/lektioner/", report.report_lessons, name="report_lessons"),
    path("franvaro/kvitto/<uuid:pk>/", report.report_detail, name="report_detail"),
    path("franvaro/dag/<uuid:pk>/ta-tillbaka/", report.withdraw_day, name="withdraw_day"),
    path("franvaro/dag/<uuid:pk>/en-dag-till/", report.add_day, name="add_day"),
    path("lektioner/", roll_call.lesson_list, name="lesson_list"),
    path("lektioner/<day:day>/", roll_call.lesson_list, name="lesson_list_on"),
    path("lektioner/<uuid:pk>/narvaro/", roll_call.take_roll_call, name="take_roll_call"),
    path("narvaro/<uuid:pk>/", attendance.attendance, name="attendance"),
    path("narvaro/<uuid:pk>/<month:month>/", attendance.attendance, name="attendance_on"),
    path("narvaro/lektion/<uuid:lesson>/<uuid:pk>/ratta/", correction.request_correction, name="request_correction"),
    path("franvaro/rattelser/", correction.correction_list, name="correction_list"),
    path("franvaro/rattelser/<uuid:pk>/", correction.answer_correction, name="answer_correction"),
    path("franvaro/telefon/", phone.phone_report_list, name="phone_report_list"),
    path("franvaro/telefon/<uuid:pk>/", phone.report_for_pupil, name="report_for_pupil"),
    path("franvaro/telefon/dag/<uuid:pk>/angra/", phone.withdraw_for_pupil, name="withdraw_for_pupil"),
    path("skoldagen/", school_day.school_day, name="school_day"),
    path("skoldagen/<uuid:unit>/", school_day.school_day, name="school_day_of"),
    path("skoldagen/<uuid:unit>/<day:day>/", school_day.school_day, name="school_day_on"),
    path("skoldagen/<uuid:unit>/ringt/<uuid:pupil>/", school_day.note_contact, name="note_contact"),
    path("narvarande-nu/", presence.present_list, name="present_list"),
    path("narvarande-nu/<uuid:unit>/", presence.present_list, name="present_list_of"),
    path("fritids/<uuid:group>/", presence.after_school_list, name="after_school_list"),
    path("skolor/<uuid:pk>/franvaro/", settings.edit_unit_settings, name="edit_unit_settings"),
    path("regler/franvaro/", settings.school_form_rule_list, name="school_form_rule_list"),
    path("regler/franvaro/<uuid:pk>/", settings.edit_school_form_rule, name="edit_school_form_rule"),
]
