"""The sums of a period: they part the time that was reported, and say what the one definition says, whatever happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from absence.models import Effective, RollCall
from absence.reads import By, Wanted, statistics_of, sums_by_pupil
from absence.reads.sums import Sums
from dexter.lib import days
from registry.models import GroupMembership, Person, SecurityMarking

from .schools import MINUTES, School


@contextmanager
def tried() -> Iterator[None]:
    """Each example has the town for itself."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def school(cast: Any) -> School:
    return School(cast)


def wanted(school: School, by: By = By.CLASS, **more: Any) -> Wanted:
    return Wanted(school.unit, school.began, school.today, by, **more)


def by_key(school: School, by: By, **more: Any) -> dict[str, Sums]:
    return {line.key: line.sums for line in statistics_of(wanted(school, by, **more)).lines}


minutes = st.integers(0, 20)
departures = st.tuples(minutes, minutes, minutes) | st.just((MINUTES, 0, 0))
lessons = st.lists(
    st.tuples(st.integers(1, 4), st.integers(8, 14), st.integers(0, 1), st.booleans()), min_size=1, max_size=6, unique_by=lambda x: x[:3]
)
events = st.lists(
    st.tuples(
        st.sampled_from(["report", "leave", "judge", "elsewhere"]),
        st.integers(0, 3),
        st.integers(1, 4),
        st.integers(7, 15),
        st.integers(1, 4),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lessons=lessons, departures=st.lists(departures, min_size=12, max_size=12), events=events, late_counts=st.booleans())
def test_sums_part_the_reported_time_and_equal_the_definition(
    cast: Any, lessons: Any, departures: Any, events: Any, late_counts: bool
) -> None:
    with tried():
        school = School(cast)
        pupils = school.pupils[0] + school.pupils[1]
        calls: list[tuple[RollCall, list[Person]]] = []
        for ago, hour, klass, mixed in lessons:
            roster = pupils if mixed else school.pupils[klass]
            lesson = school.lesson(school.today - timedelta(days=ago), hour, klass)
            calls.append((school.call(lesson, roster, late_is_unauthorised=late_counts), roster))
        spread = iter(departures)
        for call, roster in calls:
            for pupil in roster[:2]:
                absent, late, early = next(spread, (0, 0, 0))
                if absent + late + early:
                    school.away(
                        call,
                        pupil,
                        absent,
                        late if absent + late + early <= MINUTES else 0,
                        early if absent + late + early <= MINUTES else 0,
                    )
        _happen(school, calls, pupils, events)
        for by in By:
            found = statistics_of(wanted(school, by))
            in_lines = sum((line.sums for line in found.lines), Sums())
            assert in_lines == found.total, by
            assert found.total == _defined(school)
            assert min(found.total.present, found.total.valid, found.total.unauthorised, found.total.other) >= 0


def _happen(school: School, calls: Any, pupils: list[Person], events: Any) -> None:
    """Reports in time and late, leave and judgements, where they do not exclude each other."""
    taken, left, judged = set(), set(), set()
    for kind, who, ago, hour, length in events:
        pupil, day = pupils[who], school.today - timedelta(days=ago)
        if kind == "report" and not any((who, ago, h) in taken for h in range(hour, hour + length)):
            taken |= {(who, ago, h) for h in range(hour, hour + length)}
            starts_at = days.moment(day, time(hour, 10))
            reported_at = starts_at + timedelta(hours=-3 if length % 2 else 5)
            school.report(pupil, starts_at, starts_at + timedelta(hours=length), reported_at)
        elif kind == "leave" and (who, ago) not in left:
            left.add((who, ago))
            school.leave(pupil, [day])
        elif kind == "judge" and (who, ago % len(calls)) not in judged:
            judged.add((who, ago % len(calls)))
            school.judge(calls[ago % len(calls)][0], pupil, "valid" if hour % 2 else "unauthorised")


def _defined(school: School) -> Sums:
    """By the view, row by row, and the rosters one by one."""
    reported = sum(call.lesson_minutes * len(call.roster) for call in RollCall.objects.filter(school_unit=school.unit))
    rows = Effective.objects.filter(school_unit=school.unit)
    sums = rows.aggregate(valid=Sum("valid_minutes"), unauthorised=Sum("unauthorised_minutes"), other=Sum("other_minutes"))
    return Sums(reported, *(sums[name] or 0 for name in ("valid", "unauthorised", "other")))


def test_a_pupil_who_changes_class_counts_in_the_class_of_the_day(school: School) -> None:
    pupil, monday = school.pupils[0][0], school.today - timedelta(days=10)
    first = school.call(school.lesson(monday), [pupil])
    school.away(first, pupil, absent=MINUTES)
    GroupMembership.objects.filter(person=pupil).update(end_date=monday + timedelta(days=1))
    GroupMembership.objects.create(group=school.classes[1], person=pupil, start_date=monday + timedelta(days=2))
    school.call(school.lesson(monday + timedelta(days=2), klass=1), [pupil])
    found = by_key(school, By.CLASS)
    assert found[str(school.classes[0].pk)] == Sums(MINUTES, 0, MINUTES, 0)
    assert found[str(school.classes[1].pk)] == Sums(MINUTES, 0, 0, 0)
    assert by_key(school, By.PUPIL, klasses=(school.classes[1].pk,)) == {str(pupil.pk): Sums(MINUTES)}


def test_each_way_to_part_the_time_has_its_keys(school: School) -> None:
    monday = school.today - timedelta(days=school.today.weekday() + 7)
    for hour, subject in ((8, "MA"), (10, "SV"), (12, "SV")):
        school.call(school.lesson(monday, hour, 0, subject), school.pupils[0])
    school.call(school.lesson(monday + timedelta(days=1), 9, 1), school.pupils[1])
    assert {key: sums.offered for key, sums in by_key(school, By.WEEKDAY).items()} == {"1": 6 * MINUTES, "2": 2 * MINUTES}
    assert {key: sums.offered for key, sums in by_key(school, By.LESSON).items()} == {"1": 4 * MINUTES, "2": 2 * MINUTES, "3": 2 * MINUTES}
    assert {key: sums.offered for key, sums in by_key(school, By.YEAR).items()} == {"1": 6 * MINUTES, "2": 2 * MINUTES}
    assert len(by_key(school, By.SUBJECT)) == 3  # by activity; the page joins those of a subject
    assert by_key(school, By.CLASS, year=2) == {str(school.classes[1].pk): Sums(2 * MINUTES)}


def test_the_protected_are_in_no_sum(school: School) -> None:
    pupil, other = school.pupils[0]
    call = school.call(school.lesson(school.today - timedelta(days=3)), [pupil, other])
    school.away(call, pupil, absent=MINUTES)
    Person.objects.filter(pk=pupil.pk).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Vide B")
    for by in By:
        assert statistics_of(wanted(school, by)).total == Sums(MINUTES), by
    assert set(by_key(school, By.PUPIL)) == {str(other.pk)}
    assert set(sums_by_pupil(school.unit, school.began, school.today)) >= {other.pk}


def test_lessons_that_nobody_reported_are_offered(school: School) -> None:
    """SS 12000: reportedSum are lessons marked as reported, offeredSum all that the pupil could attend."""
    pupil = school.pupils[0][0]
    day = school.today - timedelta(days=2)
    school.call(school.lesson(day, 8), school.pupils[0])
    school.lesson(day, 10)
    cancelled = school.lesson(day, 12)
    cancelled.cancelled = True
    cancelled.save()
    school.lesson(school.today + timedelta(days=2), 8)
    found = sums_by_pupil(school.unit, school.began, school.today + timedelta(days=5))[pupil.pk]
    assert (found.sums.offered, found.offered) == (MINUTES, 2 * MINUTES)


def test_who_is_moved_for_days_that_were_called_is_offered_no_time_twice(school: School) -> None:
    """The first class was called at eight, the other was not; afterwards the pupil turns out to have been in the other since long."""
    pupil, day = school.pupils[0][0], school.today - timedelta(days=2)
    school.call(school.lesson(day, 8), school.pupils[0])
    school.lesson(day, 8, klass=1)
    school.lesson(day, 10, klass=1)
    GroupMembership.objects.filter(person=pupil).update(end_date=day - timedelta(days=1))
    GroupMembership.objects.create(group=school.classes[1], person=pupil, start_date=day)
    found = sums_by_pupil(school.unit, school.began, school.today)[pupil.pk]
    assert (found.sums.offered, found.unreported) == (MINUTES, MINUTES)


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_pupils(cast: Any, statements: Callable[..., int], count: int) -> None:
    school = School(cast, pupils=count)
    for ago in range(1, 4):
        call = school.call(school.lesson(school.today - timedelta(days=ago)), school.pupils[0])
        school.away(call, school.pupils[0][0], absent=MINUTES)
    assert statements(lambda: statistics_of(wanted(school, By.PUPIL))) == 2
    assert statements(lambda: statistics_of(wanted(school, By.CLASS, year=1))) == 4
    assert statements(lambda: sums_by_pupil(school.unit, school.began, school.today)) == 3


def test_a_report_of_two_parts_of_a_day_counts_both(school: School) -> None:
    pupil, day = school.pupils[0][0], school.today - timedelta(days=2)
    call = school.call(school.lesson(day, 8), [pupil])
    school.away(call, pupil, absent=MINUTES)
    early = days.moment(day, time(6))
    for first, last in ((0, 10), (30, 45)):
        opens = days.moment(day, time(8, first))
        school.report(pupil, opens, datetime.combine(day, time(8, last), days.STOCKHOLM), early)
    assert statistics_of(wanted(school)).total == Sums(MINUTES, 25, 25, 0) == _defined(school)
