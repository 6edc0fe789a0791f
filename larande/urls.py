from django.urls import path

from . import views

app_name = "larande"
urlpatterns = [path("larande/", views.start, name="start")]
