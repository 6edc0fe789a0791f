from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "dexter.files"
    label = "files"
