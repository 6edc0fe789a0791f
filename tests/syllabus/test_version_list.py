from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.lib.access import Role, System
from larande.syllabus.actions import import_subject
from larande.syllabus.imports.subjects import versions

from .answers import chemistry

PATH = "/larande/kursplaner/inlasta/"


def test_the_body_sees_what_was_read_when_and_from_where(cast: Any, client_as: Callable[..., Any], statements: Callable[..., int]) -> None:
    client = client_as("birgitta", Role.STAFF)
    client.get(PATH)
    before = statements(lambda: client.get(PATH))
    import_subject(actor=System(), versions=versions(chemistry()), source="https://api.example.org/syllabus")
    after = statements(lambda: client.get(PATH))
    page = client.get(PATH).content.decode()
    assert "https://api.example.org/syllabus" in page
    assert "GRGRKEM01" in page
    assert before == after


@pytest.mark.parametrize("reader", ["anna", "ingrid", "pekka"])
def test_others_of_the_staff_are_refused(cast: Any, client_as: Callable[..., Any], reader: str) -> None:
    assert client_as(reader, Role.STAFF).get(PATH).status_code == 403
    assert PATH not in client_as(reader, Role.STAFF).get("/larande/kursplaner/").content.decode()
