from __future__ import annotations

from django.urls import URLPattern, path

from .views import home_page

app_name = "planning"
urlpatterns: list[URLPattern] = [
    path("hem/<uuid:pk>/", home_page.plan_for_home, name="plan_for_home"),
]
