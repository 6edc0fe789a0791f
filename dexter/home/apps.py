from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dexter.home"
    label = "home"
