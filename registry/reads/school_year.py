"""The school year as a page shows it: month by month, with what departs from the ordinary week and how many school days there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import CalendarDay, Organisation, SchoolUnit, SchoolYear, Term, scope

from .school_days import SchoolCalendar


class Count(NamedTuple):
    school: str
    days: int


class Month(NamedTuple):
    first: date
    departures: list[CalendarDay]
    counts: list[Count]


def units_met(actor: Actor) -> QuerySet[SchoolUnit]:
    """The schools where the actor works, or where the own children or the pupil have places today."""
    return SchoolUnit.objects.filter(pk__in=scope.units_met_by(actor)).order_by("name")


def body_of(unit: SchoolUnit) -> Organisation:
    """The responsible body: the root above the unit."""
    node = unit.organisation
    while node.parent is not None:
        node = node.parent
    return node


def bodies_led_by(actor: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=scope.bodies_led_by(actor)).order_by("name", "pk")


def year_to_show(years: Sequence[SchoolYear], today: date) -> SchoolYear | None:
    """Of school years in order the present one, else the next, else the last."""
    coming = [year for year in years if year.end_date >= today]
    return coming[0] if coming else years[-1] if years else None


def months_of(year: SchoolYear, units: Sequence[SchoolUnit], terms: Iterable[Term], departures: Iterable[CalendarDay]) -> list[Month]:
    """Each month of the year; a span that reaches over a month's end stands in both."""
    calendar = SchoolCalendar([], list(terms), list(departures))
    months, first = [], year.start_date
    while first <= year.end_date:
        following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        last = min(following - timedelta(days=1), year.end_date)
        rows = [row for row in calendar.departures if row.start_date <= last and row.end_date >= first]
        counts = [Count(unit.name, school_days_of(calendar, unit, first, last)) for unit in units]
        months.append(Month(first, rows, counts))
        first = following
    return months


def school_days_of(calendar: SchoolCalendar, unit: SchoolUnit, first: date, last: date) -> int:
    return sum(calendar.is_open(unit, day) for day in days.days_between(first, last))


def terms_that_hold(terms: Sequence[Term], units: Sequence[SchoolUnit]) -> list[tuple[Term, list[str]]]:
    """Each term with the schools it holds for: a school's own go before the common ones. No schools: the common ones."""
    if not units:
        return [(term, []) for term in terms if term.school_unit_id is None]
    holding = {}
    for unit in units:
        own = [term for term in terms if term.school_unit_id == unit.pk]
        holding[unit.name] = {term.pk for term in own or terms if term.school_unit_id in (None, unit.pk)}
    found = [(term, [name for name, held in holding.items() if term.pk in held]) for term in terms]
    return [(term, names) for term, names in found if names]
