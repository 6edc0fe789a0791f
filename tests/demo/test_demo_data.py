"""The demo municipality: the same from the same seed, complete, and always with something to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from absence.models import SEEN, Deviation, Effective, RollCall
from dexter.home.demo import people, timetable
from dexter.home.demo.cast import CAST
from dexter.home.demo.seeded import NUMBERS, Numbers, Seeded
from dexter.lib import civic, days
from dexter.lib.access import Role
from registry.models import CalendarEvent, CivicNumber, Enrolment
from registry.reads import lessons_held_by, standing_of
from tests.database import PUPILS


def test_chance_repeats_itself_down_to_the_keys() -> None:
    first, second, other = Seeded(1), Seeded(1), Seeded(2)
    keys = [first.uuid() for _ in range(50)]
    assert keys == [second.uuid() for _ in range(50)] != [other.uuid() for _ in range(50)]
    assert keys == sorted(keys)
    assert {key.version for key in keys} == {7}


def test_numbers_are_official_test_numbers_and_then_temporary_ones() -> None:
    official, numbers = set(NUMBERS.read_text(encoding="ascii").split()), Numbers()
    taken = [numbers.take(2015, male=number % 2 == 0) for number in range(200)]
    personal = [number.value for number in taken if number.kind is civic.Kind.PERSONAL]
    assert set(personal) <= official
    assert len(set(personal)) == len(personal) > 40
    assert all(civic.parse(number.value).kind is civic.Kind.TEMPORARY for number in taken if number.value not in official)


def test_there_are_exactly_as_many_pupils_as_asked_for(cast: Any) -> None:
    assert Enrolment.objects.count() == PUPILS


def test_every_number_can_be_read_back(cast: Any) -> None:
    for row in CivicNumber.objects.all():
        assert civic.parse(civic.decrypt(row.encrypted)).kind == row.kind


def test_the_casts_ages_hold_whatever_day_it_is(cast: Any) -> None:
    for role in CAST:
        born = getattr(cast, role.key).birth_date
        assert (born > days.born_after_to_be_minor(days.today())) is (role.age < 18), role.key
    assert standing_of(cast.id("erik")).roles == (Role.GUARDIAN, Role.STAFF)  # type: ignore[union-attr]
    assert standing_of(cast.id("fadumo")).roles == (Role.GUARDIAN, Role.PUPIL)  # type: ignore[union-attr]
    assert standing_of(cast.id("mikael")).roles == ()  # type: ignore[union-attr]


@pytest.mark.parametrize("hour", [8, 12, 17, 21])
def test_there_is_a_lesson_now_next_and_tomorrow(cast: Any, actor: Callable[..., Any], at: Any, hour: int) -> None:
    at(hour, 15)
    lessons = lessons_held_by(actor("anna", Role.STAFF))
    now = days.now()
    assert lessons.filter(starts_at__lte=now, ends_at__gt=now).exists()
    assert lessons.filter(starts_at__gt=now).exists()
    assert lessons.filter(day=days.today() + timedelta(days=1)).exists()


def test_there_is_some_history_with_some_absence(cast: Any) -> None:
    assert RollCall.objects.count() > 500
    assert (
        0.01
        < sum(len(call.deviations.all()) for call in RollCall.objects.prefetch_related("deviations")) / (RollCall.objects.count() * 4)
        < 0.12
    )


def test_history_has_departures_of_all_kinds_and_judgements(cast: Any) -> None:
    for kind in SEEN:
        assert Deviation.objects.filter(**{f"{kind}_minutes__gt": 0}).exists(), kind
    assert Effective.objects.exclude(verdict=None).exists()
    assert not RollCall.objects.filter(day__gte=days.today()).exists()


def test_extending_twice_changes_nothing_the_second_time(cast: Any) -> None:
    before = CalendarEvent.objects.count()
    assert timetable.extend() > 0
    assert timetable.extend() == 0
    last = days.today() + timedelta(days=timetable.EXTEND_DAYS)
    assert CalendarEvent.objects.filter(day=last).count() == CalendarEvent.objects.filter(day=days.today()).count()
    assert CalendarEvent.objects.count() > before


def test_the_provider_offers_readable_people(cast: Any) -> None:
    offered = people.eid_people()
    assert len({person["sub"] for person in offered}) == len(offered) > 15
    known = {person["sub"]: civic.parse(person[people.NUMBER_CLAIM]) for person in offered}
    assert known["Amira Haddad – vårdnadshavare till tre barn i två skolor"].kind is civic.Kind.PERSONAL


def test_made_up_people_never_go_into_a_real_register(cast: Any, settings: Any) -> None:
    with pytest.raises(CommandError, match="holds a municipality already"):
        call_command("demo_data")
    settings.DEMO = False
    for command in ("demo_data", "demo"):
        with pytest.raises(CommandError, match=r"DEMO is not set|This is no demo"):
            call_command(command)
