from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "larande.assessment"
    label = "assessment"
