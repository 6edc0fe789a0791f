from django.apps import AppConfig


class SyllabusConfig(AppConfig):
    name = "larande.syllabus"
    label = "syllabus"
