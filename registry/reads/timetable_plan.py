"""What an uploaded timetable would change: lessons made, changed, taken away and left, and those that cannot be touched.

A lesson that any other row refers to (a roll-call, a substitute, a plan) is never moved or taken away.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from dexter.lib import days
from registry.imports.batch import Rejected
from registry.models import Activity, CalendarEvent, Duty, DutyAssignment, Group, Room, SchoolYear, TimetableImport

from .class_proposal import school_years_of
from .referring import referred_to
from .school_days import school_calendar
from .timetable_file import COLUMNS, CannotTake, Row, read_rows
from .timetable_names import Names, names_of

MOST_LESSONS = 100_000


@dataclass
class Plan:
    created: list[CalendarEvent] = field(default_factory=list)
    changed: list[CalendarEvent] = field(default_factory=list)
    removed: list[CalendarEvent] = field(default_factory=list)
    conflicts: list[CalendarEvent] = field(default_factory=list)
    left: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    links: list[tuple[Activity, Group]] = field(default_factory=list)
    begun: list[DutyAssignment] = field(default_factory=list)
    ended: list[DutyAssignment] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.created or self.changed or self.removed or self.activities or self.begun or self.ended)

    @property
    def digest(self) -> str:
        """Tells whether what is done is what was shown."""
        made = [f"{row.activity.name} {row.starts_at.isoformat()}" for row in self.created]
        rows = [f"{row.pk} {row.starts_at.isoformat()} {row.ends_at.isoformat()} {row.room_id}" for row in self.changed]
        gone = [str(row.pk) for row in (*self.removed, *self.conflicts, *self.ended)]
        duties = [f"{row.activity.name} {row.duty_id}" for row in self.begun]
        return hashlib.sha256("\n".join(sorted([*made, *rows, *gone, *duties])).encode()).hexdigest()


@dataclass
class Wanted:
    """What the readable rows ask for, by activity; and whose lessons are left alone since a row of theirs was rejected."""

    lessons: dict[UUID, dict[datetime, tuple[datetime, Room | None]]] = field(default_factory=lambda: defaultdict(dict))
    duties: dict[UUID, dict[UUID, Duty]] = field(default_factory=lambda: defaultdict(dict))
    activities: dict[UUID, Activity] = field(default_factory=dict)
    kept: set[UUID] = field(default_factory=set)


def year_of(upload: TimetableImport) -> SchoolYear | None:
    return school_years_of(upload.school_unit).filter(start_date__lte=upload.from_day, end_date__gte=upload.from_day).first()


def plan_of(upload: TimetableImport) -> Plan:
    """The same number of statements however many rows and lessons. Until the end of the school year of the first day."""
    year, content, names = year_of(upload), read_rows(upload.rows), names_of(upload.school_unit, upload.from_day)
    last = year.end_date if year else upload.from_day
    plan, wanted = Plan(rejected=list(content.rejected)), Wanted()
    is_open = _open_days(upload, last)
    for row in content.rows:
        _want(row, names, (upload.from_day, last), is_open, wanted, plan)
    for group, subject in content.broken:
        _keep(group, subject, names, wanted)
    used = {activity.pk for activity in wanted.activities.values()}
    plan.activities = [activity for activity in names.new.values() if activity.pk in used]
    plan.links = [(activity, group) for activity, group in names.new_groups if activity.pk in used]
    _compare_lessons(upload, last, wanted, plan)
    _compare_duties(upload, wanted, plan)
    return plan


def _open_days(upload: TimetableImport, last: date) -> Any:
    calendar, unit = school_calendar([], upload.from_day, last), upload.school_unit

    @cache
    def is_open(day: date) -> bool:
        return calendar.is_open(unit, day)

    return is_open


def _want(row: Row, names: Names, span: tuple[date, date], is_open: Any, wanted: Wanted, plan: Plan) -> None:
    activity: Activity | None = None
    try:
        activity = names.activity_of(row.group, row.subject, max(day for day in (span[0], row.first, row.day) if day))
        room, duties = names.room_of(row), names.duties_of(row)
        first, last = max(span[0], activity.start_date), min(span[1], activity.end_date or span[1])
        if row.day and first <= row.day <= last and not is_open(row.day):
            raise CannotTake("day", _("There is no school that day."))
        lessons = wanted.lessons[activity.pk]
        for day in _days_of(row, first, last, is_open):
            starts_at, lesson = days.moment(day, row.starts), (days.moment(day, row.ends), room)
            if lessons.setdefault(starts_at, lesson) != lesson:
                raise CannotTake("starts", _("The file has two lessons of the activity at that time."))
        wanted.duties[activity.pk].update({duty.pk: duty for duty in duties})
        wanted.activities[activity.pk] = activity
    except CannotTake as fault:
        cells = {**row._asdict(), "teacher": "+".join(row.teachers)}
        plan.rejected.append(Rejected(row.line, COLUMNS[fault.column][0], str(cells[fault.column] or ""), fault.reason))
        if activity:
            wanted.kept.add(activity.pk)


def _keep(group: str, subject: str, names: Names, wanted: Wanted) -> None:
    try:
        wanted.kept.add(names.activity_of(group, subject, names.from_day).pk)
    except CannotTake:
        return


def _days_of(row: Row, first: date, last: date, is_open: Any) -> Iterator[date]:
    first, last = max(first, row.first or first), min(last, row.last or last)
    if row.day:
        if first <= row.day <= last:
            yield row.day
        return
    day = first + timedelta(days=((row.weekday or 1) - first.isoweekday()) % 7)
    while day <= last:
        week = day.isocalendar().week
        fits = (row.weeks is None or week in row.weeks) and row.parity in ("", "odd" if week % 2 else "even")
        if fits and is_open(day):
            yield day
        day += timedelta(days=7)


def _compare_lessons(upload: TimetableImport, last: date, wanted: Wanted, plan: Plan) -> None:
    span = CalendarEvent.objects.filter(day__range=(upload.from_day, last), activity__school_unit=upload.school_unit)
    whole = upload.whole and not plan.rejected
    found = (span if whole else span.filter(activity__in=wanted.activities)).select_related("activity", "room").order_by("starts_at", "pk")
    existing: dict[tuple[UUID, date], list[CalendarEvent]] = defaultdict(list)
    for event in found:
        existing[event.activity_id, event.day].append(event)
    asked: dict[tuple[UUID, date], dict[datetime, Any]] = defaultdict(dict)
    for key in wanted.activities:
        for starts_at, lesson in wanted.lessons[key].items():
            asked[key, days.day_of(starts_at)][starts_at] = lesson
    if sum(len(lessons) for lessons in asked.values()) > MOST_LESSONS:
        plan.rejected.append(Rejected(0, "", "", _("The file has too many lessons.")))
        return
    held = referred_to(CalendarEvent, found.order_by().values("pk"))
    for place in sorted({*existing, *asked}, key=str):
        _compare_day(existing[place], asked[place], wanted.activities.get(place[0]), place[0] in wanted.kept, held, plan)


def _compare_day(
    existing: list[CalendarEvent], asked: dict[datetime, Any], activity: Activity | None, is_kept: bool, held: set[UUID], plan: Plan
) -> None:
    """First what begins at the same time; then the rest in order, so that a lesson that moves keeps its row."""
    rest = []
    for lesson in existing:
        same = asked.pop(lesson.starts_at, None)
        if same:
            _change(lesson, lesson.starts_at, same, held, plan)
        elif lesson.cancelled or is_kept:
            plan.left += 1
        else:
            rest.append(lesson)
    pairs = list(zip(rest, sorted(asked), strict=False))
    for lesson, starts_at in pairs:
        _change(lesson, starts_at, asked.pop(starts_at), held, plan)
    for lesson in rest[len(pairs) :]:
        (plan.conflicts if lesson.pk in held else plan.removed).append(lesson)
    if activity:
        for starts_at, (ends_at, room) in asked.items():
            plan.created.append(CalendarEvent(activity=activity, starts_at=starts_at, ends_at=ends_at, room=room))


def _change(lesson: CalendarEvent, starts_at: datetime, asked: tuple[datetime, Room | None], held: set[UUID], plan: Plan) -> None:
    ends_at, room = asked
    moved = (lesson.starts_at, lesson.ends_at) != (starts_at, ends_at)
    if lesson.cancelled or (not moved and lesson.room_id == (room.pk if room else None)):
        plan.left += 1
    elif moved and lesson.pk in held:
        plan.conflicts.append(lesson)
    else:
        lesson.starts_at, lesson.ends_at, lesson.room = starts_at, ends_at, room
        plan.changed.append(lesson)


def _compare_duties(upload: TimetableImport, wanted: Wanted, plan: Plan) -> None:
    """Who the file names teaches from the day; who it names no more, where it names somebody, ends the day before."""
    named = {key: duties for key, duties in wanted.duties.items() if duties and key in wanted.activities and key not in wanted.kept}
    known: dict[UUID, set[UUID]] = defaultdict(set)
    for row in DutyAssignment.objects.on_or_after(upload.from_day).filter(activity__in=named).select_related("activity"):
        known[row.activity_id].add(row.duty_id)
        if row.duty_id not in named[row.activity_id] and row.start_date < upload.from_day:
            plan.ended.append(row)
    for key, duties in named.items():
        activity = wanted.activities[key]
        first = max(upload.from_day, activity.start_date)
        for duty in (duty for pk, duty in duties.items() if pk not in known[key]):
            plan.begun.append(DutyAssignment(activity=activity, duty=duty, grader=True, start_date=first, end_date=activity.end_date))
