"""Rooms, and what is taught: to which groups, by whom and for how long. What was taught is never rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads
from registry.models import Activity, ActivityGroup, CalendarEvent, Duty, DutyAssignment, Group, Room, SchoolUnit, Syllabus

from .periods import keep_period, locked


@transaction.atomic
def create_room(*, actor: Actor, school_unit: SchoolUnit, name: str, seats: int | None) -> Room:
    """Raises ValidationError when the school has a room of that name."""
    require(actor, "registry.lead_unit", school_unit)
    room = Room(school_unit=school_unit, name=name, seats=seats)
    _save_room(room)
    record(actor=actor, action="registry.create_room", object_id=room.pk)
    return room


@transaction.atomic
def edit_room(*, actor: Actor, room: Room, name: str, seats: int | None, version: str) -> None:
    """Raises ValidationError: the name is taken, or outdated."""
    require(actor, "registry.lead_unit", room.school_unit)
    row = locked(room, version)
    row.name, row.seats = name, seats
    _save_room(row)
    record(actor=actor, action="registry.edit_room", object_id=row.pk)


@transaction.atomic
def create_activity(
    *,
    actor: Actor,
    school_unit: SchoolUnit,
    name: str,
    activity_type: str,
    syllabus: Syllabus | None,
    groups: Iterable[Group],
    start_date: date,
    end_date: date | None,
) -> Activity:
    """What is taught to groups of a unit, from the first day on. Raises ValidationError: a group of another unit, or the name is taken."""
    require(actor, "registry.lead_unit", school_unit)
    if Activity.objects.on_or_after(start_date).filter(school_unit=school_unit, name__iexact=name).exists():
        raise ValidationError({"name": _("The school has teaching of that name already.")})
    chosen = list(groups)
    if any(group.school_unit_id != school_unit.pk for group in chosen):
        raise ValidationError({"groups": _("Choose groups of that school.")})
    activity = Activity.objects.create(
        school_unit=school_unit, name=name, activity_type=activity_type, syllabus=syllabus, start_date=start_date, end_date=end_date
    )
    ActivityGroup.objects.bulk_create(ActivityGroup(activity=activity, group=group) for group in chosen)
    record(actor=actor, action="registry.create_activity", object_id=activity.pk, details={"groups": len(chosen)})
    return activity


@transaction.atomic
def edit_activity(*, actor: Actor, activity: Activity, name: str, syllabus: Syllabus | None, end_date: date | None, version: str) -> int:
    """Change name, subject and last day; the lessons after the last day are cancelled. Gives how many.

    Raises ValidationError: outdated, a last day in the past, or something is registered about a later lesson.
    """
    require(actor, "registry.lead_unit", activity.school_unit)
    row = locked(activity, version)
    if end_date and end_date != row.end_date:
        _not_in_the_past("end_date", end_date)
        if end_date < row.start_date:
            raise ValidationError({"end_date": _("The last day is before the first.")})
    row.name, row.syllabus, row.end_date = name, syllabus, end_date
    row.save()
    cancelled = _cancel_after(row, end_date) if end_date else 0
    record(actor=actor, action="registry.edit_activity", object_id=row.pk, details={"cancelled": cancelled})
    return cancelled


@transaction.atomic
def assign_teacher(*, actor: Actor, activity: Activity, duty: Duty, first_day: date, grader: bool) -> None:
    """From `first_day`, today at the earliest, the holder of the duty teaches the activity and reaches its pupils."""
    require(actor, "registry.lead_unit", activity.school_unit)
    if first_day < days.today() and CalendarEvent.objects.filter(activity=activity, day__lt=days.today()).exists():
        raise ValidationError({"first_day": _("Who has taught is not rewritten. The first day is today at the earliest.")})
    if duty.school_unit_id != activity.school_unit_id or first_day < duty.start_date or (duty.end_date and duty.end_date < first_day):
        raise ValidationError({"duty": _("This colleague has no duty at the school on that day.")})
    assignment = DutyAssignment(activity=activity, duty=duty, grader=grader, start_date=first_day)
    keep_period(assignment, _("This colleague teaches it on those days already."))
    record(actor=actor, action="registry.assign_teacher", subjects=[duty.person_id], object_id=activity.pk, details={"grader": grader})


@transaction.atomic
def end_teaching(*, actor: Actor, assignment: DutyAssignment, last_day: date) -> None:
    """The teacher's last day, yesterday at the earliest; an assignment that has not begun by then falls away."""
    require(actor, "registry.lead_unit", assignment.activity.school_unit)
    _not_in_the_past("last_day", last_day)
    if assignment.end_date and assignment.end_date < days.today():
        raise ValidationError(_("It has ended already. Assign the colleague anew instead."))
    rows, key = DutyAssignment.objects.filter(pk=assignment.pk), assignment.pk
    if last_day < assignment.start_date:
        rows.delete()
    else:
        rows.update(end_date=last_day)
    record(actor=actor, action="registry.end_teaching", subjects=[assignment.duty.person_id], object_id=key)


@transaction.atomic
def add_group_to_activity(*, actor: Actor, activity: Activity, group: Group) -> None:
    """One more group is taught together with the others; once more changes nothing."""
    require(actor, "registry.lead_unit", activity.school_unit)
    if group.school_unit_id != activity.school_unit_id:
        raise ValidationError({"group": _("Choose groups of that school.")})
    ActivityGroup.objects.get_or_create(activity=activity, group=group)
    record(actor=actor, action="registry.add_group_to_activity", object_id=activity.pk)


@transaction.atomic
def remove_group_from_activity(*, actor: Actor, activity: Activity, group: Group) -> None:
    """Raises ValidationError once a lesson has begun: its roster is not rewritten."""
    require(actor, "registry.lead_unit", activity.school_unit)
    if CalendarEvent.objects.held().filter(activity=activity, starts_at__lte=days.now()).exists():
        message = _(
            "Lessons have been held, and who was in them is not rewritten. End this teaching, and make a new one with the right groups."
        )
        raise ValidationError(message)
    ActivityGroup.objects.filter(activity=activity, group=group).delete()
    record(actor=actor, action="registry.remove_group_from_activity", object_id=activity.pk)


def _save_room(room: Room) -> None:
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError:
        raise ValidationError({"name": _("The school has a room of that name already.")}) from None


def _not_in_the_past(field: str, last_day: date) -> None:
    if last_day < days.today() - timedelta(days=1):
        raise ValidationError({field: _("What has been is not rewritten. The last day is yesterday at the earliest.")})


def _cancel_after(activity: Activity, last_day: date) -> int:
    later = CalendarEvent.objects.held().filter(activity=activity, day__gt=last_day)
    if later.filter(reads.in_use()).exists():
        raise ValidationError(
            {"end_date": _("Something is registered about a lesson after that day, such as a roll-call. Choose a later day.")}
        )
    return later.update(cancelled=True)
