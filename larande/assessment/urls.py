from django.urls import path

from .views import grid

app_name = "assessment"
urlpatterns = [
    path("rutnat/<uuid:pk>/", grid.class_grid, name="class_grid"),
    path("rutnat/<uuid:pk>/cell/", grid.save_cell, name="save_cell"),
    path("rutnat/<uuid:pk>/publicera/", grid.publish_grid, name="publish_grid"),
    path("rutnat/<uuid:pk>/<uuid:pupil>/", grid.pupil_grid, name="pupil_grid"),
]
