from django.urls import path, register_converter

from dexter.lib.converters import MonthConverter

from .views import attendance, correction, report, roll_call, settings

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
    path("skolor/<uuid:pk>/franvaro/", settings.edit_unit_settings, name="edit_unit_settings"),
    path("regler/franvaro/", settings.school_form_rule_list, name="school_form_rule_list"),
    path("regler/franvaro/<uuid:pk>/", settings.edit_school_form_rule, name="edit_school_form_rule"),
]
