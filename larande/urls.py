from django.urls import path

from .views import pupil, start

app_name = "larande"
urlpatterns = [
    path("larande/", start.start, name="start"),
    path("larande/vecka/<week:week>/", start.start, name="start_on"),
    path("larande/klass/<uuid:pk>/", start.class_week, name="class_week"),
    path("larande/klass/<uuid:pk>/<week:week>/", start.class_week, name="class_week_on"),
    path("larande/elev/<uuid:pk>/", pupil.pupil, name="pupil"),
    path("larande/elev/<uuid:pk>/<slug:code>/", pupil.subject_of_pupil, name="subject_of_pupil"),
]
