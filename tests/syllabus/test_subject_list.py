from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from dexter.lib.access import Role, System
from larande.syllabus.actions import import_subject
from larande.syllabus.imports.subjects import versions
from larande.syllabus.models import SubjectVersion
from registry.models import Module, ModuleSwitch, SchoolUnit
from tests.conftest import OVERHEAD

from .answers import chemistry

PATH = "/larande/kursplaner/"


ROLES = {"anna": Role.STAFF, "amira": Role.GUARDIAN, "sami": Role.PUPIL, "birgitta": Role.STAFF}


@pytest.mark.parametrize("reader", list(ROLES))
def test_everybody_reads_the_curriculum_by_form_of_school(cast: Any, client_as: Callable[..., Any], reader: str) -> None:
    page = client_as(reader, ROLES[reader]).get(PATH).content.decode()
    for heading in ("Grundskola", "Anpassad grundskola", "Matematik 1a", "inte Skolverkets text", "Exempel</span>"):
        assert heading in page
    assert page.count("GRGRMAT01") == 1  # the version in force alone


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ({"words": "matem"}, "Matematik", "Musik"),
        ({"words": "pythagoras"}, "Matematik", "Musik"),
        ({"words": "hkk"}, "Hem- och konsumentkunskap", "Musik"),
        ({"school_type": "GRS"}, "GRANMAT01", "GRGRMAT01"),
        ({"words": "'; DROP TABLE x --"}, "Inget ämne passar", "Matematik<"),
        ({"words": "<script>alert(1)</script>"}, "Inget ämne passar", "<script>alert(1)"),
    ],
)
def test_the_list_is_narrowed(cast: Any, client_as: Callable[..., Any], asked: dict[str, str], found: str, not_found: str) -> None:
    page = client_as("anna", Role.STAFF).get(PATH, asked).content.decode()
    assert found in page
    assert not_found not in page


def test_an_unknown_form_of_school_is_told(cast: Any, client_as: Callable[..., Any]) -> None:
    assert client_as("anna", Role.STAFF).get(PATH, {"school_type": "HEMMA"}).status_code == 200


def test_where_larande_is_switched_off_there_is_no_curriculum(cast: Any, client_as: Callable[..., Any]) -> None:
    for unit in SchoolUnit.objects.all():
        ModuleSwitch.objects.create(school_unit=unit, module=Module.LARANDE, is_on=False, start_date="2020-01-01")
    version = SubjectVersion.objects.get(subject_code="GRGRMAT01", number=2)
    assert client_as("anna", Role.STAFF).get(reverse("syllabus:subject_detail", args=[version.pk])).status_code == 404
    assert "Matematik" not in client_as("anna", Role.STAFF).get(PATH).content.decode()


def test_as_many_statements_for_many_subjects(cast: Any, client_as: Callable[..., Any], statements: Callable[..., int]) -> None:
    client = client_as("anna", Role.STAFF)
    client.get(PATH)
    one, many = ({"school_type": form} for form in ("GRS", "GR"))
    assert statements(lambda: client.get(PATH, one)) == statements(lambda: client.get(PATH, many)) == OVERHEAD + 3
    assert statements(lambda: client.get(PATH)) == OVERHEAD + 4  # what comes, too


def test_what_comes_is_listed_until_it_holds(cast: Any, client_as: Callable[..., Any], at: Callable[..., None]) -> None:
    import_subject(actor=System(), versions=versions(chemistry(startDate="2028-07-01")), source="prov")
    client = client_as("anna", Role.STAFF)
    assert "Börjar gälla senare" in client.get(PATH).content.decode()
    assert "Börjar gälla senare" not in client.get(PATH, {"words": "bild"}).content.decode()
    at(9, day=date(2028, 7, 1))
    assert "Börjar gälla senare" not in client_as("anna", Role.STAFF).get(PATH).content.decode()
