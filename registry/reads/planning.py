"""What stands in the way of a lesson: what is registered about it, a day without school, others at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from dexter.lib import days
from registry.models import Activity, ActivityGroup, CalendarEvent, DutyAssignment, GroupMembership, Room, SchoolUnit
from registry.models.teaching import CalendarEventQuerySet

from .lessons import with_teachers
from .referring import relations_to
from .school_days import calendar_of_schools


class Slot(NamedTuple):
    starts_at: datetime
    ends_at: datetime


class Clash(NamedTuple):
    lesson: CalendarEvent
    room: bool
    teacher: bool
    pupils: bool


def in_use() -> Q:
    """A condition on lessons: a row of another app refers to it, whichever app that is."""
    relations = [relation for relation in relations_to(CalendarEvent) if relation.related_model._meta.app_label != "registry"]
    referring = [Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})) for relation in relations]
    condition = Q(pk__in=[])
    for rows in referring:
        condition |= Q(rows)
    return condition


def lessons_between(unit: SchoolUnit | None, first: date, last: date) -> CalendarEventQuerySet:
    """The planned lessons of a unit, or of all, on the days from `first` to `last`, by time."""
    lessons = CalendarEvent.objects.held().filter(day__range=(first, last))
    return (lessons.filter(activity__school_unit=unit) if unit else lessons).order_by("starts_at", "activity__name", "pk")


def lessons_of_activity(activity: Activity, first: date) -> CalendarEventQuerySet:
    """From `first` on, the cancelled among them, with who holds each."""
    lessons = CalendarEvent.objects.filter(activity=activity, day__gte=first).with_activity().order_by("starts_at", "pk")
    return with_teachers(lessons)


def weekly_slots(unit: SchoolUnit, first: date, last: date, starts: time, ends: time) -> list[Slot]:
    """The same weekday as `first` each week until `last`, at those times of the school's clock, where the unit has school."""
    calendar = calendar_of_schools(first, last)
    open_days = [day for day in list(days.days_between(first, last))[::7] if calendar.is_open(unit, day)]
    return [Slot(days.moment(day, starts), days.moment(day, ends)) for day in open_days]


def clashes(activity: Activity, room: Room | None, slots: Sequence[Slot], moved: CalendarEvent | None = None) -> list[Clash]:
    """The lessons at the same time that share the room, a teacher or pupils with `activity`, in one statement."""
    if not slots:
        return []
    overlaps = Q()
    for slot in slots:
        overlaps |= Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
    others = (
        CalendarEvent.objects.held()
        .filter(overlaps, day__in={days.day_of(slot.starts_at) for slot in slots})
        .exclude(pk=moved.pk if moved else None)
    )
    others = (
        others.filter(_candidates(activity, room))
        .annotate(
            same_room=ExpressionWrapper(Q(room=room) if room else Q(pk__in=[]), output_field=BooleanField()),
            same_teacher=Exists(_shared_teachers(activity)),
            same_pupils=Exists(_shared_pupils(activity)),
        )
        .filter(Q(same_room=True) | Q(same_teacher=True) | Q(same_pupils=True))
    )
    found = others.with_activity().order_by("starts_at", "activity__name", "pk")
    return [Clash(lesson, lesson.same_room, lesson.same_teacher, lesson.same_pupils) for lesson in found]


def _candidates(activity: Activity, room: Room | None) -> Q:
    """Lessons that may share something, whatever the dates: found by index before each is looked at closely."""
    teachers = DutyAssignment.objects.filter(activity=activity).values("duty__person")
    pupils = GroupMembership.objects.filter(group__activity_groups__activity=activity).values("person")
    groups = GroupMembership.objects.filter(person__in=pupils).values("group")
    taught = DutyAssignment.objects.filter(duty__person__in=teachers).values("activity")
    attended = ActivityGroup.objects.filter(group__in=groups).values("activity")
    shared = Q(activity__in=taught) | Q(activity__in=attended)
    return shared | Q(room=room) if room else shared


def _shared_teachers(activity: Activity) -> QuerySet[DutyAssignment]:
    """The assignments of the outer lesson's activity, on its day, of persons who then teach `activity`."""
    on_day = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    deeper = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef(OuterRef("day")))
    ours = DutyAssignment.objects.filter(deeper, activity=activity, start_date__lte=OuterRef(OuterRef("day"))).values("duty__person")
    return DutyAssignment.objects.filter(on_day, activity=OuterRef("activity"), start_date__lte=OuterRef("day"), duty__person__in=ours)


def _shared_pupils(activity: Activity) -> QuerySet[GroupMembership]:
    on_day = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    deeper = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef(OuterRef("day")))
    ours = GroupMembership.objects.filter(
        deeper, group__activity_groups__activity=activity, start_date__lte=OuterRef(OuterRef("day"))
    ).values("person")
    theirs = GroupMembership.objects.filter(on_day, group__activity_groups__activity=OuterRef("activity"), start_date__lte=OuterRef("day"))
    return theirs.filter(person__in=ours)
