from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from dexter.lib import days
from dexter.lib.access import Role, System
from larande.syllabus.actions import import_subject
from larande.syllabus.imports.subjects import versions
from larande.syllabus.models import SubjectVersion
from larande.syllabus.reads import content_of
from registry.models import Syllabus
from tests.conftest import OVERHEAD

from .answers import chemistry


def path(version: SubjectVersion) -> str:
    return reverse("syllabus:subject_detail", args=[version.pk])


def mathematics(number: int = 2) -> SubjectVersion:
    return SubjectVersion.objects.get(subject_code="GRGRMAT01", number=number)


ROLES = {"anna": Role.STAFF, "amira": Role.GUARDIAN, "sami": Role.PUPIL}


@pytest.mark.parametrize("reader", list(ROLES))
def test_a_subject_with_its_parts(cast: Any, client_as: Callable[..., Any], reader: str) -> None:
    page = client_as(reader, ROLES[reader]).get(path(mathematics())).content.decode()
    for text in (
        "Syfte",
        "Centralt innehåll, årskurs 4–6",
        "Negativa tal och tallinjen.",
        "I slutet av årskurs 9",
        "Exempel, inte Skolverkets text",
    ):
        assert text in page
    for step in "ECA":
        assert f'data-step="{step}"' in page
    assert reverse("syllabus:version_changes", args=[mathematics().pk, mathematics(1).pk]) in page


def test_a_version_that_is_over_says_so(cast: Any, client_as: Callable[..., Any]) -> None:
    assert "Gäller inte längre" in client_as("anna", Role.STAFF).get(path(mathematics(1))).content.decode()


def test_a_real_version_bears_no_mark_and_script_in_it_is_text(cast: Any, client_as: Callable[..., Any]) -> None:
    hostile = chemistry(name="Kemi <script>alert(1)</script>", purpose="<p>&lt;script&gt;alert(2)&lt;/script&gt;</p>")
    (outcome,) = import_subject(actor=System(), versions=versions(hostile), source="prov")
    page = client_as("anna", Role.STAFF).get(path(SubjectVersion.objects.get(subject_code="GRGRKEM01"))).content.decode()
    assert outcome.verdict == "new"
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)" in page
    assert "Exempel, inte" not in page
    assert "<br>" not in page.split("Blandningar")[1][:60]


def test_a_version_that_was_replaced_leads_on_and_a_real_one_goes_before_the_example(cast: Any, client_as: Callable[..., Any]) -> None:
    real = chemistry(code="GRGRMUS01", name="Musik")
    import_subject(actor=System(), versions=[*versions(real), *versions({**real, "version": 4, "startDate": "2024-07-01"})], source="prov")
    old, new = SubjectVersion.objects.filter(subject_code="GRGRMUS01", is_example=False).order_by("number")
    page = client_as("anna", Role.STAFF).get(path(old)).content.decode()
    assert "Gäller inte längre" in page
    assert path(new) in page
    music = Syllabus.objects.get(subject_code="GRGRMUS01")
    assert content_of(music, days.today()) == new
    assert content_of(music, date(2023, 1, 1)) == old


def test_no_such_version(cast: Any, client_as: Callable[..., Any]) -> None:
    assert client_as("anna", Role.STAFF).get(reverse("syllabus:subject_detail", args=[uuid4()])).status_code == 404


def test_as_many_statements_for_large_subjects(cast: Any, client_as: Callable[..., Any], statements: Callable[..., int]) -> None:
    client = client_as("anna", Role.STAFF)
    small, large = path(SubjectVersion.objects.get(subject_code="GRGRHKK01")), path(mathematics())
    client.get(small)
    assert statements(lambda: client.get(small)) == statements(lambda: client.get(large)) == OVERHEAD + 6
