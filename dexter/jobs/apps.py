from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "dexter.jobs"
    label = "jobs"
