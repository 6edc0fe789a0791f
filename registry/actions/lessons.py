"""Lessons come into the timetable, move, are cancelled and restored; what is registered about one holds it where it is."""

from __future__ import annotations

from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads
from registry.models import Activity, CalendarEvent, Room, TeacherException

from .periods import locked


@transaction.atomic
def create_lesson(
    *, actor: Actor, activity: Activity, day: date, starts: time, ends: time, room: Room | None, repeat_until: date | None = None
) -> int:
    """One lesson, or one a week until a day, on school days alone. Gives how many were made; those that are there stay as they are.

    Raises ValidationError: in the past, outside the activity's period, no school on the day, or all there already.
    """
    require(actor, "registry.lead_unit", activity.school_unit)
    _room_of_the_school(activity, room)
    _within(activity, day, repeat_until)
    slots = reads.weekly_slots(activity.school_unit, day, repeat_until or day, starts, ends)
    if not slots:
        raise ValidationError({"day": _no_school()})
    there = set(CalendarEvent.objects.filter(activity=activity, day__range=(day, repeat_until or day)).values_list("starts_at", flat=True))
    rows = [CalendarEvent(activity=activity, room=room, starts_at=a, ends_at=b) for a, b in slots if a not in there]
    if not rows:
        raise ValidationError({"starts": _there_already()})
    CalendarEvent.objects.bulk_create(rows, ignore_conflicts=True)
    record(actor=actor, action="registry.create_lesson", object_id=activity.pk, details={"lessons": len(rows)})
    return len(rows)


@transaction.atomic
def move_lesson(*, actor: Actor, lesson: CalendarEvent, day: date, starts: time, ends: time, room: Room | None, version: str) -> None:
    """Another time or room. On another day the planned teacher holds it: who stood in did so for the former day.

    Raises ValidationError: something is registered about it, it is cancelled, outdated, or the new time cannot be.
    """
    activity = lesson.activity
    require(actor, "registry.lead_unit", activity.school_unit)
    row = locked(lesson, version)
    if row.cancelled:
        raise ValidationError(_("The lesson is cancelled. Restore it first."))
    _refuse_in_use(row, _("Something is registered about this lesson, such as a roll-call, so it stays. Make a new lesson instead."))
    _room_of_the_school(activity, room)
    if day != row.day:
        _within(activity, day, None)
        if not reads.weekly_slots(activity.school_unit, day, day, starts, ends):
            raise ValidationError({"day": _no_school()})
        TeacherException.objects.filter(calendar_event=row).delete()
    row.starts_at, row.ends_at, row.room = days.moment(day, starts), days.moment(day, ends), room
    try:
        with transaction.atomic():
            row.save(update_fields=["starts_at", "ends_at", "room"])
    except IntegrityError:
        raise ValidationError({"starts": _there_already()}) from None
    record(actor=actor, action="registry.move_lesson", object_id=row.pk)


@transaction.atomic
def cancel_lesson(*, actor: Actor, lesson: CalendarEvent) -> None:
    """It leaves the timetables. Raises ValidationError when something is registered about it."""
    require(actor, "registry.lead_unit", lesson.activity.school_unit)
    row = CalendarEvent.objects.select_for_update().get(pk=lesson.pk)
    _refuse_in_use(row, _("Something is registered about this lesson, such as a roll-call, so it was held and cannot be cancelled."))
    CalendarEvent.objects.filter(pk=row.pk).update(cancelled=True)
    record(actor=actor, action="registry.cancel_lesson", object_id=row.pk)


@transaction.atomic
def restore_lesson(*, actor: Actor, lesson: CalendarEvent) -> None:
    """A cancelled lesson is held after all; once more changes nothing."""
    require(actor, "registry.lead_unit", lesson.activity.school_unit)
    CalendarEvent.objects.filter(pk=lesson.pk, cancelled=True).update(cancelled=False)
    record(actor=actor, action="registry.restore_lesson", object_id=lesson.pk)


def _refuse_in_use(lesson: CalendarEvent, message: str) -> None:
    if CalendarEvent.objects.filter(reads.in_use(), pk=lesson.pk).exists():
        raise ValidationError(message)


def _room_of_the_school(activity: Activity, room: Room | None) -> None:
    if room and room.school_unit_id != activity.school_unit_id:
        raise ValidationError({"room": _("Choose a room of that school.")})


def _within(activity: Activity, day: date, repeat_until: date | None) -> None:
    if day < days.today():
        raise ValidationError({"day": _("That day is over.")})
    last = activity.end_date
    if day < activity.start_date or (last and day > last):
        raise ValidationError({"day": _("It is not taught on that day. Change its last day first.")})
    if repeat_until and last and repeat_until > last:
        raise ValidationError({"repeat_until": _("It is not taught that long. Change its last day first.")})


def _no_school() -> str:
    return _("There is no school on that day. Choose another, or add an extra school day to the school year first.")


def _there_already() -> str:
    return _("There is a lesson at that time already. If it is cancelled, restore it.")
