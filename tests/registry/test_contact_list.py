"""Whom a mentor rings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import AssignmentRole, EmailAddress, Group, GroupMembership, Guardianship, Person, PhoneNumber, SchoolUnit


def page(cast: Any, group: str = "4A") -> str:
    return f"/grupper/{cast.group(group).pk}/kontakt/"


def main(response: Any) -> str:
    return str(response.content.decode().split("<main")[1].split("</main")[0])


def test_the_homes_with_phone_and_address(cast: Any, client_as: Callable[..., Any]) -> None:
    EmailAddress.objects.create(person=cast.amira, value="amira@example.org")
    PhoneNumber.objects.filter(person=cast.amira).delete()
    PhoneNumber.objects.create(person=cast.amira, value="070-999 88 77")
    for who in ("anna", "sunna", "ingrid", "pekka"):
        text = main(client_as(who, Role.STAFF).get(page(cast)))
        for shown in ("Sami Haddad", "Amira Haddad", "Jonas Haddad", "070-999 88 77", "amira@example.org", "Karin Sandström"):
            assert shown in text, (who, shown)


@pytest.mark.parametrize(("who", "status"), [("lars", 404), ("hassan", 404), ("birgitta", 404), ("maja", 404)])
def test_others_find_no_list(cast: Any, client_as: Callable[..., Any], who: str, status: int) -> None:
    assert client_as(who, Role.STAFF).get(page(cast)).status_code == status


def test_a_teacher_without_assignment_has_no_list(cast: Any, client_as: Callable[..., Any]) -> None:
    anna = client_as("anna", Role.STAFF)
    assert anna.get(page(cast, "4B")).status_code == 403
    assert "/kontakt/" not in main(anna.get(f"/grupper/{cast.group('4B').pk}/"))
    assert page(cast) in main(anna.get(f"/grupper/{cast.group('4A').pk}/"))


def test_the_list_closes_with_the_mentorship(cast: Any, client_as: Callable[..., Any]) -> None:
    SchoolUnit.objects.update(teacher_days_after=0)
    anna = client_as("anna", Role.STAFF)
    assert anna.get(page(cast)).status_code == 200
    AssignmentRole.objects.filter(group=cast.group("4A")).update(end_date=days.today() - timedelta(days=1))
    assert anna.get(page(cast)).status_code == 403


def test_the_protected_and_those_without_a_relation_are_not_on_it(cast: Any, client_as: Callable[..., Any]) -> None:
    PhoneNumber.objects.filter(person=cast.mikael).delete()
    PhoneNumber.objects.create(person=cast.mikael, value="070-555 00 11")
    PhoneNumber.objects.create(person=cast.petra, value="070-555 00 22")
    for who in ("anna", "ingrid", "pekka"):
        text = main(client_as(who, Role.STAFF).get(page(cast)))
        for hidden in ("Kim Ek", "Hemlig", "070-555 00 22", "Mikael", "070-555 00 11"):
            assert hidden not in text
    Person.objects.filter(pk=cast.id("jonas")).update(security_marking="Sekretessmarkering", agreed_name="Jon Avtalad")
    text = main(client_as("anna", Role.STAFF).get(page(cast)))
    assert "Jonas" not in text
    assert "Avtalad" not in text
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(revoked_at=days.now())
    assert "Amira" not in main(client_as("anna", Role.STAFF).get(page(cast)))


def test_the_reading_stands_in_the_log_of_each(cast: Any, client_as: Callable[..., Any]) -> None:
    client_as("anna", Role.STAFF).get(page(cast))
    entry = Entry.objects.get(action="registry.contact_list")
    assert {cast.id("sami"), cast.id("amira"), cast.id("karin")} <= set(entry.subjects)
    assert not {cast.id("kim"), cast.id("petra"), cast.id("mikael")} & set(entry.subjects)
    assert entry.object_id == cast.group("4A").pk


def test_an_empty_group_says_so(cast: Any, client_as: Callable[..., Any]) -> None:
    empty = Group.objects.create(
        name="Tom", group_type="Övrigt", school_unit=SchoolUnit.objects.get(name="Granskolan"), start_date=days.today()
    )
    text = main(client_as("pekka", Role.STAFF).get(f"/grupper/{empty.pk}/kontakt/"))
    assert "<table" not in text
    assert 'class="card empty"' in text


@pytest.mark.parametrize("who", ["anna", "pekka"])
def test_the_list_takes_a_constant_number_of_statements(
    cast: Any, client_as: Callable[..., Any], statements: Callable[..., int], who: str
) -> None:
    browser, group, path = client_as(who, Role.STAFF), cast.group("4A"), page(cast)
    browser.get("/om-dexter/")
    counts = []
    for keys in (["sami"], ["sami", "elsa", "kim"], None):
        memberships = GroupMembership.objects.filter(group=group)
        memberships.update(end_date=days.today() - timedelta(days=1))
        (memberships.filter(person__in=[cast.id(key) for key in keys]) if keys else memberships).update(end_date=None)
        counts.append(statements(lambda: browser.get(path)))
    assert counts == [3 + 8] * 3
