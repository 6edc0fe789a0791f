from django.urls import path

from .views import subjects, versions

app_name = "syllabus"
urlpatterns = [
    path("", subjects.subject_list, name="subject_list"),
    path("inlasta/", versions.version_list, name="version_list"),
    path("<uuid:pk>/", subjects.subject_detail, name="subject_detail"),
    path("<uuid:pk>/andringar/<uuid:former>/", versions.version_changes, name="version_changes"),
]
