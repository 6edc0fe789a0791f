from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from dexter.lib import days


def test_a_day_has_23_or_25_hours_when_the_clock_changes() -> None:
    spring, autumn = days.bounds(date(2027, 3, 28)), days.bounds(date(2026, 10, 25))
    assert [(end.astimezone(UTC) - start.astimezone(UTC)) for start, end in (spring, autumn)] == [timedelta(hours=23), timedelta(hours=25)]


def test_the_school_day_is_that_of_stockholm() -> None:
    with time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)):
        assert days.today() == date(2026, 11, 24)


@pytest.mark.parametrize(("day", "born"), [(date(2027, 3, 1), date(2009, 3, 1)), (date(2028, 2, 29), date(2010, 3, 1))])
def test_eighteen_years_before_is_never_early(day: date, born: date) -> None:
    assert days.born_after_to_be_minor(day) == born


def test_days_between_holds_both_ends() -> None:
    assert list(days.days_between(date(2026, 12, 30), date(2027, 1, 1))) == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
    assert days.moment(date(2026, 7, 1), time(8)).astimezone(UTC).hour == 6
