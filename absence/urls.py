from django.urls import path

from .views import report, roll_call, settings, statistics, term_statements

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
    path("statistik/franvaro/", statistics.statistics, name="statistics"),
    path("statistik/franvaro/<uuid:unit>/", statistics.statistics, name="statistics_on"),
    path("statistik/franvaro/<uuid:unit>/xlsx/", statistics.export_statistics, name="export_statistics"),
    path("statistik/franvaro/<uuid:unit>/summor/", statistics.export_sums, name="export_sums"),
    path("statistik/franvaro/<uuid:unit>/termin/<uuid:term>/", term_statements.term_statement_list, name="term_statement_list"),
    path("statistik/franvaro/<uuid:unit>/termin/<uuid:term>/frys/", term_statements.freeze_term_absence, name="freeze_term_absence"),
]
