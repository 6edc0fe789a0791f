from django.urls import path

from .views import grid, knowledge, matrices, scales

app_name = "assessment"
urlpatterns = [
    path("rutnat/<uuid:pk>/", grid.class_grid, name="class_grid"),
    path("rutnat/<uuid:pk>/cell/", grid.save_cell, name="save_cell"),
    path("rutnat/<uuid:pk>/publicera/", grid.publish_grid, name="publish_grid"),
    path("rutnat/<uuid:pk>/<uuid:pupil>/", grid.pupil_grid, name="pupil_grid"),
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
    path("kunskap/<uuid:pk>/", knowledge.knowledge_list, name="knowledge_list"),
    path("kunskap/<uuid:pk>/<slug:subject>/", knowledge.knowledge, name="knowledge"),
    path("omdome/<uuid:pk>/<uuid:pupil>/", knowledge.write_summary, name="write_summary"),
    path("omdome/<uuid:pk>/<uuid:pupil>/ta-tillbaka/", knowledge.withdraw_summary, name="withdraw_summary"),
    path("underlag/<uuid:pk>/", knowledge.basis_list, name="basis_list"),
    path("sjalvbedomning/", knowledge.own_grid_list, name="own_grid_list"),
    path("sjalvbedomning/<uuid:pk>/", knowledge.assess_oneself, name="assess_oneself"),
]
