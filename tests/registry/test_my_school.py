"""What a pupil and a home see of the school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Activity, AssignmentRole, Duty, DutyAssignment, Person, SchoolUnit
from registry.reads import school_facts
from tests.pages import visible


def main(response: Any) -> str:
    return str(response.content.decode().split("<main")[1].split("</main")[0])


def teach(activity: str, person: Person, **period: Any) -> None:
    duty = Duty.objects.get(person=person)
    DutyAssignment.objects.create(activity=Activity.objects.get(name=activity), duty=duty, **{"start_date": days.today(), **period})


def test_the_pupil_sees_phone_mentor_and_teachers_by_subject(cast: Any, client_as: Callable[..., Any]) -> None:
    SchoolUnit.objects.filter(name="Granskolan").update(phone="0999-12 34")
    text = main(client_as("sami", Role.PUPIL).get("/min-skola/"))
    for shown in ("Granskolan", "0999-12 34", "4A", "Anna Lindqvist", "Matematik"):
        assert shown in text
    assert "4B" not in visible(text)
    assert "Åsenskolan" not in text


def test_the_guardian_sees_the_same_on_each_childs_page(cast: Any, client_as: Callable[..., Any]) -> None:
    amira = client_as("amira", Role.GUARDIAN)
    sami, leila = (main(amira.get(f"/elever/{cast.id(key)}/")) for key in ("sami", "leila"))
    assert "Anna Lindqvist" in sami
    assert "Lars Öberg" in leila
    assert "Lars Öberg" not in sami
    for text in (sami, leila):
        assert "/lasar/" in text
        assert "/schema/person/" in text
        assert 'href="tel:08-4650' in text


def test_only_who_teaches_today_is_named_and_a_protected_colleague_never(cast: Any, client_as: Callable[..., Any]) -> None:
    teach("Bild 4A", cast.maja)
    teach("Musik 4A", cast.erik, start_date=days.today() + timedelta(days=1))
    teach("Svenska 4A", cast.sunna, start_date=days.today() - timedelta(days=9), end_date=days.today() - timedelta(days=1))
    page = client_as("sami", Role.PUPIL)
    text = main(page.get("/min-skola/"))
    assert "Maja Holm" in text
    assert "Erik Nilsson-Berg" not in text
    assert "Sunna Labba" not in text
    for key in ("maja", "anna"):
        Person.objects.filter(pk=cast.id(key)).update(security_marking="Sekretessmarkering", agreed_name="Avtalad Vuxen")
    for hidden in (main(page.get("/min-skola/")), main(client_as("amira", Role.GUARDIAN).get(f"/elever/{cast.id('sami')}/"))):
        assert "Maja" not in visible(hidden)
        assert "Anna" not in visible(hidden)
        assert "Avtalad" not in hidden


def test_a_name_with_script_is_shown_as_text(cast: Any, client_as: Callable[..., Any]) -> None:
    Activity.objects.filter(name="Bild 4A").update(syllabus=None, name="<script>alert(1)</script>")
    assert "<script>alert" not in client_as("sami", Role.PUPIL).get("/min-skola/").content.decode()


def test_a_pupil_without_class_or_teachers_still_has_a_page(cast: Any, client_as: Callable[..., Any]) -> None:
    AssignmentRole.objects.all().delete()
    DutyAssignment.objects.all().delete()
    assert client_as("sami", Role.PUPIL).get("/min-skola/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_a_constant_number_of_statements(
    cast: Any, client_as: Callable[..., Any], statements: Callable[..., int], rows: int
) -> None:
    for key in ("maja", "erik", "sunna")[:rows]:
        teach("Bild 4A", getattr(cast, key))
    sami = client_as("sami", Role.PUPIL)
    sami.get("/om-dexter/")
    assert statements(lambda: sami.get("/min-skola/")) == 3 + 5
    assert statements(lambda: school_facts(cast.sami)) == 5  # the pupil, and four


@pytest.mark.parametrize("key", ["sami", "noor", "leila"])
def test_a_childs_page_takes_a_constant_number_of_statements(
    cast: Any, client_as: Callable[..., Any], statements: Callable[..., int], key: str
) -> None:
    amira = client_as("amira", Role.GUARDIAN)
    amira.get("/om-dexter/")
    page = f"/elever/{cast.id(key)}/"
    assert statements(lambda: amira.get(page)) <= 18
