from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib.access import Role
from registry.models import GroupMembership, Person


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
