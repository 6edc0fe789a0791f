from django.urls import path

from .views import content, copying, home_page, parts, plans, states, year

app_name = "planning"
urlpatterns = [
    path("", plans.plan_list, name="plan_list"),
    path("ny/", plans.make_plan, name="make_plan"),
    path("arsplan/<uuid:pk>/", year.year_plan, name="year_plan"),
    path("hem/<uuid:pk>/", home_page.plan_for_home, name="plan_for_home"),
    path("lektion/<uuid:pk>/", home_page.lesson_plan, name="lesson_plan"),
    path("<uuid:pk>/", plans.plan_detail, name="plan_detail"),
    path("<uuid:pk>/andra/", plans.edit_plan, name="edit_plan"),
    path("<uuid:pk>/ta-bort/", plans.remove_plan, name="remove_plan"),
    path("<uuid:pk>/innehall/", content.choose_content, name="choose_content"),
    path("<uuid:pk>/kopiera/", copying.copy_plan, name="copy_plan"),
    path("<uuid:pk>/dela/", states.share_plan, name="share_plan"),
    path("<uuid:pk>/sluta-dela/", states.unshare_plan, name="unshare_plan"),
    path("<uuid:pk>/publicera/", states.publish_plan, name="publish_plan"),
    path("undervisning/<uuid:pk>/dra-tillbaka/", states.withdraw_plan, name="withdraw_plan"),
    path("<uuid:pk>/avsluta/", states.complete_plan, name="complete_plan"),
    path("<uuid:pk>/arkivera/", states.archive_plan, name="archive_plan"),
    path("<uuid:pk>/oppna/", states.restore_plan, name="restore_plan"),
    path("<uuid:pk>/banken/", states.offer_to_bank, name="offer_to_bank"),
    path("<uuid:pk>/uppgifter/", parts.add_task, name="add_task"),
    path("uppgifter/<uuid:pk>/", parts.edit_task, name="edit_task"),
    path("uppgifter/<uuid:pk>/ta-bort/", parts.remove_task, name="remove_task"),
    path("<uuid:pk>/lankar/", parts.add_link, name="add_link"),
    path("lankar/<uuid:pk>/ta-bort/", parts.remove_link, name="remove_link"),
    path("<uuid:pk>/filer/", parts.add_file, name="add_file"),
    path("filer/<uuid:pk>/", parts.download_file, name="download_file"),
    path("filer/<uuid:pk>/ta-bort/", parts.remove_file, name="remove_file"),
]
