"""Days and times of the school: days in Europe/Stockholm, moments in UTC. The only place that reads the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

STOCKHOLM = ZoneInfo("Europe/Stockholm")
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


def years_before(day: date, years: int) -> date:
    """The same calendar day `years` earlier; 29 February becomes 1 March, so a birthday is never early."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def born_after_to_be_minor(day: date) -> date:
    """Who is born after this date is under 18 on `day`."""
    return years_before(day, ADULT_AGE)
