"""What a pupil's time away counts as, in plain Python, minute by minute: the view `absence_effective` is held against it.

The records are those of the models: a lesson with its frozen rules, what the roll-call saw, what was reported, granted
and judged. Nothing here asks a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dexter.lib import days


@dataclass(frozen=True)
class Lesson:
    starts_at: datetime
    minutes: int
    late_is_unauthorised: bool = True
    reports_are_judged: bool = False


@dataclass(frozen=True)
class Seen:
    """Minutes of one pupil; no minute of any kind: there all the time."""

    absent: int = 0
    late: int = 0
    left_early: int = 0
    other: int = 0


@dataclass(frozen=True)
class Said:
    """One reported day that stands."""

    starts_at: datetime
    ends_at: datetime
    reported_at: datetime


@dataclass(frozen=True)
class Counted:
    present: int
    valid: int
    unauthorised: int
    other: int
    reported: int
    reported_late: bool
    to_judge: bool


def counted(lesson: Lesson, seen: Seen, said: Iterable[Said], *, verdict: str | None, on_leave: bool) -> Counted:
    """Every minute of the lesson is present, valid, unauthorised or other, and none is two of them."""
    reports = [row for row in said if days.day_of(row.starts_at) == days.day_of(lesson.starts_at)]
    late = seen.late if lesson.late_is_unauthorised else 0
    away = seen.absent + seen.left_early + late
    free = set(range(seen.late - late))  # late and not counted: the first minutes, of which nobody need say anything
    reported = _reported(
        lesson, seen, late, minutes_covered(lesson, [row for row in reports if row.reported_at <= lesson.starts_at]) - free
    )
    said_late = any(row.reported_at > lesson.starts_at and minutes_covered(lesson, [row]) - free for row in reports)
    valid = {"valid": away, "unauthorised": 0}.get(verdict or "", away if on_leave else reported)
    waits = (said_late and away > reported) or (lesson.reports_are_judged and reported > 0)
    return Counted(
        present=lesson.minutes - away - seen.other,
        valid=valid,
        unauthorised=away - valid,
        other=seen.other,
        reported=reported,
        reported_late=said_late,
        to_judge=verdict is None and not on_leave and away > 0 and waits,
    )


def _reported(lesson: Lesson, seen: Seen, late: int, covered: set[int]) -> int:
    """Late minutes lie first, those of who left lie last, absence lies anywhere in what is left: there every reported minute
    excuses one."""
    first = covered & set(range(late))
    last = covered & set(range(lesson.minutes - seen.left_early, lesson.minutes))
    return len(first) + len(last) + min(seen.absent, len(covered - first - last))


def minutes_covered(lesson: Lesson, said: Iterable[Said]) -> set[int]:
    """The lesson's minutes, from 0, that lie wholly within a report; counted in real time, so that no clock change matters."""
    opens = lesson.starts_at.astimezone(days.UTC)
    spans = [(row.starts_at.astimezone(days.UTC), row.ends_at.astimezone(days.UTC)) for row in said]
    minute = timedelta(minutes=1)
    return {
        number
        for number in range(lesson.minutes)
        if any(start <= opens + number * minute and opens + (number + 1) * minute <= end for start, end in spans)
    }
