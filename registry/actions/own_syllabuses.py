"""Pupils who read another syllabus than the rest of the teaching: from a day, until a day. What held is never rewritten."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads
from registry.models import Activity, Person, PupilSyllabus, Syllabus

from .periods import keep_period


@transaction.atomic
def add_pupil_syllabus(*, actor: Actor, activity: Activity, pupil: Person, syllabus: Syllabus, start_date: date) -> PupilSyllabus:
    """From `start_date` the pupil reads, and is judged by, `syllabus` in this teaching.

    Raises ValidationError: the pupil is not in its groups, it is the teaching's own syllabus, or the pupil reads another already.
    """
    require(actor, "registry.lead_unit", activity.school_unit)
    if not reads.pupils_taught(Person.objects.visible_to(actor), activity).filter(pk=pupil.pk).exists():
        raise ValidationError({"pupil": _("Choose a pupil of the groups that are taught.")})
    if syllabus.pk == activity.syllabus_id:
        raise ValidationError({"syllabus": _("That is what the teaching reads already.")})
    row = PupilSyllabus(activity=activity, pupil=pupil, syllabus=syllabus, start_date=start_date)
    keep_period(row, _("The pupil reads another syllabus here on those days already. End that first."))
    record(actor=actor, action="registry.add_pupil_syllabus", subjects=[pupil.pk], object_id=activity.pk)
    return row


@transaction.atomic
def end_pupil_syllabus(*, actor: Actor, row: PupilSyllabus, last_day: date) -> None:
    """The last day, yesterday at the earliest; what has not begun by then falls away. Ending it twice is refused."""
    require(actor, "registry.lead_unit", row.activity.school_unit)
    if last_day < days.today() - timedelta(days=1):
        raise ValidationError({"last_day": _("What has been is not rewritten. The last day is yesterday at the earliest.")})
    if row.end_date and row.end_date < days.today():
        raise ValidationError(_("It has ended already."))
    rows = PupilSyllabus.objects.filter(pk=row.pk)
    if last_day < row.start_date:
        rows.delete()
    else:
        rows.update(end_date=last_day)
    record(actor=actor, action="registry.end_pupil_syllabus", subjects=[row.pupil_id], object_id=row.activity_id)
