"""Who has left reads what is theirs for a while: the roles of pupil and guardian last to the day that the unit sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from registry import reads
from registry.models import Enrolment, Group, GroupMembership, Guardianship, Person, SchoolUnit

TODAY = days.today()


def roles(cast: Any, key: str) -> tuple[Role, ...]:
    standing = reads.standing_of(cast.id(key))
    return standing.roles if standing else ()


def left(cast: Any, *keys: str, days_ago: int) -> None:
    last = TODAY - timedelta(days=days_ago)
    pupils = [cast.id(key) for key in keys]
    Enrolment.objects.filter(pupil__in=pupils).update(start_date=last - timedelta(days=400), end_date=last)
    GroupMembership.objects.filter(person__in=pupils).update(start_date=last - timedelta(days=400), end_date=last)


@pytest.mark.parametrize(("days_ago", "reads_on"), [(0, True), (180, True), (181, False)])
def test_leavers_and_their_guardians_read_on_to_the_day(cast: Any, days_ago: int, reads_on: bool) -> None:
    left(cast, "elsa", days_ago=days_ago)
    assert (Role.PUPIL in roles(cast, "elsa")) is reads_on
    assert (Role.GUARDIAN in roles(cast, "karin")) is reads_on


def test_the_unit_sets_how_long(cast: Any) -> None:
    left(cast, "elsa", days_ago=11)
    unit = SchoolUnit.objects.filter(name="Granskolan")
    unit.update(leavers_read_days=11)
    assert (roles(cast, "elsa"), roles(cast, "karin")) == ((Role.PUPIL,), (Role.GUARDIAN,))
    unit.update(leavers_read_days=10)
    assert (roles(cast, "elsa"), roles(cast, "karin")) == ((), ())


def test_one_child_still_at_school_keeps_the_role(cast: Any) -> None:
    left(cast, "noor", "sami", days_ago=500)
    assert roles(cast, "amira") == (Role.GUARDIAN,)
    left(cast, "leila", days_ago=500)
    assert roles(cast, "amira") == ()


def test_a_place_to_come_lets_the_guardian_in_and_not_yet_the_pupil(cast: Any) -> None:
    Enrolment.objects.filter(pupil=cast.id("elsa")).update(start_date=TODAY + timedelta(days=30))
    assert (roles(cast, "elsa"), roles(cast, "karin")) == ((), (Role.GUARDIAN,))


def test_a_cancelled_place_counts_for_nothing(cast: Any) -> None:
    Enrolment.objects.filter(pupil=cast.id("elsa")).update(cancelled=True)
    assert (roles(cast, "elsa"), roles(cast, "karin")) == ((), ())


def test_the_18th_birthday_and_an_ended_guardianship_close_it_all_the_same(cast: Any) -> None:
    left(cast, "elsa", days_ago=1)
    elsa = Person.objects.filter(pk=cast.id("elsa"))
    born = elsa.get().birth_date
    elsa.update(birth_date=days.years_before(TODAY, 18))
    assert (roles(cast, "elsa"), roles(cast, "karin")) == ((Role.PUPIL,), ())
    elsa.update(birth_date=born)
    assert roles(cast, "karin") == (Role.GUARDIAN,)
    Guardianship.objects.filter(guardian=cast.id("karin")).update(end_date=TODAY - timedelta(days=1))
    assert roles(cast, "karin") == ()
    assert roles(cast, "mikael") == ()


def test_a_leaver_opens_the_own_page_and_nobody_elses(cast: Any, client_as: Callable[..., Any], actor: Callable[..., Any]) -> None:
    left(cast, "sami", days_ago=100)
    pupil, page = client_as("sami", Role.PUPIL), f"/elever/{cast.id('sami')}/"
    assert pupil.get(page).status_code == 200
    assert client_as("amira", Role.GUARDIAN).get(page).status_code == 200
    assert pupil.get(f"/elever/{cast.id('elsa')}/").status_code == 404
    assert client_as("anna", Role.STAFF).get(page).status_code == 404  # the teacher's days are fewer
    assert not Group.objects.visible_to(actor("sami", Role.PUPIL)).exists()
    left(cast, "sami", days_ago=181)
    assert pupil.get(page).status_code == 302


def test_standing_is_one_statement(cast: Any, statements: Callable[..., int]) -> None:
    for key in ("amira", "sami", "erik"):
        assert statements(lambda: reads.standing_of(cast.id(key))) == 1  # noqa: B023
