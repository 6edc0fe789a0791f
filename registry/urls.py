from django.urls import path

from .views import group, person_search

app_name = "registry"
urlpatterns = [
    path("grupper/", group.group_list, name="group_list"),
    path("grupper/<uuid:pk>/", group.group_detail, name="group_detail"),
    path("personer/", person_search.person_search, name="person_search"),
    path("personer/forslag/", person_search.person_suggestions, name="person_suggestions"),
]
