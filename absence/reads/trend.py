"""The last weeks of absence as a small curve with its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from dexter.lib.days import Week

if TYPE_CHECKING:
    from .follow_up import DaySums

WIDTH, HEIGHT, MARGIN = 96, 28, 3  # of the drawing, in its own units
LEAST_TOP = 20  # per cent at the top of the curve, so that small changes look small
SEVERAL = 2  # points that make a line


@dataclass(frozen=True)
class WeekShare:
    number: int
    share: int | None  # per cent of the week's minutes; None: no lesson with a roll-call


@dataclass(frozen=True)
class Trend:
    """Whole weeks in order, the last one before this week at the end."""

    WEEKS: ClassVar[int] = 8

    weeks: list[WeekShare]

    @property
    def is_known(self) -> bool:
        return any(week.share is not None for week in self.weeks)

    @property
    def dots(self) -> list[tuple[float, float]]:
        top = max([LEAST_TOP, *(week.share or 0 for week in self.weeks)])
        step = (WIDTH - 2 * MARGIN) / (self.WEEKS - 1)
        return [
            (round(MARGIN + place * step, 1), round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * week.share / top, 1))
            for place, week in enumerate(self.weeks)
            if week.share is not None
        ]

    @property
    def points(self) -> str:
        """For a polyline; empty for less than two weeks with lessons."""
        return " ".join(f"{x},{y}" for x, y in self.dots) if len(self.dots) >= SEVERAL else ""

    @property
    def last_dot(self) -> tuple[float, float] | None:
        return self.dots[-1] if self.dots else None

    @property
    def figures(self) -> str:
        return " · ".join("–" if week.share is None else str(week.share) for week in self.weeks)


def trend_of(rows: Iterable[DaySums], today: date) -> Trend:
    """Of one pupil's days; days outside the weeks do not count."""
    current = Week.of(today)
    minutes = {current.moved(-back): [0, 0] for back in range(Trend.WEEKS, 0, -1)}
    for row in rows:
        if (week := Week.of(row.day)) in minutes:
            minutes[week][0] += row.sums.offered
            minutes[week][1] += row.sums.absent
    return Trend([WeekShare(week.number, round(100 * away / offered) if offered else None) for week, (offered, away) in minutes.items()])
