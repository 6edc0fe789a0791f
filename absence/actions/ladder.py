"""A school's own ladder for absence. The first change copies the common steps; from that day on the ladder is the school's.

Everything holds from a day on: a step that is changed or moved goes on as a new row under the same code, and steps that were
taken for pupils keep the words by which they were taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from absence import reads
from absence.models import LadderStep
from absence.models.follow_up import LadderStepQuerySet
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry.models import SchoolUnit

from .settings import from_day_on

WORDS = ("name", "what", "who")


@transaction.atomic
def add_ladder_step(
    *, actor: Actor, unit: SchoolUnit, start_date: date, values: Mapping[str, str], version: str, submission: UUID
) -> LadderStep:
    """Put a step last in the unit's ladder, from `start_date` on. The same `submission` again gives the first row.

    Raises ValidationError (OUTDATED) when somebody changed the ladder since `version`, or for a day that has passed.
    """
    code = f"own-{submission.hex}"
    made = LadderStep.objects.filter(school_unit=unit, code=code).first()
    if made is None:
        _opened(actor, unit, start_date, version)
        last = LadderStep.objects.on_or_after(start_date).filter(school_unit=unit).order_by("-order").first()
        order = last.order + 1 if last else 1
        made = from_day_on(_rows(unit, code), LadderStep(school_unit=unit, code=code, start_date=start_date, order=order), values)
    _record(actor, "add", unit, code, start_date)
    return made


@transaction.atomic
def edit_ladder_step(*, actor: Actor, unit: SchoolUnit, code: str, start_date: date, values: Mapping[str, str], version: str) -> LadderStep:
    """Give a step other words from `start_date` on. Raises ValidationError as `add_ladder_step`."""
    _opened(actor, unit, start_date, version)
    rows = _rows(unit, code)
    known = rows.on(start_date).first()
    if known is None:
        raise ValidationError({"start_date": _("The step is not in the ladder that day.")})
    row = from_day_on(rows, LadderStep(school_unit=unit, code=code, start_date=start_date, order=known.order), values)
    _record(actor, "edit", unit, code, start_date)
    return row


@transaction.atomic
def end_ladder_step(*, actor: Actor, unit: SchoolUnit, code: str, start_date: date, version: str) -> None:
    """Take a step out of the unit's ladder from `start_date` on. A ladder without own steps is the common one again.

    Raises ValidationError as `add_ladder_step`, or when the step was taken on the day from which it would be gone.
    """
    _opened(actor, unit, start_date, version)
    rows = _rows(unit, code)
    try:
        rows.filter(start_date__gte=start_date).delete()
    except ProtectedError:
        raise ValidationError({"start_date": _("The step was taken for a pupil today. Let it end from tomorrow.")}) from None
    rows.on(start_date).update(end_date=start_date - timedelta(days=1))
    _record(actor, "end", unit, code, start_date)


@transaction.atomic
def move_ladder_step(*, actor: Actor, unit: SchoolUnit, code: str, up: bool, version: str) -> None:
    """Let a step change places with the one before or after it, from today on; at the end of the ladder nothing changes."""
    today = days.today()
    _opened(actor, unit, today, version)
    steps = list(LadderStep.objects.on(today).filter(school_unit=unit))
    place = next((number for number, step in enumerate(steps) if step.code == code), None)
    if place is None:
        raise _outdated()
    other = place - 1 if up else place + 1
    if 0 <= other < len(steps):
        steps[place], steps[other] = steps[other], steps[place]
    for order, step in enumerate(steps, start=1):
        if step.order != order:
            _reorder(unit, step, order)
    _record(actor, "move", unit, code, today)


def _reorder(unit: SchoolUnit, step: LadderStep, order: int) -> None:
    rows, values = _rows(unit, step.code), {name: getattr(step, name) for name in WORDS}
    from_day_on(rows, LadderStep(school_unit=unit, code=step.code, start_date=days.today()), {**values, "order": order})
    rows.filter(start_date__gt=days.today()).update(order=order)


def _opened(actor: Actor, unit: SchoolUnit, start: date, version: str) -> None:
    """Lock the unit's ladder, refuse who saw another, and make it the unit's own from `start` on."""
    require(actor, "absence.edit_ladder", unit)
    SchoolUnit.objects.select_for_update().get(pk=unit.pk)
    if reads.ladder_of(unit).version != version:
        raise _outdated()
    if start < days.today():
        raise ValidationError({"start_date": _("That day is over: what has been registered keeps what held then.")})
    own = LadderStep.objects.filter(school_unit=unit)
    if own.on(start).exists():
        return
    later = own.filter(start_date__gt=start).order_by("start_date").values_list("start_date", flat=True).first()
    end = later - timedelta(days=1) if later else None
    LadderStep.objects.bulk_create(
        LadderStep(
            school_unit=unit, code=row.code, start_date=start, end_date=end, order=row.order, **{name: getattr(row, name) for name in WORDS}
        )
        for row in LadderStep.objects.on(start).filter(school_unit=None)
    )


def _rows(unit: SchoolUnit, code: str) -> LadderStepQuerySet:
    return LadderStep.objects.filter(school_unit=unit, code=code)


def _outdated() -> ValidationError:
    return ValidationError(_("Somebody else saved meanwhile. What is saved now stands at the top. Check and save again."), code=OUTDATED)


def _record(actor: Actor, verb: str, unit: SchoolUnit, code: str, start: date) -> None:
    record(actor=actor, action=f"absence.{verb}_ladder_step", object_id=unit.pk, details={"step": code, "from": start.isoformat()})
