"""The eighteenth birthday: access ends by itself, and the pupil alone lets a former guardian read on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import Guardianship, Person


@pytest.fixture
def grown_up(cast: Any) -> Guardianship:
    """Oskar turned 18 today."""
    Person.objects.filter(pk=cast.id("oskar")).update(birth_date=days.years_before(days.today(), 18))
    start = days.today() - timedelta(days=4000)
    return Guardianship.objects.create(guardian=cast.karin, child=cast.oskar, start_date=start)


def page(cast: Any) -> str:
    return f"/elever/{cast.id('oskar')}/"


def test_access_ends_on_the_birthday_and_comes_back_by_consent(cast: Any, grown_up: Guardianship, client_as: Callable[..., Any]) -> None:
    karin, oskar = client_as("karin", Role.GUARDIAN), client_as("oskar", Role.PUPIL, Level.E_ID)
    assert karin.get(page(cast)).status_code == 404
    assert "Karin Sandström" in oskar.get("/medgivanden/").content.decode()
    assert oskar.send(f"/medgivanden/{grown_up.pk}/ge/").status_code == 302
    assert karin.get(page(cast)).status_code == 200
    assert oskar.send(f"/medgivanden/{grown_up.pk}/ta-tillbaka/").status_code == 302
    assert karin.get(page(cast)).status_code == 404


def test_the_day_before_nothing_is_to_decide(cast: Any, client_as: Callable[..., Any]) -> None:
    Person.objects.filter(pk=cast.id("oskar")).update(birth_date=days.years_before(days.today(), 18) + timedelta(days=1))
    relation = Guardianship.objects.create(guardian=cast.karin, child=cast.oskar, start_date=days.today() - timedelta(days=4000))
    assert client_as("karin", Role.GUARDIAN).get(page(cast)).status_code == 200
    oskar = client_as("oskar", Role.PUPIL, Level.E_ID)
    assert oskar.send(f"/medgivanden/{relation.pk}/ta-tillbaka/").status_code == 404
    assert "Karin" not in oskar.get("/medgivanden/").content.decode()


def test_reading_on_is_not_reporting(cast: Any, grown_up: Guardianship, client_as: Callable[..., Any]) -> None:
    client_as("oskar", Role.PUPIL, Level.E_ID).send(f"/medgivanden/{grown_up.pk}/ge/")
    karin = client_as("karin", Role.GUARDIAN)
    start = karin.get("/start/").content.decode()
    assert "Oskar Lahti" in start
    assert f'name="pupils" value="{cast.id("oskar")}"' not in start
    tomorrow = str(days.today() + timedelta(days=1))
    fields = {"pupils": [str(cast.id("oskar"))], "first": tomorrow, "submission": "0197742b-6872-7d44-851b-cd1866eebad0"}
    assert karin.send("/franvaro/anmal/", fields).status_code in {403, 422}


def test_a_password_and_other_people_decide_nothing(cast: Any, grown_up: Guardianship, client_as: Callable[..., Any]) -> None:
    assert client_as("oskar", Role.PUPIL).send(f"/medgivanden/{grown_up.pk}/ge/").url.startswith("/bekrafta/")
    assert client_as("sami", Role.PUPIL, Level.E_ID).send(f"/medgivanden/{grown_up.pk}/ge/").status_code == 404
    assert client_as("karin", Role.GUARDIAN).send(f"/medgivanden/{grown_up.pk}/ge/").status_code == 404
    grown_up.refresh_from_db()
    assert grown_up.consented_at is None


def test_what_the_office_ended_by_hand_is_not_opened_by_consent(cast: Any, grown_up: Guardianship, client_as: Callable[..., Any]) -> None:
    oskar = client_as("oskar", Role.PUPIL, Level.E_ID)
    oskar.send(f"/medgivanden/{grown_up.pk}/ge/")
    Guardianship.objects.filter(pk=grown_up.pk).update(revoked_at=days.now())
    assert client_as("karin", Role.GUARDIAN).get(page(cast)).status_code == 404
    assert oskar.send(f"/medgivanden/{grown_up.pk}/ge/").status_code == 404
