from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "dexter.notices"
    label = "notices"
