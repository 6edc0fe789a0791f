"""What of a wish can be saved as reported days, and why the rest cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from absence import reads
from absence.models import AbsenceReport, ReportedDay
from dexter.lib import days
from dexter.lib.access import Role
from registry import reads as registry
from registry.models import Person

from .submissions import sent_before

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Wish:
    """A pupil away on a day, from one moment until another."""

    pupil: Person
    day: date
    starts_at: datetime
    ends_at: datetime
    whole_day: bool = False


@dataclass
class Problem:
    """Why some of a pupil's days could not be reported; the others went through."""

    pupil: Person
    days: list[date]
    reason: str  # "no_school", "already_reported", "too_far" or "not_yours"
    limit: int = 0  # days ahead, of "too_far"

    @property
    def last_day(self) -> date:
        """That can be reported today, of "too_far"."""
        return days.today() + timedelta(days=self.limit)


@dataclass
class Outcome:
    """What a report led to; without `report` nothing was saved."""

    report: AbsenceReport | None
    problems: list[Problem] = field(default_factory=list)


def save_wishes(report: AbsenceReport, role: Role, wishes: Sequence[Wish]) -> list[Problem]:
    """Insert what can be saved, around what is reported already; a constant number of statements.

    Where somebody else reports at the same moment, the exclusion constraint leaves the row out.
    """
    refused, open_wishes = _sorted_out(role, wishes)
    standing = _standing(open_wishes)
    rows = [row for wish in open_wishes for row in _rows(report, wish, standing[wish.pupil.pk])]
    ReportedDay.objects.bulk_create(rows, ignore_conflicts=True)
    saved = set(report.days.values_list("pupil_id", "day"))
    for wish in open_wishes:
        if (wish.pupil.pk, wish.day) not in saved:
            refused[wish.pupil.pk, "already_reported", 0].append(wish)
    return _problems(refused, wishes)


def save_again(report: AbsenceReport, role: Role, wishes: Sequence[Wish]) -> list[Problem]:
    """The same form once more saves nothing and has the problems of the first time; else raises ValidationError, to be rolled back."""
    rows = list(report.days.values_list("pupil_id", "starts_at", "ends_at"))
    wished = [(wish.pupil.pk, wish.starts_at, wish.ends_at) for wish in wishes]
    problems = save_wishes(report, role, wishes)
    if report.days.count() != len(rows) or not all(any(_is_within(row, wish) for wish in wished) for row in rows):
        raise sent_before()
    return problems


def _is_within(row: tuple[UUID, datetime, datetime], wish: tuple[UUID, datetime, datetime]) -> bool:
    return row[0] == wish[0] and wish[1] <= row[1] and row[2] <= wish[2]


Refused = dict[tuple[UUID, str, int], list[Wish]]  # by pupil, reason and limit


def _sorted_out(role: Role, wishes: Sequence[Wish]) -> tuple[Refused, list[Wish]]:
    first, last = min(wish.day for wish in wishes), max(wish.day for wish in wishes)
    calendar = registry.school_calendar({wish.pupil.pk for wish in wishes}, first, last)
    law, limits = reads.law_of(calendar.enrolments, first, last), reads.limits_of(calendar.enrolments)
    refused: Refused = defaultdict(list)
    open_wishes = []
    for wish in wishes:
        pupil, most_ahead = wish.pupil.pk, limits.refuses(wish.pupil.pk, wish.day)
        if most_ahead is not None:
            refused[pupil, "too_far", most_ahead].append(wish)
        elif not calendar.is_school_day(pupil, wish.day):
            refused[pupil, "no_school", 0].append(wish)
        elif not law.allows(role, wish.pupil, wish.day):
            refused[pupil, "not_yours", 0].append(wish)
        else:
            open_wishes.append(wish)
    return refused, open_wishes


def _standing(wishes: Sequence[Wish]) -> dict[UUID, list[Interval]]:
    """What is reported already for the pupils of the wishes, in order."""
    found: dict[UUID, list[Interval]] = defaultdict(list)
    if wishes:
        pupils, dates = {wish.pupil.pk for wish in wishes}, [wish.day for wish in wishes]
        for row in ReportedDay.objects.standing().of(pupils, min(dates), max(dates)).order_by("starts_at"):
            found[row.pupil_id].append((row.starts_at, row.ends_at))
    return found


def _rows(report: AbsenceReport, wish: Wish, standing: Iterable[Interval]) -> list[ReportedDay]:
    """A row for each part of the wish that nothing standing covers."""
    parts, opens = [], wish.starts_at
    for starts, ends in standing:
        if starts < wish.ends_at and ends > opens:
            parts.append((opens, starts))
            opens = ends
    parts.append((opens, wish.ends_at))
    whole = wish.whole_day and len(parts) == 1
    return [
        ReportedDay(report=report, pupil=wish.pupil, day=wish.day, starts_at=starts, ends_at=ends, whole_day=whole)
        for starts, ends in parts
        if starts < ends
    ]


def _problems(refused: Refused, wishes: Sequence[Wish]) -> list[Problem]:
    """Days without school are told only where the whole wish for a pupil fell on such days."""
    wished: dict[UUID, set[date]] = defaultdict(set)
    for wish in wishes:
        wished[wish.pupil.pk].add(wish.day)
    problems = []
    for (pupil_id, reason, limit), rows in refused.items():
        found = sorted({wish.day for wish in rows})
        if reason != "no_school" or len(found) == len(wished[pupil_id]):
            problems.append(Problem(rows[0].pupil, found, reason, limit))
    return problems
