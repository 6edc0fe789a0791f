"""Which days are school days, for many pupils at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import (
    Q,
)

from registry.models import (
    CalendarDay,
    CalendarKind,
    Enrolment,
    SchoolUnit,
    Term,
)


class SchoolCalendar(NamedTuple):
    """The facts that make a day a school day, read once for many pupils and days."""

    enrolments: list[Enrolment]
    terms: list[Term]
    departures: list[CalendarDay]

    def is_school_day(self, pupil_id: UUID, day: date) -> bool:
        """Whether some unit where the pupil is enrolled that day has school."""
        return any(self.is_open(row.school_unit, day) for row in self.enrolments if row.pupil_id == pupil_id and _holds(row, day))

    def school_of(self, pupil_id: UUID, day: date) -> str:
        """The names of the units where the pupil is enrolled that day."""
        return ", ".join(sorted({row.school_unit.name for row in self.enrolments if row.pupil_id == pupil_id and _holds(row, day)}))

    def is_open(self, unit: SchoolUnit, day: date) -> bool:
        """Whether the unit has school: in a term, on one of its weekdays, and no holiday; or an extra day."""
        departures = [row.kind for row in self.departures if row.school_unit_id in (None, unit.pk) and _holds(row, day)]
        if departures:
            return CalendarKind.EXTRA_DAY in departures
        own = [term for term in self.terms if term.school_unit_id == unit.pk]
        common = [term for term in self.terms if term.school_unit_id is None]
        return day.isoweekday() in unit.weekdays and any(_holds(term, day) for term in own or common)


def school_calendar(pupils: Iterable[UUID], first: date, last: date) -> SchoolCalendar:
    """Three statements, however many pupils and days."""
    period = Q(start_date__lte=last) & (Q(end_date__isnull=True) | Q(end_date__gte=first))
    enrolments = Enrolment.objects.filter(period, pupil__in=list(pupils), cancelled=False).select_related("school_unit")
    return SchoolCalendar(list(enrolments), list(Term.objects.filter(period)), list(CalendarDay.objects.filter(period)))


def _holds(row: Enrolment | Term | CalendarDay, day: date) -> bool:
    return row.start_date <= day and (row.end_date is None or row.end_date >= day)
