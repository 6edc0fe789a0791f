"""Lessons that are over and whose roll-call is not taken, and who holds them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from absence.models import RollCall, TeacherReminder
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from registry import reads as registry
from registry.models import ActivityType, CalendarEvent
from registry.models.teaching import CalendarEventQuerySet

from .settings import settings_by_unit

REPORTED = (ActivityType.TEACHING, ActivityType.PUPIL)  # the kinds of activity in which attendance is taken (SS 12000)


def unreported(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    over = lessons.held().filter(ends_at__lte=days.now(), activity__activity_type__in=REPORTED)
    return over.exclude(Exists(RollCall.objects.filter(lesson=OuterRef("pk"))))


def unreported_of(teacher_id: UUID, day: date) -> list[CalendarEvent]:
    """The day's lessons that the teacher holds, by time."""
    teacher = Actor(teacher_id, Role.STAFF, Level.PASSWORD)
    return list(unreported(registry.lessons_held_by(teacher).on(day)).order_by("starts_at", "pk"))


def teachers_to_remind(day: date) -> list[UUID]:
    """Who holds lessons without roll-call at units whose hour has come, and was not reminded yet; five statements."""
    open_lessons = unreported(CalendarEvent.objects.on(day))
    units = settings_by_unit(open_lessons.order_by().values_list("activity__school_unit", flat=True).distinct(), day)
    due = [unit for unit, settings in units.items() if days.now() >= days.moment(day, settings.remind_at)]
    teachers = registry.teachers_of(open_lessons.filter(activity__school_unit__in=due), day)
    return sorted(teachers - set(TeacherReminder.objects.filter(day=day).values_list("teacher_id", flat=True)))
