"""What has passed: lessons held, roll-calls with all kinds of departures, reports, the school's judgements and some leave.

Written by COPY as lines of text, class by class, so that a school year of a municipality takes minutes and little memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from absence.models import AbsenceReport, Deviation, Judgement, ReportedDay, RollCall, Source, Verdict
from absence.models.roll_calls import FROZEN
from dexter.lib import days
from dexter.lib.copying import NOTHING, copy_lines, line
from registry.models import CalendarEvent, Person

from . import leave
from .timetable import LESSON_MINUTES, slots_of
from .town import SchoolClass, Town

EVERY_DAY_FOR = 28  # days back; before them there was school as elsewhere: Monday to Friday, outside the holidays
HOLIDAY_WEEKS = {1, 9, 15, *range(25, 33), 44, 52, 53}
FALLS_ILL, ON_MONDAY = 0.02, 1.4  # a pupil and school day; how many times more on a Monday
UNREPORTED, LATE_REPORT, JUDGED = 0.12, 0.06, 0.4  # shares: of days away, of reports, of absence that nobody reported in time
LATE, SKIPPED, LEFT_EARLY, ELSEWHERE = 0.012, 0.006, 0.003, 0.004  # a pupil and lesson
LATE_AT_FIRST, SKIPPED_LATER = 3.0, 1.6  # how many times more in the first lesson, and after the fourth
WHOLE_DAY, CANCELLED = True, False
MOST = LATE * LATE_AT_FIRST + SKIPPED * SKIPPED_LATER + LEFT_EARLY + ELSEWHERE  # beyond which nothing of it happens
LATE_COUNTS, JUDGED_FIRST = True, False  # by the default settings of a unit
OFTEN = ((0.7, 0.6), (0.95, 1.4), (1.0, 4.0))  # up to which share of the pupils all of this happens how many times as often

TABLES: tuple[tuple[type[Any], tuple[str, ...]], ...] = (  # what is referred to comes first
    (CalendarEvent, ("id", "activity", "starts_at", "ends_at", "room", "cancelled")),
    (AbsenceReport, ("id", "reported_by", "source", "submission", "reported_at")),
    (ReportedDay, ("id", "report", "pupil", "day", "starts_at", "ends_at", "whole_day")),
    (RollCall, ("id", "lesson", "activity", "school_unit", "taken_by", "taken_at", "submission", "version", "roster", "lesson_starts_at",
                "lesson_minutes", "place")),
    (Deviation, ("id", "roll_call", "pupil", "absent_minutes", "late_minutes", "left_early_minutes", "other_minutes", *FROZEN, "day")),
    (Judgement, ("id", "lesson", "pupil", "verdict", "reason", "judged_by", "judged_at")),
)  # fmt: skip


@dataclass
class Away:
    """Who is away from all lessons of a day, in whatever group; `excused` by a report in time or by leave."""

    on: defaultdict[date, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    excused: defaultdict[date, set[UUID]] = field(default_factory=lambda: defaultdict(set))


class Rows:
    """Lines that wait to be written, by table."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.pending: dict[type[Any], list[str]] = defaultdict(list)

    def add(self, model: type[Any], *values: Any) -> str:
        key = self.town.rng.key()
        self.pending[model].append(line(key, *values))
        return key

    def write(self) -> None:
        for model, names in TABLES:
            self.town.rows.count(model, copy_lines(model, names, self.pending.pop(model, [])))


def build_history(town: Town, weeks: int) -> None:
    """All lessons of the last `weeks` before today, each with its roll-call."""
    town.rows.flush()
    passed = list(_school_days(town.today, weeks))
    for unit in town.units:
        away = Away()
        for group in (*town.classes_of(unit), *town.languages_of(unit)):
            rows = Rows(town)
            often = {pupil.id: _how_often(town) for pupil in group.pupils}
            if not group.is_language:
                _days_away(town, rows, group, passed, often, away)
                if weeks >= leave.LEAST_WEEKS:
                    leave.grant(town, group, passed, away.on, away.excused)
            _lessons(town, rows, group, passed, often, away)
            rows.write()
    leave.close(town)


def _school_days(today: date, weeks: int) -> Iterator[date]:
    for day in days.days_between(today - timedelta(weeks=weeks), today - timedelta(days=1)):
        ordinary = day.isoweekday() <= 5 and day.isocalendar().week not in HOLIDAY_WEEKS
        if ordinary or (today - day).days <= EVERY_DAY_FOR:
            yield day


def _how_often(town: Town) -> float:
    chance = town.rng.random()
    return next(times for share, times in OFTEN if chance < share)


def _days_away(town: Town, rows: Rows, group: SchoolClass, passed: list[date], often: dict[UUID, float], away: Away) -> None:
    """Spells of one to four school days; most are reported each morning, some late, some never."""
    for pupil in group.pupils:
        left, reported = 0, False
        for day in passed:
            if left == 0 and town.rng.random() < FALLS_ILL * often[pupil.id] * (ON_MONDAY if day.isoweekday() == 1 else 1):
                left, reported = town.rng.choice((1, 1, 2, 2, 3, 4)), town.rng.random() >= UNREPORTED
            if left == 0:
                continue
            left -= 1
            away.on[day].add(pupil.id)
            if reported and _reported(town, rows, group, pupil, day):
                away.excused[day].add(pupil.id)


def _reported(town: Town, rows: Rows, group: SchoolClass, pupil: Person, day: date) -> bool:
    """A report for the whole day; tells whether it came before the first lesson. The cast's homes get no receipts they never made."""
    opens, closes = days.bounds(day)
    in_time = town.rng.random() >= LATE_REPORT
    at = opens + timedelta(hours=6 if in_time else 13, minutes=town.rng.randrange(90))
    guardian = town.homes.get(pupil.id)
    source, by = (Source.GUARDIAN, guardian) if guardian else (Source.OFFICE, _teacher(town, group).id)
    report = rows.add(AbsenceReport, by, source.value, town.rng.key(), at)
    rows.add(ReportedDay, report, pupil.id, day, opens, closes, WHOLE_DAY)
    return in_time


def _lessons(town: Town, rows: Rows, group: SchoolClass, passed: list[date], often: dict[UUID, float], away: Away) -> None:
    teacher, room = _teacher(town, group), group.room.id if group.room else NOTHING
    roster = "{" + ",".join(str(pupil.id) for pupil in group.pupils) + "}"
    for day in passed:
        gone, excused = away.on[day], away.excused[day]
        for slot, activity, starts_at in slots_of(group, day):
            lesson = rows.add(CalendarEvent, activity.id, starts_at, starts_at + timedelta(minutes=LESSON_MINUTES), room, CANCELLED)
            taken = (teacher.id, starts_at + timedelta(minutes=5), town.rng.key(), 1)
            place = (slot + 1, starts_at, LESSON_MINUTES)
            call = rows.add(RollCall, lesson, activity.id, group.unit.id, *taken, roster, starts_at, LESSON_MINUTES, slot + 1)
            kept = line(group.unit.id, lesson, activity.id, *place, LATE_COUNTS, JUDGED_FIRST, day)
            for pupil, seen in _not_there(town, slot, often, gone):
                rows.add(Deviation, call, pupil, *seen, kept)
                if seen[0] and pupil not in excused and town.rng.random() < JUDGED:
                    _judged(town, rows, lesson, pupil, teacher, day)


def _not_there(town: Town, slot: int, often: dict[UUID, float], gone: set[UUID]) -> Iterator[tuple[UUID, tuple[int, int, int, int]]]:
    """Who was not simply there, with the minutes of what was seen."""
    chance = town.rng.random
    for pupil, times in often.items():
        if pupil in gone:
            yield pupil, (LESSON_MINUTES, 0, 0, 0)
        elif (drawn := chance() / times) < MOST and (seen := _departure(town, slot, drawn)):
            yield pupil, seen


def _departure(town: Town, slot: int, chance: float) -> tuple[int, int, int, int] | None:
    """Minutes absent, late, left early and elsewhere; None: simply there."""
    late, skipped = LATE * (LATE_AT_FIRST if slot == 0 else 1), SKIPPED * (SKIPPED_LATER if slot > 3 else 1)
    if chance < late:
        return 0, town.rng.randrange(3, 25), 0, 0
    if chance < late + skipped:
        return LESSON_MINUTES, 0, 0, 0
    if chance < late + skipped + LEFT_EARLY:
        return 0, 0, town.rng.randrange(5, 30), 0
    return (0, 0, 0, LESSON_MINUTES) if chance < late + skipped + LEFT_EARLY + ELSEWHERE else None


def _judged(town: Town, rows: Rows, lesson: str, pupil: UUID, teacher: Person, day: date) -> None:
    verdict = Verdict.VALID if town.rng.random() < 0.6 else Verdict.UNAUTHORISED
    rows.add(Judgement, lesson, pupil, verdict.value, "", teacher.id, days.moment(day, time(23)))


def _teacher(town: Town, group: SchoolClass) -> Person:
    return town.duties[group.unit.id][0].person
