from django.urls import path

from .views import group, person, person_search, relation

app_name = "registry"
urlpatterns = [
    path("grupper/", group.group_list, name="group_list"),
    path("grupper/<uuid:pk>/", group.group_detail, name="group_detail"),
    path("personer/", person_search.person_search, name="person_search"),
    path("personer/forslag/", person_search.person_suggestions, name="person_suggestions"),
    path("personer/ny-elev/", person.create_pupil, name="create_pupil"),
    path("personer/ny-personal/", person.create_colleague, name="create_colleague"),
    path("personer/<uuid:pk>/", person.person_detail, name="person_detail"),
    path("personer/<uuid:pk>/nummer/", person.show_civic_no, name="show_civic_no"),
    path("personer/<uuid:pk>/uppgifter/", person.edit_person, name="edit_person"),
    path("personer/<uuid:pk>/kontakt/", person.edit_contact_details, name="edit_contact_details"),
    path("personer/<uuid:pk>/inskrivning/", relation.enrol_pupil, name="enrol_pupil"),
    path("personer/<uuid:pk>/klass/", relation.move_to_class, name="move_to_class"),
    path("personer/<uuid:pk>/vardnadshavare/", relation.add_guardian, name="add_guardian"),
    path("personer/<uuid:pk>/tjanst/", relation.add_duty, name="add_duty"),
    path("inskrivningar/<uuid:pk>/avsluta/", relation.end_enrolment, name="end_enrolment"),
    path("vardnad/<uuid:pk>/avsluta/", relation.end_guardianship, name="end_guardianship"),
    path("vardnad/<uuid:pk>/slapp/", relation.release_guardianship, name="release_guardianship"),
    path("tjanster/<uuid:pk>/avsluta/", relation.end_duty, name="end_duty"),
]
