"""Periods are saved as the database allows them, and nobody saves over what somebody else wrote meanwhile."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.lib.forms import OUTDATED
from dexter.lib.models import Entity

Row = TypeVar("Row", bound=Entity)


def keep_period(row: Entity, overlaps: str) -> None:
    """Save a new period inside the caller's transaction; the database's own refusal becomes a ValidationError, `overlaps`."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(overlaps) from None


def locked(row: Row, version: str) -> Row:
    """The row as it stands, locked. Raises ValidationError (code "outdated") when somebody saved since `version`."""
    current = type(row)._base_manager.select_for_update().get(pk=row.pk)
    if current.modified_at.isoformat() != version:
        raise ValidationError(_("Somebody else saved meanwhile. What is saved now stands at the top. Check and save again."), code=OUTDATED)
    return current
