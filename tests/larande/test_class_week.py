"""The week of a class, for who teaches it, is its mentor or leads its school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib.access import Role
from larande.planning.models import TaskKind
from registry.models import (
    Module,
    PupilSyllabus,
    Syllabus,
)
from tests.conftest import OVERHEAD
from tests.pages import visible

from . import made
from .weeks import TODAY, plan, switch_off, task, text, week_path


def test_the_week_of_a_class_tells_all_its_subjects_and_no_pupil(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    own = Syllabus.objects.create(school_type="GRS", subject_code="GRSMAT", subject_name="Matematik, anpassad grundskola")
    PupilSyllabus.objects.create(pupil=cast.sami, activity=made.activity(), syllabus=own, start_date=TODAY - timedelta(days=9))
    fractions = plan(cast.anna, "Bråk i vardagen")
    task(fractions.plan, "Prov på bråk", kind=TaskKind.TEST)
    task(fractions.plan, "Bara 4B", teaching=made.place(fractions.plan, made.activity("4B"), cast.anna, published=True))
    plan(cast.anna, "Ett utkast", subject="GRGRSVE01", published=False)
    plan(cast.lars, "Rapparna i Rom", "8A", "GRGRSVE01")
    address = f"/larande/klass/{cast.group('4A').pk}/"
    for browser in (teacher, client_as("ingrid", Role.STAFF), client_as("sunna", Role.STAFF)):
        page = visible(text(browser, address))
        assert [words in page for words in ("Bråk i vardagen", "Prov på bråk", "Bara 4B", "Ett utkast", "Rapparna", "anpassad", "Sami")] == [
            True, True, False, False, False, False, False,
        ]  # fmt: skip
        assert "har inte publicerat något ännu i: Bild, Engelska" in page
    assert "Bråk i vardagen" not in text(teacher, f"{address}{week_path(TODAY + timedelta(weeks=9)).split('/')[3]}/")
    for key in ("lars", "erik", "maja", "hassan", "birgitta"):
        assert client_as(key, Role.STAFF).get(address).status_code == 404
    switch_off(Module.PLANNING)
    assert teacher.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_week_of_a_class_takes_the_same_statements(cast: Any, teacher: Any, statements: Any, count: int) -> None:
    for number, subject in enumerate(["GRGRMAT01", "GRGRSVE01", "GRGRENG01"][:count]):
        task(plan(cast.anna, f"Plan {number}", subject=subject).plan, f"Uppgift {number}")
    address = f"/larande/klass/{cast.group('4A').pk}/"
    teacher.get("/om-dexter/")
    assert statements(lambda: teacher.get(address)) == OVERHEAD + 7
