"""Parts of addresses."""

from __future__ import annotations

import re
from datetime import date

from .days import Week


class DayConverter:
    """A day as `2026-08-17`; anything that is no day of the calendar is no such page."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class WeekConverter:
    """An ISO week as `2026-v34`; a week that the year does not have is no such page."""

    regex = r"\d{4}-v\d{2}"

    def to_python(self, value: str) -> Week:
        year, number = re.findall(r"\d+", value)
        week = Week(int(year), int(number))
        if not 1 < week.year < 9999:  # the years before and after it have no days to show
            raise ValueError(value)
        return Week.of(week.monday)

    def to_url(self, value: Week) -> str:
        return f"{value.year:04d}-v{value.number:02d}"


class MonthConverter:
    """A month as `2026-08`, given to the view as its first day."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> date:
        first = date.fromisoformat(f"{value}-01")
        if not 1 < first.year < 9999:
            raise ValueError(value)
        return first

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"
