"""Whether days of leave lie in a period in which a school seldom grants any, or are asked for late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from absence.models import BlockedPeriod, LeaveRequest
from absence.models.blocked_periods import BlockedPeriodQuerySet
from dexter.lib import days
from registry.models import Enrolment, Person, SchoolUnit
from registry.models.person import PersonQuerySet
from registry.reads import SchoolCalendar, school_calendar

from .leave import leave_places, leave_school_days
from .settings import settings_by_unit, settings_of

Places = Mapping[UUID, Sequence[SchoolUnit]]


class Blocked(NamedTuple):
    """One child's days in one period."""

    pupil: Person
    period: BlockedPeriod

    @property
    def key(self) -> str:
        return f"{self.pupil.pk}:{self.period.pk}"


class ShortNotice(NamedTuple):
    """One child's school wants to be asked earlier."""

    pupil: Person
    school_unit: SchoolUnit
    wanted: int  # school days ahead

    @property
    def key(self) -> str:
        return f"{self.pupil.pk}:{self.school_unit.pk}"


class Notice(NamedTuple):
    """School days ahead of the leave."""

    given: int
    wanted: int


class Cautions(NamedTuple):
    """What somebody who applies should know before sending; none of it refuses."""

    blocked: list[Blocked]
    short_notice: list[ShortNotice]

    @property
    def keys(self) -> list[str]:
        return sorted([*(row.key for row in self.blocked), *(row.key for row in self.short_notice)])


def cautions_for(pupils: Iterable[Person], first: date, last: date) -> Cautions:
    """The same number of statements for any number of pupils and schools."""
    chosen = list(pupils)
    places = leave_places(chosen, first, last)
    return Cautions(_blocked(chosen, places, first, last), _short_notice(chosen, places, first))


def periods_of(request: LeaveRequest) -> list[BlockedPeriod]:
    """The periods that the request's days lie in, as they stand now."""
    places = {request.pupil_id: [request.school_unit]}
    return [row.period for row in _blocked([request.pupil], places, request.start_date, request.end_date)]


def notice_of(request: LeaveRequest) -> Notice:
    """How long before the leave it was applied for; nothing is counted where the school wants no notice."""
    asked_on = days.day_of(request.application.submitted_at)
    wanted = settings_of(request.school_unit_id, asked_on).leave_notice_days
    if not wanted:
        return Notice(0, 0)
    calendar = school_calendar([request.pupil_id], asked_on, request.start_date)
    return Notice(_days_between(calendar, request.pupil_id, request.school_unit, asked_on, request.start_date), wanted)


def school_years_of(unit: SchoolUnit) -> list[int]:
    """Those of the unit's places that are not over, in order."""
    places = Enrolment.objects.on_or_after(days.today()).filter(school_unit=unit, cancelled=False, school_year__isnull=False)
    return list(places.order_by("school_year").values_list("school_year", flat=True).distinct())


def coming_periods(periods: BlockedPeriodQuerySet, pupils: PersonQuerySet) -> list[BlockedPeriod]:
    """What stands and is not over, of the schools and school years where the pupils have places; two statements."""
    today, open_years = days.today(), Q(school_years=[])
    places = list(
        Enrolment.objects.on_or_after(today).filter(pupil__in=pupils, cancelled=False).values_list("school_unit_id", "school_year")
    )
    for_years = [Q(school_unit=unit, school_years__contains=[year]) for unit, year in set(places) if year is not None]
    for condition in for_years:
        open_years |= condition
    found = periods.standing().filter(open_years, school_unit__in={unit for unit, _year in places}, end_date__gte=today)
    return list(found.select_related("school_unit"))


def _blocked(pupils: Iterable[Person], places: Places, first: date, last: date) -> list[Blocked]:
    units = {unit.pk for found in places.values() for unit in found}
    periods = list(BlockedPeriod.objects.standing().filter(school_unit__in=units, start_date__lte=last, end_date__gte=first))
    if not periods:
        return []
    lasting = Q(end_date__isnull=True) | Q(end_date__gte=first)
    held = Enrolment.objects.filter(lasting, pupil__in=places, school_unit__in=units, start_date__lte=last, cancelled=False)
    years = set(held.values_list("pupil_id", "school_unit_id", "school_year"))
    found = [Blocked(pupil, period) for pupil in pupils for period in periods if _concerns(period, pupil.pk, years)]
    return [row for row in found if row.period.school_unit_id in {unit.pk for unit in places[row.pupil.pk]}]


def _concerns(period: BlockedPeriod, pupil_id: UUID, years: set[tuple[UUID, UUID, int | None]]) -> bool:
    return any(
        (pupil, unit) == (pupil_id, period.school_unit_id) and (not period.school_years or year in period.school_years)
        for pupil, unit, year in years
    )


def _short_notice(pupils: Sequence[Person], places: Places, first: date) -> list[ShortNotice]:
    today = days.today()
    wanted = {
        unit: row.leave_notice_days for unit, row in settings_by_unit({u.pk for found in places.values() for u in found}, today).items()
    }
    if not any(wanted.values()):
        return []
    calendar = school_calendar([pupil.pk for pupil in pupils], today, first)
    return [
        ShortNotice(pupil, unit, wanted[unit.pk])
        for pupil in pupils
        for unit in places[pupil.pk]
        if _days_between(calendar, pupil.pk, unit, today, first) < wanted[unit.pk]
    ]


def _days_between(calendar: SchoolCalendar, pupil_id: UUID, unit: SchoolUnit, asked_on: date, first: date) -> int:
    """School days after the one on which it is asked, up to the first of the leave, that one not counted."""
    return sum(1 for day in leave_school_days(calendar, pupil_id, unit, asked_on, first) if asked_on < day < first)
