"""Questions about absence that several callers share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Person
from registry.models.teaching import CalendarEventQuerySet

from .models import ReportedDay, RollCall

LOOK_AHEAD = 14  # days that the start page shows and searches for the next school day


def reported_at(lesson: CalendarEvent) -> QuerySet[ReportedDay]:
    """The standing reports that overlap a lesson; `late` ones were made after it began and are for the school to judge."""
    overlapping = ReportedDay.objects.standing().filter(day=lesson.day, starts_at__lt=lesson.ends_at, ends_at__gt=lesson.starts_at)
    return overlapping.annotate(late=Q(report__reported_at__gt=lesson.starts_at))


def with_receipt(reported: QuerySet[ReportedDay], person_id: UUID) -> QuerySet[ReportedDay]:
    """Adds when each day was reported and whether the asking person did it; never who else did."""
    return reported.annotate(reported_at=F("report__reported_at"), mine=Q(report__reported_by=person_id)).select_related("pupil")


def with_roll_call_state(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds `taken`: whether the roll-call exists. Not taken is a state of its own, never "all present"."""
    return lessons.annotate(taken=Exists(RollCall.objects.filter(lesson=OuterRef("pk"))))


def deadlines(rows: Sequence[ReportedDay], lessons: Iterable[CalendarEvent] | None = None) -> dict[UUID, datetime]:
    """Until when each reported day may be withdrawn: the first lesson it covers, else the end of the reported time.

    `lessons` (of `registry.reads.lessons_for`) may be given when the caller has them already.
    """
    if not rows:
        return {}
    if lessons is None:
        pupils = {row.pupil_id for row in rows}
        lessons = registry.lessons_for(pupils, min(row.day for row in rows), max(row.day for row in rows))
    by_pupil = defaultdict(list)
    for lesson in lessons:
        by_pupil[lesson.pupil_id].append(lesson)
    return {row.pk: _first_covered(row, by_pupil[row.pupil_id]) for row in rows}


def _first_covered(row: ReportedDay, lessons: Iterable[CalendarEvent]) -> datetime:
    covered = (lesson.starts_at for lesson in lessons if lesson.starts_at < row.ends_at and lesson.ends_at > row.starts_at)
    return min(covered, default=row.ends_at)


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
        """Those whom a guardian reports for; an adult who lets a former guardian read on reports alone."""
        return [card for card in self.children if days.is_minor(card.child.birth_date)]


def today_of(children: Sequence[Person], person_id: UUID) -> Today:
    """The day of several children in a constant number of statements."""
    today, ids = days.today(), [child.pk for child in children]
    until = today + timedelta(days=LOOK_AHEAD)
    calendar = registry.school_calendar(ids, today, until)
    lessons = list(registry.lessons_for(ids, today, until))
    reported = list(with_receipt(ReportedDay.objects.standing().of(ids, today, until), person_id).order_by("day", "starts_at"))
    limits = deadlines(reported, lessons)
    for row in reported:
        row.withdrawable = row.mine and days.now() < limits[row.pk]
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


def marked_withdrawable(rows: list[ReportedDay]) -> list[ReportedDay]:
    """Tells on each row (of `with_receipt`) whether the asking person may still take it back."""
    limits = deadlines([row for row in rows if row.withdrawn_at is None])
    for row in rows:
        row.withdrawable = row.mine and row.pk in limits and days.now() < limits[row.pk]
        row.is_late = row.pk in limits and row.reported_at > limits[row.pk]
    return rows


def current_or_next(lessons: Sequence[CalendarEvent]) -> CalendarEvent | None:
    """Of a day's lessons in order, the one going on now, else the next to begin; None when the day's are over."""
    return next((lesson for lesson in lessons if lesson.ends_at > days.now()), None)


def marked_last_of_pupil(rows: list[ReportedDay]) -> list[ReportedDay]:
    """Tells on each row of a receipt (ordered by pupil and day) whether it is the pupil's last: there one more day is offered."""
    last = {row.pupil_id: row.pk for row in rows}
    for row in rows:
        row.last_of_pupil = last[row.pupil_id] == row.pk
    return rows


@dataclass
class RosterRow:
    """One pupil on the roll-call."""

    pupil: Person
    reported: ReportedDay | None
    absent: bool  # ticked in the form
    saved_absent: bool | None  # what is stored; None: not taken
    differs: bool  # the form sent says otherwise than what is stored


@dataclass
class Sheet:
    """The roll-call of a lesson as a page shows it."""

    rows: list[RosterRow]
    roll_call: RollCall | None

    @property
    def version(self) -> int:
        return self.roll_call.version if self.roll_call else 0


def roll_call_sheet(lesson: CalendarEvent, marked: Collection[str] | None = None) -> Sheet:
    """The roster with what was reported and what is stored; `marked` are the ids ticked in a form that was not saved.

    Before the roll-call is taken the reported pupils are ticked, but for late reports, which the school judges.
    """
    roll_call = RollCall.objects.filter(lesson=lesson).select_related("taken_by").first()
    stored = set(roll_call.deviations.values_list("pupil_id", flat=True)) if roll_call else None
    reports = {row.pupil_id: row for row in reported_at(lesson)}
    rows = []
    for pupil in registry.roster_of(lesson) if roll_call is None else registry.shown_pupils(roll_call.roster):
        report = reports.get(pupil.pk)
        saved = None if stored is None else pupil.pk in stored
        expected = saved if saved is not None else bool(report and not report.late)
        absent = expected if marked is None else str(pupil.pk) in marked
        differs = marked is not None and saved is not None and absent != saved
        rows.append(RosterRow(pupil, report, absent, saved, differs))
    return Sheet(rows, roll_call)
