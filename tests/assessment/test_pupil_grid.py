"""One pupil's rows: steps with words, the history, who will read it, and both texts when two wrote."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from dexter.lib.access import Role
from larande.assessment.actions.assess import Mark, assess
from larande.assessment.models import Assessment, MatrixUse
from tests.assessment.test_publish_grid import publish
from tests.conftest import Browser, Cast
from tests.larande import made

from .test_class_grid import row_of, steps_for


@pytest.fixture
def use(cast: Cast) -> MatrixUse:
    return made.grid(cast.anna, rows=2)


def path(use: MatrixUse, pupil: Any) -> str:
    return reverse("assessment:pupil_grid", args=[use.pk, pupil.pk])


def form(use: MatrixUse, step: str, comment: str = "", version: int = 0) -> dict[str, Any]:
    first, second = use.matrix.rows.all()
    written = {f"step-{first.pk}": step, f"comment-{first.pk}": comment, f"version-{first.pk}": version}
    return {**written, f"step-{second.pk}": "", f"comment-{second.pk}": "", f"version-{second.pk}": 0}


def test_a_pupil_is_judged_in_words_and_the_page_says_who_reads_it(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    page = teacher.get(path(use, cast.sami)).text
    assert "Sami Haddad, Amira Haddad, Jonas Haddad" in page
    code = steps_for(use, cast.sami)[1]
    assert teacher.send(path(use, cast.sami), form(use, code, "Räknar\r\nsäkert.")).status_code == 302
    assert Assessment.objects.get().comment == "Räknar\nsäkert."
    assert "Anna Lindqvist" in teacher.get(path(use, cast.sami)).text


def test_two_teachers_see_both_texts(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    code = steps_for(use, cast.sami)
    assess(actor=actor("anna", Role.STAFF), use=use, marks=[Mark(row_of(use).pk, cast.sami.pk, code[1], "Den andras.", version=0)])
    answer = teacher.send(path(use, cast.sami), form(use, code[2], "Mina egna."))
    assert answer.status_code == 409
    assert "Den andras." in answer.text
    assert "Mina egna." in answer.text
    assert Assessment.objects.get().comment == "Den andras."


def test_the_history_keeps_what_was_judged_and_not_that_it_was_published(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    code, who = steps_for(use, cast.sami), actor("anna", Role.STAFF)
    for version, step in enumerate(code[1:3]):
        assess(actor=who, use=use, marks=[Mark(row_of(use).pk, cast.sami.pk, step, version=version)])
    publish(teacher, use, cast.sami)
    cell = teacher.get(path(use, cast.sami)).context["line"].cells[0]
    assert [change.step.code for change in cell.changes] == [code[2], code[1]]


def test_a_protected_pupils_home_is_not_named(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    page = teacher.get(path(use, cast.kim)).text
    assert "Kim Ek" in page
    assert "Petra" not in page
    assert "Hemlig" not in page


@pytest.mark.parametrize("wrong", ["foreign", "number", "long"])
def test_what_is_not_the_form_is_refused(cast: Cast, teacher: Browser, use: MatrixUse, wrong: str) -> None:
    sent = form(use, "", "x" * 2001 if wrong == "long" else "ord")
    if wrong == "foreign":
        other = row_of(made.grid(cast.anna))
        sent |= {f"step-{other.pk}": "", f"comment-{other.pk}": "ord", f"version-{other.pk}": 0}
    if wrong == "number":
        sent[f"version-{row_of(use).pk}"] = "ett"
    assert teacher.send(path(use, cast.sami), sent).status_code == 422
    assert not Assessment.objects.filter(use=use).exists()


def test_another_class_is_not_in_the_grid(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    assert teacher.get(path(use, cast.leila)).status_code == 404
