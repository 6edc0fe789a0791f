from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from dexter.lib.access import Role
from larande.syllabus.models import SubjectVersion
from larande.syllabus.reads import changes
from tests.conftest import OVERHEAD


def version(number: int, code: str = "GRGRMAT01") -> SubjectVersion:
    return SubjectVersion.objects.get(subject_code=code, number=number)


def path(now: SubjectVersion, then: SubjectVersion) -> str:
    return reverse("syllabus:version_changes", args=[now.pk, then.pk])


def test_what_was_added_reworded_and_removed(cast: Any) -> None:
    found = changes(version(1), version(2))
    assert [str(change.how) for change in found.items] == ["added", "reworded", "removed"]
    reworded = found.items[1]
    assert "".join(piece.text for piece in reworded.told_before) == reworded.before.text
    assert "".join(piece.text for piece in reworded.told_after) == reworded.after.text
    assert [piece.text.strip() for piece in reworded.told_after if piece.differs]
    assert {str(change.how) for change in found.criteria} == {"reworded"}
    assert found.purpose is None
    assert found.abilities == []


def test_the_page_says_it_in_words_and_by_more_than_colour(cast: Any, client_as: Callable[..., Any]) -> None:
    page = client_as("amira", Role.GUARDIAN).get(path(version(2), version(1))).content.decode()
    for text in (
        "Tillagd",
        "Omformulerad",
        "Borttagen",
        "Att rita vinklar med gradskiva.",
        "<del>",
        "<ins>",
        "Exempel, inte Skolverkets text",
    ):
        assert text in page


def test_versions_of_different_subjects_are_not_compared(cast: Any, client_as: Callable[..., Any]) -> None:
    client = client_as("anna", Role.STAFF)
    assert client.get(path(version(2), version(1, "GRGRMUS01"))).status_code == 404
    assert client.get(path(version(2), version(2))).status_code == 404
    assert client.get(path(version(1), version(2))).status_code == 200  # the other way round is a fair question


def test_a_count_of_statements(cast: Any, client_as: Callable[..., Any], statements: Callable[..., int]) -> None:
    client, page = client_as("anna", Role.STAFF), path(version(2), version(1))
    client.get(page)
    assert statements(lambda: client.get(page)) == OVERHEAD + 9
