"""The responsible body decides which steps are offered: from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from larande.assessment.models import AssessmentScale, AssessmentStep
from registry.actions.periods import locked

Step = tuple[str, str, bool]  # code, name, whether what is asked for at the least is reached


@transaction.atomic
def edit_scale(
    *, actor: Actor, scale: AssessmentScale, start_date: date, values: Mapping[str, Any], steps: Sequence[Step], version: str
) -> AssessmentScale:
    """Let other steps or words hold from `start_date` on; what was judged before keeps its steps, for the row is a new one.

    Raises ValidationError: a day that has passed or lies after the row's last, or (code "outdated") somebody saved since.
    """
    require(actor, "assessment.edit_scale", scale)
    row = locked(scale, version)
    if start_date < days.today():
        raise ValidationError({"start_date": _("That day is over: what has been judged keeps what held then.")})
    if row.end_date and row.end_date < start_date:
        raise ValidationError({"start_date": _("The row ends before that day.")})
    made = _succeeding(row, start_date)
    for name, value in values.items():
        setattr(made, name, value)
    made.full_clean(exclude=["standard"])
    made.save()
    rows = [AssessmentStep(scale=made, position=place, code=step[0], name=step[1], reaches=step[2]) for place, step in enumerate(steps)]
    AssessmentStep.objects.bulk_create(rows)
    record(actor=actor, action="assessment.edit_scale", object_id=made.pk, details={"from": start_date.isoformat()})
    return made


def _succeeding(row: AssessmentScale, start_date: date) -> AssessmentScale:
    """An unsaved row in the place of `row`, which ends the day before; one that had not begun by then holds on no day."""
    base = row.code.split("@")[0]
    number = AssessmentScale.objects.filter(code__startswith=f"{base}@").count() + 1
    made = AssessmentScale(code=f"{base}@{number}", school_type=row.school_type, start_date=start_date, end_date=row.end_date)
    if row.start_date < start_date:
        AssessmentScale.objects.filter(pk=row.pk).update(end_date=start_date - timedelta(days=1))
    elif AssessmentStep.objects.filter(scale=row).exists() and _is_used(row):
        raise ValidationError({"start_date": _("Pupils have been judged by this row today. Choose tomorrow or later.")})
    else:
        AssessmentStep.objects.filter(scale=row).delete()
        AssessmentScale.objects.filter(pk=row.pk).delete()
    return made


def _is_used(row: AssessmentScale) -> bool:
    steps = AssessmentStep.objects.filter(scale=row)
    return any(
        relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": steps}).exists()
        for relation in AssessmentStep._meta.related_objects
    )
