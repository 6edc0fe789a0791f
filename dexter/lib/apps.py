from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "dexter.lib"
    label = "lib"
