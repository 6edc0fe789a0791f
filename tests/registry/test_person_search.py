from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import civic
from dexter.lib.access import Role
from registry.models import CivicNumber, GroupMembership, Person


def search(browser: Any, text: str) -> str:
    return browser.send("/personer/", {"text": text}).content.decode()


def test_a_name_or_its_parts_find_those_one_may_see(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    for text in ("Sami Haddad", "haddad sami", "sAm hadd"):
        assert f"/elever/{cast.id('sami')}/" in search(teacher, text)
    assert f"/elever/{cast.id('leila')}/" not in search(teacher, "Haddad")
    assert "Ingen av dem du får se heter så" in search(client_as("lars", Role.STAFF), "Sami Haddad")


@pytest.mark.parametrize("text", ["a", "", "%", "__", "' OR 1=1 --", "a" * 200, "<script>alert(1)</script>", "\x00ab"])
def test_odd_searches_find_nothing_and_break_nothing(cast: Any, teacher: Any, text: str) -> None:
    page = search(teacher, text)
    assert "/elever/" not in page
    assert "<script>alert" not in page


def test_no_name_stands_in_an_address(cast: Any, teacher: Any) -> None:
    assert "/elever/" not in teacher.get("/personer/?text=Sami").content.decode()
    assert teacher.get("/personer/forslag/?text=Sami").status_code == 405


def test_suggestions_come_while_somebody_types(cast: Any, teacher: Any) -> None:
    answer = teacher.send("/personer/forslag/", {"text": "sam"}, headers={"HX-Request": "true"}).content.decode()
    assert "Sami Haddad" in answer
    assert "<html" not in answer
    assert answer.count("<li>") <= 8


def test_a_search_leaves_a_line_in_the_log_without_the_name(cast: Any, teacher: Any) -> None:
    search(teacher, "Sami Haddad")
    entry = Entry.objects.get(action="registry.search_persons")
    assert cast.id("sami") in entry.subjects
    assert "Sami" not in str(entry.details)


@pytest.mark.parametrize("hits", [1, 3])
def test_a_search_takes_a_constant_number_of_statements(cast: Any, teacher: Any, statements: Any, hits: int) -> None:
    group = cast.group("4A")
    made = Person.objects.bulk_create(Person(given_name="Unik", family_name=f"Namn {n}") for n in range(hits))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=person, start_date=group.start_date) for person in made)
    teacher.get("/om-dexter/")
    assert statements(lambda: search(teacher, "unik namn")) == 3 + 7
    assert statements(lambda: search(teacher, "Unik Namn 0")) == 3 + 6


def found(browser: Any, text: str, **more: str) -> list[str]:
    return [person.shown_name for person in browser.send("/personer/", {"text": text, **more}).context["found"]]


def in_class(cast: Any, *names: tuple[str, str]) -> None:
    group = cast.group("4A")
    for given, family in names:
        person = Person.objects.create(given_name=given, family_name=family)
        GroupMembership.objects.create(group=group, person=person, start_date=group.start_date)


@pytest.mark.parametrize("text", ["Samii Hadad", "Sami Hadda", "Sammi Haddad"])
def test_a_name_is_found_in_spite_of_a_slip(cast: Any, teacher: Any, text: str) -> None:
    assert "Sami Haddad" in found(teacher, text)


def test_the_whole_name_stands_before_its_beginning_and_both_before_what_is_like_it(cast: Any, teacher: Any) -> None:
    in_class(cast, ("Runa", "Ekdahl"), ("Runa", "Ek"), ("Bruna", "Ekman"), ("Rune", "Ekblad"))
    assert found(teacher, "Runa Ek", alike="on") == ["Runa Ek", "Runa Ekdahl", "Bruna Ekman", "Rune Ekblad"]


def test_names_that_are_only_like_it_are_offered_where_somebody_is_called_so(cast: Any, teacher: Any) -> None:
    in_class(cast, ("Runa", "Ek"), ("Rune", "Ekblad"))
    assert found(teacher, "runa ek") == ["Runa Ek"]
    assert 'name="alike"' in search(teacher, "runa ek")
    assert 'name="alike"' not in search(teacher, "Rune Ekb")


def test_a_number_finds_its_bearer_in_any_written_form_and_nobody_else(cast: Any, client_as: Callable[..., Any]) -> None:
    office = client_as("pekka", Role.STAFF)
    number = civic.decrypt(CivicNumber.objects.get(person=cast.sami, replaced_at=None).encrypted)
    for written in (number, f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}"):
        assert found(office, written) == ["Sami Haddad"]
    other = civic.decrypt(CivicNumber.objects.get(person=cast.kim, replaced_at=None).encrypted)
    assert found(client_as("hassan", Role.STAFF), number) == []
    assert len(found(office, other)) <= 1
    Person.objects.filter(pk=cast.id("sami")).update(security_marking="Sekretessmarkering", agreed_name="Vide B")
    assert found(office, number) == []


def test_a_class_and_a_school_narrow_the_search(cast: Any, client_as: Callable[..., Any]) -> None:
    office = client_as("pekka", Role.STAFF)
    page = office.send("/personer/", {"text": "4a"})
    assert [group.name for group in page.context["groups"]] == ["4A"]
    unit = cast.group("4A").school_unit_id
    assert office.send("/personer/", {"text": "Sami Haddad", "school_unit": str(unit)}).context["found"] != []
