"""Protected identity: marked in a moment, opened by name, unlocked with a reason (attack 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib.access import Role
from registry.models import Person, ProtectedAccess, SecurityMarking
from tests.pages import visible


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def mark(browser: Any, cast: Any, key: str = "sami", **changes: str) -> Any:
    fields = {"security_marking": "Sekretessmarkering", "agreed_name": "Alex Ek", "reason": "beslut av Skatteverket"}
    return browser.send(f"/personer/{cast.id(key)}/skydd/", {**fields, **changes})


def test_the_marking_holds_everywhere_at_once(cast: Any, office: Any, teacher: Any, guardian: Any, principal: Any) -> None:
    lesson, group = f"/lektioner/{cast.lesson('4A').pk}/narvaro/", f"/grupper/{cast.group('4A').pk}/"
    pages = [f"/elever/{cast.id('sami')}/", f"/personer/{cast.id('sami')}/", f"/schema/person/{cast.id('sami')}/"]
    assert teacher.get(pages[0]).status_code == 200
    assert mark(office, cast).status_code == 302
    for browser in (teacher, guardian, principal):
        assert {browser.get(page).status_code for page in pages} == {404}
    for browser in (teacher, principal):
        found = browser.send("/personer/", {"text": "Sami Haddad"}).content.decode()
        assert f"{cast.id('sami')}" not in found
        assert "Sami" not in visible(browser.get(group))
    assert "Sami" not in visible(guardian.get("/start/"))
    roll_call = teacher.get(lesson).content.decode()
    assert "Alex Ek" in roll_call
    assert "Sami" not in visible(roll_call)
    assert office.get(pages[1]).status_code == 200  # who marked it has access by name, with the reason
    assert ProtectedAccess.objects.get(person=cast.sami).reason == "beslut av Skatteverket"


def test_a_marking_needs_an_agreed_name_and_a_reason(cast: Any, office: Any) -> None:
    assert mark(office, cast, agreed_name="").status_code == 422
    assert mark(office, cast, reason="").status_code == 422
    assert mark(office, cast, security_marking="Hemlig").status_code == 422
    assert not Person.objects.get(pk=cast.id("sami")).is_protected


def test_the_principal_alone_opens_to_others(cast: Any, office: Any, principal: Any, guardian: Any) -> None:
    mark(office, cast)
    path = f"/personer/{cast.id('sami')}/skydd/oppna/"
    opening = {"grantee": str(cast.id("amira")), "reason": "bor med barnet"}
    assert office.send(path, opening).status_code == 403
    assert principal.send(path, opening).status_code == 404  # not opened to the principal yet
    unlock = {"grantee": str(cast.id("sami")), "reason": "tar över ärendet"}
    assert principal.send("/skyddade/", unlock).status_code == 302
    assert principal.send(path, opening).status_code == 302
    assert "Alex Ek" in guardian.get("/start/").content.decode()
    assert principal.send(path, {**opening, "grantee": str(cast.id("lars"))}).status_code == 422
    access = ProtectedAccess.objects.get(person=cast.sami, grantee=cast.amira)
    assert principal.send(f"/skyddade/{access.pk}/stang/", {"reason": "flyttat"}).status_code == 302
    assert "Alex Ek" not in guardian.get("/start/").content.decode()


def test_the_last_access_stays(cast: Any, principal: Any) -> None:
    principal.send("/skyddade/", {"grantee": str(cast.id("kim")), "reason": "ärende"})
    access = ProtectedAccess.objects.get(person=cast.kim, revoked_at=None)
    assert principal.send(f"/skyddade/{access.pk}/stang/", {"reason": "x"}).status_code == 422
    access.refresh_from_db()
    assert access.revoked_at is None


def test_the_list_is_the_principals_own_and_every_look_is_logged(cast: Any, principal: Any, client_as: Callable[..., Any]) -> None:
    text = principal.get("/skyddade/").content.decode()
    assert "Kim Ek" in text
    assert "Hemlig" not in text
    assert Entry.objects.filter(action="registry.protected_list", subjects__contains=[cast.id("kim")]).count() == 1
    assert "Kim Ek" not in client_as("nina", Role.STAFF).get("/skyddade/").content.decode()
    foreign = client_as("nina", Role.STAFF).send("/skyddade/", {"grantee": str(cast.id("kim")), "reason": "x"})
    assert foreign.status_code == 422
    assert not ProtectedAccess.objects.filter(person=cast.kim).exists()


def test_taking_the_marking_away_shows_nothing_that_was_hidden(cast: Any, office: Any, teacher: Any) -> None:
    mark(office, cast)
    assert mark(office, cast, security_marking=SecurityMarking.NONE).status_code == 302
    page = teacher.get(f"/elever/{cast.id('sami')}/").content.decode()
    assert "Alex Ek" in page
    assert "Sami" not in visible(page)
