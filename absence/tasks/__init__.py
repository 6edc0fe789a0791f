"""Background entry points of absence; each is registered when this package is imported."""

from . import alerts, leave, same_day

__all__ = ["alerts", "leave", "same_day"]
