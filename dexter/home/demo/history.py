"""Some weeks that have passed: roll-calls with a few per cent absent, and reports behind most of them."""

from __future__ import annotations

from datetime import timedelta

from absence.models import AbsenceReport, Deviation, ReportedDay, RollCall, Source
from dexter.lib import days
from registry.models import CalendarEvent, Person

from .town import SchoolClass, Town

ABSENT_SHARE = 0.05
REPORTED_SHARE = 0.8  # of the absent


def build_history(town: Town, weeks: int) -> None:
    """Roll-calls of every lesson that has ended in the last `weeks`, with the absent of each day the same all day."""
    first = town.today - timedelta(weeks=weeks)
    town.rows.flush()
    for school_class in town.classes:
        lessons = CalendarEvent.objects.filter(activity__in=school_class.activities, day__range=(first, town.today - timedelta(days=1)))
        absent_on: dict[object, list[Person]] = {}
        for lesson in lessons.order_by("starts_at"):
            if lesson.day not in absent_on:
                absent_on[lesson.day] = _absent_pupils(town, school_class, lesson)
            _roll_call(town, school_class, lesson, absent_on[lesson.day])


def _absent_pupils(town: Town, school_class: SchoolClass, lesson: CalendarEvent) -> list[Person]:
    absent = [pupil for pupil in school_class.pupils if town.rng.random() < ABSENT_SHARE]
    for pupil in absent:
        if town.rng.random() < REPORTED_SHARE:
            _report(town, pupil, lesson)
    return absent


def _report(town: Town, pupil: Person, lesson: CalendarEvent) -> None:
    opens, closes = days.bounds(lesson.day)
    report = AbsenceReport(
        id=town.rng.uuid(),
        reported_by=pupil,
        source=Source.OFFICE,
        submission=town.rng.uuid(),
        reported_at=opens + timedelta(hours=6, minutes=town.rng.randrange(90)),
    )
    day = ReportedDay(id=town.rng.uuid(), report=report, pupil=pupil, day=lesson.day, starts_at=opens, ends_at=closes, whole_day=True)
    town.rows.add(report, day)


def _roll_call(town: Town, school_class: SchoolClass, lesson: CalendarEvent, absent: list[Person]) -> None:
    teacher = next(iter(town.duties[school_class.unit.id])).person
    roll_call = RollCall(
        id=town.rng.uuid(),
        lesson=lesson,
        school_unit=school_class.unit,
        taken_by=teacher,
        taken_at=lesson.starts_at + timedelta(minutes=5),
        submission=town.rng.uuid(),
        roster=[pupil.id for pupil in school_class.pupils],
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=lesson.minutes,
    )
    town.rows.add(roll_call)
    for pupil in absent:
        town.rows.add(Deviation(id=town.rng.uuid(), roll_call=roll_call, pupil=pupil, absent_minutes=lesson.minutes))
