"""Where the roll-call is taken once a day or half day for a class: which parts a day has, and which lessons belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from absence.models import DayPart, RollCallMode, UnitSettings
from dexter.lib import days
from registry.models import ActivityGroup, GroupType
from registry.models.teaching import CalendarEventQuerySet

NOON = time(12)  # a lesson that begins before it belongs to the morning
PARTS: dict[str, tuple[DayPart, ...]] = {
    RollCallMode.LESSON: (),
    RollCallMode.HALF_DAY: (DayPart.MORNING, DayPart.AFTERNOON),
    RollCallMode.DAY: (DayPart.WHOLE,),
}
SLUGS = {"hela-dagen": DayPart.WHOLE, "formiddag": DayPart.MORNING, "eftermiddag": DayPart.AFTERNOON}  # in addresses


class DayCallOfLesson(NamedTuple):
    """Where a lesson's roll-call is taken with its class."""

    group_id: UUID
    day: date
    part: DayPart

    @property
    def slug(self) -> str:
        return next(slug for slug, part in SLUGS.items() if part == self.part)


def part_of(moment: datetime, mode: str) -> DayPart | None:
    """The part of the day in which a lesson begins; None where each lesson is called by itself."""
    if mode == RollCallMode.LESSON:
        return None
    if mode == RollCallMode.DAY:
        return DayPart.WHOLE
    return DayPart.MORNING if moment.astimezone(days.STOCKHOLM).time() < NOON else DayPart.AFTERNOON


def begins_in(part: DayPart, day: date) -> Q:
    """A condition on lessons of `day`."""
    noon = days.moment(day, NOON)
    return {DayPart.WHOLE: Q(), DayPart.MORNING: Q(starts_at__lt=noon), DayPart.AFTERNOON: Q(starts_at__gte=noon)}[part]


def with_day_call(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds `mode_held` and `class_held`, read by `day_call_of`: how the school calls, and the class that the lesson alone is for."""
    still = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    settings = UnitSettings.objects.filter(still, school_unit=OuterRef("activity__school_unit"), start_date__lte=OuterRef("day"))
    mode = Subquery(settings.values("roll_call_mode")[:1])
    return lessons.annotate(mode_held=mode, class_held=Subquery(only_class_of(OuterRef("activity"))))


def only_class_of(activity: Any) -> Any:
    """The id of the class, where an activity is for it and for no other group."""
    others = ActivityGroup.objects.filter(activity=OuterRef("activity")).exclude(group=OuterRef("group"))
    return ActivityGroup.objects.filter(~Exists(others), activity=activity, group__group_type=GroupType.CLASS).values("group")[:1]


def marked_day_call(lessons: Iterable[Any]) -> list[Any]:
    """Tells on each lesson of `with_day_call` where its roll-call is taken (`day_call`), None where its own page is the place."""
    rows = list(lessons)
    for lesson in rows:
        lesson.day_call = day_call_of(lesson)
    return rows


def day_call_of(lesson: Any) -> DayCallOfLesson | None:
    part = part_of(lesson.starts_at, lesson.mode_held or RollCallMode.LESSON)
    return DayCallOfLesson(lesson.class_held, lesson.day, part) if part and lesson.class_held else None
