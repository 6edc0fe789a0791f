"""A timetable from a file, again and again: looked at first, then carried out as a whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry.imports.batch import Unreadable
from registry.imports.tables import Row, read_table
from registry.models import Activity, ActivityGroup, CalendarEvent, DutyAssignment, SchoolUnit, TimetableImport
from registry.reads.timetable_plan import Plan, plan_of, year_of

MOST_ROWS, AT_ONCE = 20_000, 2_000


@transaction.atomic
def import_timetable(*, actor: Actor, school_unit: SchoolUnit, from_day: date, whole: bool, content: bytes) -> TimetableImport:
    """Keep the file for its dry run; nothing else changes. Raises ValidationError: no text, too large, or a day that cannot be."""
    require(actor, "registry.lead_unit", school_unit)
    upload = TimetableImport(school_unit=school_unit, uploaded_by_id=actor.person_id, from_day=from_day, whole=whole, rows=_lines(content))
    if from_day < days.today():
        raise ValidationError({"from_day": _("The day is over.")})
    if year_of(upload) is None:
        raise ValidationError({"from_day": _("The day is in no school year.")})
    TimetableImport.objects.filter(school_unit=school_unit, uploaded_by=actor.person_id, applied_at=None).delete()
    upload.save(force_insert=True)
    record(actor=actor, action="registry.import_timetable", object_id=upload.pk)
    return upload


def _lines(content: bytes) -> list[Row]:
    try:
        lines = list(islice(read_table(content), MOST_ROWS + 1))
    except Unreadable as fault:
        raise ValidationError({"file": str(fault)}) from None
    if not lines:
        raise ValidationError({"file": _("The file has no rows below its headings.")})
    if len(lines) > MOST_ROWS:
        raise ValidationError({"file": _("The file has too many rows.")})
    return lines


@transaction.atomic
def apply_timetable(*, actor: Actor, upload: TimetableImport, digest: str) -> bool:
    """Carry out what the dry run showed. False when it was done already.

    Raises ValidationError (code "outdated") when it would no more be what `digest` stands for.
    """
    require(actor, "registry.lead_unit", upload.school_unit)
    SchoolUnit.objects.select_for_update().get(pk=upload.school_unit_id)
    row = TimetableImport.objects.select_related("school_unit").get(pk=upload.pk)
    if row.applied_at:
        return False
    plan = plan_of(row)
    if plan.digest != digest:
        raise ValidationError(_("The timetable has changed since you looked. Look again before you confirm."), code=OUTDATED)
    try:
        with transaction.atomic():
            _carry_out(plan, row.from_day)
    except IntegrityError:
        raise ValidationError(_("Somebody changed the timetable at the same moment. Nothing has been imported; try again.")) from None
    row.applied_at = days.now()
    row.save(update_fields=["applied_at"])
    counts: dict[str, str | int | bool] = {
        "made": len(plan.created),
        "changed": len(plan.changed),
        "removed": len(plan.removed),
        "rejected": len(plan.rejected),
    }
    record(actor=actor, action="registry.apply_timetable", object_id=row.pk, details=counts)
    return True


def _carry_out(plan: Plan, from_day: date) -> None:
    Activity.objects.bulk_create(plan.activities)
    ActivityGroup.objects.bulk_create(ActivityGroup(activity=activity, group=group) for activity, group in plan.links)
    DutyAssignment.objects.filter(pk__in=[row.pk for row in plan.ended]).update(end_date=from_day - timedelta(days=1))
    DutyAssignment.objects.bulk_create(plan.begun)
    CalendarEvent.objects.filter(pk__in=[lesson.pk for lesson in plan.removed]).delete()
    CalendarEvent.objects.bulk_update(plan.changed, ["starts_at", "ends_at", "room"], batch_size=AT_ONCE)
    CalendarEvent.objects.bulk_create(plan.created, batch_size=AT_ONCE)
