from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dexter.audit"
    label = "audit"
