"""Parts of addresses."""

from __future__ import annotations

from datetime import date


class DayConverter:
    """A day as `2026-08-17`; anything that is no day of the calendar is no such page."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()
