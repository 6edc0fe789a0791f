"""Periods are saved as the database allows them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from registry.models import AssignmentRole, Duty, Enrolment, GroupMembership, Guardianship


def keep_period(row: Enrolment | Guardianship | Duty | GroupMembership | AssignmentRole, overlaps: str) -> None:
    """Save a new period inside the caller's transaction; the database's own refusal becomes a ValidationError, `overlaps`."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(overlaps) from None
