from django.urls import path

from .views import matrices, scales

app_name = "assessment"
urlpatterns = [
    path("skalor/", scales.scale_list, name="scale_list"),
    path("skalor/<uuid:pk>/", scales.edit_scale, name="edit_scale"),
    path("matriser/", matrices.matrix_list, name="matrix_list"),
    path("matriser/ny/", matrices.make_matrix, name="make_matrix"),
    path("matriser/<uuid:pk>/", matrices.matrix_detail, name="matrix_detail"),
    path("matriser/<uuid:pk>/andra/", matrices.edit_matrix, name="edit_matrix"),
    path("matriser/<uuid:pk>/kopiera/", matrices.copy_matrix, name="copy_matrix"),
    path("matriser/<uuid:pk>/avsluta/", matrices.retire_matrix, name="retire_matrix"),
    path("matriser/<uuid:pk>/anvand/", matrices.attach_matrix, name="attach_matrix"),
    path("matriser/i-bruk/<uuid:pk>/avsluta/", matrices.end_matrix_use, name="end_matrix_use"),
from .views import grid

app_name = "assessment"
urlpatterns = [
    path("rutnat/<uuid:pk>/", grid.class_grid, name="class_grid"),
    path("rutnat/<uuid:pk>/cell/", grid.save_cell, name="save_cell"),
    path("rutnat/<uuid:pk>/publicera/", grid.publish_grid, name="publish_grid"),
    path("rutnat/<uuid:pk>/<uuid:pupil>/", grid.pupil_grid, name="pupil_grid"),
]
