"""Background entry points of absence; each is registered when this package is imported."""

from . import leave

__all__ = ["leave"]
