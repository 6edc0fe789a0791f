from django.apps import AppConfig


class LarandeConfig(AppConfig):
    name = "larande"
    label = "larande"
