"""The rooms of the own schools, and how the office keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.lib.access import Role
from registry.models import Room, SchoolUnit


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def make(browser: Any, school: str = "Granskolan", **changes: str) -> Any:
    unit = str(SchoolUnit.objects.get(name=school).pk)
    return browser.send("/salar/ny/", {"school_unit": unit, "name": "Slöjdsalen", "seats": "16", **changes})


def test_the_office_adds_a_room_once(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    assert make(office).status_code == 302
    assert make(office).status_code == 422
    assert "Slöjdsalen" in client_as("anna", Role.STAFF).get("/salar/").content.decode()
    assert "Slöjdsalen" not in client_as("lars", Role.STAFF).get("/salar/").content.decode()


def test_who_does_not_lead_the_school_changes_nothing(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    assert make(client_as("hassan", Role.STAFF)).status_code == 422
    assert make(client_as("anna", Role.STAFF)).status_code == 403
    room = Room.objects.filter(school_unit__name="Granskolan")[0]
    for who, status in (("hassan", 404), ("anna", 403)):
        fields = {"name": "Kapad", "seats": "", "version": room.modified_at.isoformat()}
        assert client_as(who, Role.STAFF).send(f"/salar/{room.pk}/uppgifter/", fields).status_code == status
    assert not Room.objects.filter(name="Kapad").exists()


def test_two_savers_and_a_name_that_is_taken(cast: Any, office: Any) -> None:
    room, other = Room.objects.filter(school_unit__name="Granskolan")[:2]
    page, version = f"/salar/{room.pk}/uppgifter/", room.modified_at.isoformat()
    assert office.send(page, {"name": "Aulan", "seats": "200", "version": version}).status_code == 302
    second = office.send(page, {"name": "Matsalen", "seats": "1", "version": version})
    assert second.status_code == 422
    assert "Aulan" in second.content.decode()
    assert 'value="Matsalen"' in second.content.decode()
    room.refresh_from_db()
    assert (room.name, room.seats) == ("Aulan", 200)
    taken = {"name": other.name, "seats": "", "version": room.modified_at.isoformat()}
    assert office.send(page, taken).status_code == 422
    assert office.send(page, {**taken, "name": "<b>Sal</b>", "seats": "0"}).status_code == 422
    assert office.send(page, {**taken, "name": "<b>Sal</b>"}).status_code == 302
    assert "<b>Sal</b>" not in office.get("/salar/").content.decode()


def test_the_list_takes_a_constant_number_of_statements(cast: Any, office: Any, statements: Callable[..., int]) -> None:
    office.get("/om-dexter/")
    full = statements(lambda: office.get("/salar/"))
    keep = Room.objects.filter(school_unit__name="Granskolan")[0]
    Room.objects.filter(school_unit__name="Granskolan", calendar_events=None).exclude(pk=keep.pk).delete()
    assert statements(lambda: office.get("/salar/")) == full == 3 + 3
