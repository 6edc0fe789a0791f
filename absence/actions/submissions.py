"""A form that comes again: the same one is answered as the first time, one that was changed meanwhile is refused."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def sent_before() -> ValidationError:
    """For an id that somebody else used, or the same person for something else: never answered as if it had been saved."""
    return ValidationError(_("This form was sent before, with other answers. Nothing was saved now: load the page again."), code="sent_before")
