from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dexter.home"
    label = "home"

    def ready(self) -> None:
        from .retention import checks  # noqa: F401  registers itself
