"""A form that comes again: the same one is answered as the first time, one that was changed meanwhile is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _


def sent_before() -> ValidationError:
    """For an id that somebody else used, or the same person for something else: never answered as if it had been saved."""
    return ValidationError(
        _("This form was sent before, with other answers. Nothing was saved now: load the page again."), code="sent_before"
    )


def refuse_other(stored: Model, values: Mapping[str, Any]) -> None:
    """Raise `sent_before` unless all `values` are those of the row that the form made."""
    if any(getattr(stored, name) != value for name, value in values.items()):
        raise sent_before()
