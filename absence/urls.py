from django.urls import path

from .views import report, roll_call, same_day, settings

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
    path("skolor/<uuid:pk>/franvaro/", settings.edit_unit_settings, name="edit_unit_settings"),
    path("regler/franvaro/", settings.school_form_rule_list, name="school_form_rule_list"),
    path("regler/franvaro/<uuid:pk>/", settings.edit_school_form_rule, name="edit_school_form_rule"),
    path("franvaro/dag/<uuid:pk>/", same_day.absence_day, name="absence_day"),
    path("franvaro/ringlista/", same_day.phone_list, name="phone_list"),
    path("franvaro/ringlista/<uuid:pk>/", same_day.record_call, name="record_call"),
]
