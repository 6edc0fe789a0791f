"""The school says when leave is seldom granted, and takes it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence.models import BlockedPeriod
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import SchoolUnit

from .submissions import refuse_other

LONGEST = 183  # days


@transaction.atomic
def add_blocked_period(
    *, actor: Actor, school_unit: SchoolUnit, first: date, last: date, reason: str, school_years: Collection[int], submission: UUID
) -> BlockedPeriod:
    """Warn, from now on, who applies for leave on days from `first` to `last`, and show the decider; nobody is refused by it.

    Without `school_years` it concerns all. The same form again is the same period. Raises ValidationError for days that are
    over or out of order.
    """
    require(actor, "absence.block_leave", school_unit)
    _check(first, last)
    values = {"school_unit": school_unit, "start_date": first, "end_date": last, "reason": reason, "school_years": sorted(school_years)}
    period, is_new = BlockedPeriod.objects.get_or_create(submission=submission, defaults=values)
    if not is_new:
        refuse_other(period, values)
    else:
        record(actor=actor, action="absence.add_blocked_period", object_id=period.pk, details={"days": (last - first).days + 1})
    return period


def _check(first: date, last: date) -> None:
    if last < first:
        raise ValidationError({"last": _("The last day is before the first.")})
    if last < days.today():
        raise ValidationError({"last": _("That period is over already.")})
    if (last - first).days >= LONGEST:
        raise ValidationError({"last": _("At most half a year at a time.")})


@transaction.atomic
def end_blocked_period(*, actor: Actor, period: BlockedPeriod) -> BlockedPeriod:
    """Take it off the list: nobody is warned any more. Doing it twice changes nothing more."""
    require(actor, "absence.block_leave", period.school_unit)
    period = BlockedPeriod.objects.select_for_update().get(pk=period.pk)
    if period.ended_at:
        return period
    period.ended_at = days.now()
    period.save(update_fields=["ended_at"])
    record(actor=actor, action="absence.end_blocked_period", object_id=period.pk)
    return period
