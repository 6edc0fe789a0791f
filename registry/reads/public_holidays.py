"""What a new school year is proposed to look like: the public holidays, and the dates of most schools."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import holidays
from django.utils.translation import get_language

EVES = "de_facto"  # Midsummer, Christmas and New Year's Eve: as good as holidays
WEEKEND = (6, 7)
FIRST_WEEK, AUTUMN_BREAK_WEEK, LAST_WEEK = 34, 44, 24


class Span(NamedTuple):
    first: date
    last: date


def public_holidays(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Day and name of the public holidays of Sweden from Monday to Friday, in the order of days."""
    language = "sv" if get_language() == "sv" else "en_US"
    found = holidays.country_holidays(
        "SE", years=range(first.year, last.year + 1), include_sundays=False, categories=("public", EVES), language=language
    )
    for day in sorted(found):
        if first <= day <= last and day.isoweekday() not in WEEKEND:
            yield day, found[day]


def year_after(last: date | None, today: date) -> Span:
    """The school year (July to June) that follows the one that ends on `last`, else the present one."""
    start = last + timedelta(days=1) if last else date(today.year if today.month >= 7 else today.year - 1, 7, 1)
    return Span(start, date(start.year + (1 if start.month >= 7 else 0), 6, 30))


def usual_terms(year: Span) -> dict[str, Span]:
    """Proposed terms by semester, inside the year: week 34 to the last weekday by 20 December, and Epiphany to week 24."""
    autumn, spring = year.first.year, year.last.year
    christmas, epiphany = date(autumn, 12, 20), date(spring, 1, 7)
    after_epiphany = epiphany + timedelta(days=8 - epiphany.isoweekday() if epiphany.isoweekday() in WEEKEND else 0)
    terms = {
        "HT": Span(date.fromisocalendar(autumn, FIRST_WEEK, 1), christmas - timedelta(days=max(0, christmas.isoweekday() - 5))),
        "VT": Span(after_epiphany, date.fromisocalendar(spring, LAST_WEEK, 5)),
    }
    return {name: Span(max(term.first, year.first), min(term.last, year.last)) for name, term in terms.items()}


def usual_autumn_break(year: Span) -> Span:
    return Span(*(date.fromisocalendar(year.first.year, AUTUMN_BREAK_WEEK, day) for day in (1, 5)))
