from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "larande.planning"
    label = "planning"
