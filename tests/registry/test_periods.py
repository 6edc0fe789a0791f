"""Whatever order the office moves pupils in, no constraint breaks and no day is lost (hypothesis)."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dexter.lib import civic, days
from dexter.lib.access import Actor, Role
from registry.actions import relations
from registry.models import Enrolment, Group, GroupMembership, GroupType, Person, SchoolUnit

TODAY = days.today()
PROPERTY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
OFFSETS = st.integers(min_value=-20, max_value=60)
MOVES = st.lists(st.tuples(st.sampled_from(["4A", "4B", "Ny"]), OFFSETS), min_size=1, max_size=6)


@pytest.fixture
def pekka(actor: Callable[..., Actor]) -> Actor:
    return actor("pekka", Role.STAFF)


def held(person: Person) -> list[GroupMembership]:
    return list(GroupMembership.objects.filter(person=person, in_class=True).order_by("start_date"))


@PROPERTY
@given(moves=MOVES)
def test_a_pupil_is_in_one_class_on_every_day_whatever_the_moves(cast: Any, pekka: Actor, moves: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        unit = SchoolUnit.objects.get(name="Granskolan")
        Group.objects.get_or_create(
            name="Ny", school_unit=unit, group_type=GroupType.CLASS, defaults={"start_date": TODAY - timedelta(days=400)}
        )
        pupil = cast.sami
        began = held(pupil)[0].start_date
        for name, offset in moves:
            first = TODAY + timedelta(days=offset)
            relations.move_to_class(actor=pekka, pupil=pupil, school_class=Group.objects.get(name=name), first_day=first)
            latest = GroupMembership.objects.on(first).get(person=pupil, in_class=True)
            assert latest.group.name == name
        rows = held(pupil)
        assert rows[0].start_date == min(began, *(row.start_date for row in rows))
        assert rows[-1].end_date is None
        for before, after in itertools.pairwise(rows):
            assert before.end_date == after.start_date - timedelta(days=1)  # no gap, no overlap
        transaction.set_rollback(True)


@PROPERTY
@given(periods=st.lists(st.tuples(OFFSETS, st.none() | st.integers(0, 30)), min_size=2, max_size=6))
def test_the_database_keeps_exactly_the_places_that_do_not_meet(cast: Any, periods: list[tuple[int, int | None]]) -> None:
    with transaction.atomic():
        unit, pupil = SchoolUnit.objects.get(name="Åsenskolan"), Person.objects.create(given_name="Prov", family_name="Elev")
        kept: list[tuple[date, date]] = []
        for offset, length in periods:
            first = TODAY + timedelta(days=offset)
            last = date.max if length is None else first + timedelta(days=length)
            meets = any(first <= end and start <= last for start, end in kept)
            try:
                with transaction.atomic():
                    Enrolment.objects.create(
                        pupil=pupil, school_unit=unit, school_type="GR", start_date=first, end_date=None if length is None else last
                    )
            except IntegrityError:
                assert meets
            else:
                assert not meets
                kept.append((first, last))
        transaction.set_rollback(True)


@PROPERTY
@given(steps=st.lists(st.tuples(st.sampled_from(["Granskolan", "Åsenskolan"]), OFFSETS), min_size=1, max_size=5))
def test_moves_between_schools_lose_no_day(cast: Any, pekka: Actor, actor: Callable[..., Actor], steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        pupil, offices = cast.sami, {"Granskolan": pekka, "Åsenskolan": actor("hassan", Role.STAFF)}
        began = Enrolment.objects.get(pupil=pupil).start_date
        for name, offset in steps:
            place = Enrolment.objects.filter(pupil=pupil).order_by("start_date").last()
            assert place is not None
            try:
                with transaction.atomic():
                    relations.move_to_school(
                        actor=offices[place.school_unit.name],
                        enrolment=place,
                        school_unit=SchoolUnit.objects.get(name=name),
                        first_day=TODAY + timedelta(days=offset),
                    )
            except ValidationError:
                continue
        rows = list(Enrolment.objects.filter(pupil=pupil).order_by("start_date"))
        assert (rows[0].start_date, rows[-1].end_date) == (began, None)
        assert all(after.start_date - timedelta(days=1) == before.end_date for before, after in itertools.pairwise(rows))
        transaction.set_rollback(True)


@settings(max_examples=300, deadline=None)
@given(born=st.dates(min_value=date(1920, 1, 1), max_value=TODAY), serial=st.integers(1, 999))
def test_every_number_that_is_written_is_read_again(born: date, serial: int) -> None:
    nine = f"{born:%y%m%d}{serial:03}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    check = -sum(number // 10 + number % 10 for number in doubled) % 10
    full = f"{born:%Y%m%d}{serial:03}{check}"
    read = civic.parse(full)
    assert (read.value, read.birth_date, read.is_male) == (full, born, serial % 2 == 1)
    assert civic.parse(f"{full[:8]}-{full[8:]}").value == full
    for wrong in range(10):
        if wrong != check:
            with pytest.raises(civic.InvalidCivicNumber):
                civic.parse(full[:-1] + str(wrong))


@given(text=st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_number(text: str) -> None:
    with contextlib.suppress(civic.InvalidCivicNumber):
        assert len(civic.parse(text).value) == 12
