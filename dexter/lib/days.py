"""Days and times of the school: days in Europe/Stockholm, moments in UTC. The only place that reads the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

STOCKHOLM = ZoneInfo("Europe/Stockholm")
UTC = ZoneInfo("UTC")
ADULT_AGE = 18  # years; a guardianship ends with it (föräldrabalken 6:2)


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The school's day in which `moment` falls."""
    return moment.astimezone(STOCKHOLM).date()


def moment(day: date, clock: time) -> datetime:
    """The moment when the school's clock shows `clock` on `day`."""
    return datetime.combine(day, clock, tzinfo=STOCKHOLM)


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of `day` and the first of the next; 23, 24 or 25 hours apart."""
    return moment(day, time.min), moment(day + timedelta(days=1), time.min)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


class Week(NamedTuple):
    """An ISO week: the year and number by which Swedish schools plan."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=offset) for offset in range(7)]

    def moved(self, weeks: int) -> Week:
        return Week.of(self.monday + timedelta(weeks=weeks))


def years_before(day: date, years: int) -> date:
    """The same calendar day `years` earlier; 29 February becomes 1 March, so a birthday is never early."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def born_after_to_be_minor(day: date) -> date:
    """Who is born after this date is under 18 on `day`."""
    return years_before(day, ADULT_AGE)


def is_minor(birth_date: date | None) -> bool:
    """Under 18 today; who has no date of birth is taken for an adult, since a guardian's access needs one."""
    return birth_date is not None and birth_date > born_after_to_be_minor(today())
