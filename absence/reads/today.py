"""What a start page says of today, for several children at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from absence.models import ReportedDay
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Person

from .reports import deadlines, with_receipt

LOOK_AHEAD = 14  # days that the start page shows and searches for the next school day


@dataclass
class ChildToday:
    """What a guardian's start page says of one child."""

    child: Person
    school: str
    class_name: str
    lessons: list[CalendarEvent]  # today's, with `covered`: a standing report overlaps it
    is_school_day: bool
    reported_today: list[ReportedDay]
    reported_later: list[ReportedDay]


@dataclass
class Today:
    children: list[ChildToday]
    report_days: list[date]  # the nearest two days that can be reported, today among them until its lessons are over

    @property
    def reportable(self) -> list[ChildToday]:
        """Those whom the guardian reports for (children with `with_reportable`); adults, who may let one read on, report alone."""
        return [card for card in self.children if card.child.is_reportable]


def today_of(children: Sequence[Person], person_id: UUID) -> Today:
    """The day of several children in a constant number of statements."""
    today, ids = days.today(), [child.pk for child in children]
    until = today + timedelta(days=LOOK_AHEAD)
    calendar = registry.school_calendar(ids, today, until)
    lessons = list(registry.lessons_for(ids, today, until))
    reported = list(with_receipt(ReportedDay.objects.standing().of(ids, today, until), person_id).order_by("day", "starts_at"))
    limits = deadlines(reported, lessons)
    for row in reported:
        row.withdrawable = (row.mine or row.inherited) and days.now() < limits[row.pk]
    classes = registry.class_names(ids, today)
    cards = [_card(child, today, calendar, lessons, reported, classes) for child in children]
    return Today(cards, _report_days(ids, today, until, calendar, lessons))


def _card(
    child: Person,
    today: date,
    calendar: registry.SchoolCalendar,
    lessons: list[CalendarEvent],
    reported: list[ReportedDay],
    classes: dict[UUID, str],
) -> ChildToday:
    rows = [row for row in reported if row.pupil_id == child.pk]
    its_lessons = [lesson for lesson in lessons if lesson.pupil_id == child.pk and lesson.day == today]
    for lesson in its_lessons:
        lesson.covered = any(row.starts_at < lesson.ends_at and row.ends_at > lesson.starts_at for row in rows)
    return ChildToday(
        child=child,
        school=calendar.school_of(child.pk, today),
        class_name=classes.get(child.pk, ""),
        lessons=its_lessons,
        is_school_day=calendar.is_school_day(child.pk, today),
        reported_today=[row for row in rows if row.day == today],
        reported_later=[row for row in rows if row.day > today],
    )


def _report_days(ids: list[UUID], today: date, until: date, calendar: registry.SchoolCalendar, lessons: list[CalendarEvent]) -> list[date]:
    open_days = [day for day in days.days_between(today, until) if any(calendar.is_school_day(pupil, day) for pupil in ids)]
    todays = [lesson.ends_at for lesson in lessons if lesson.day == today]
    if open_days and open_days[0] == today and todays and max(todays) <= days.now():
        open_days = open_days[1:]
    return open_days[:2]
