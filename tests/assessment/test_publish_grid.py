"""Publishing: what the home reads, by whom, and what of a later change it does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.actions.assess import Mark, assess
from larande.assessment.models import Assessment, MatrixRow, MatrixUse
from tests.conftest import Browser, Cast
from tests.larande import made

from .test_class_grid import row_of, steps_for


@pytest.fixture
def use(cast: Cast) -> MatrixUse:
    return made.grid(cast.anna, rows=2)


def judge(actor: Any, use: MatrixUse, pupil: Any, step: str, comment: str = "", version: int = 0) -> None:
    assess(actor=actor("anna", Role.STAFF), use=use, marks=[Mark(row_of(use).pk, pupil.pk, step, comment, version=version)])


def path(use: MatrixUse) -> str:
    return reverse("assessment:publish_grid", args=[use.pk])


def publish(teacher: Browser, use: MatrixUse, *pupils: Any, **more: Any) -> Any:
    """As the page is now."""
    sent = {"pupils": [str(pupil.pk) for pupil in pupils], "seen": teacher.get(path(use)).context["seen"]}
    return teacher.send(path(use), {**sent, **more})


def read_at_home(actor: Any, key: str, role: Role) -> list[tuple[str, str]]:
    seen = Assessment.objects.visible_to(actor(key, role)).select_related("published_step")
    return [(row.published_step.code if row.published_step else "", row.published_comment) for row in seen]


def test_only_those_ticked_are_published_and_later_changes_are_drafts(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    code = steps_for(use, cast.sami)
    judge(actor, use, cast.sami, code[1], "Bra början.")
    judge(actor, use, cast.elsa, code[1])
    page = teacher.get(reverse("assessment:publish_grid", args=[use.pk]))
    assert "Sami Haddad" in page.text
    assert publish(teacher, use, cast.sami).status_code == 302
    assert read_at_home(actor, "amira", Role.GUARDIAN) == [(code[1], "Bra början.")]
    assert read_at_home(actor, "karin", Role.GUARDIAN) == []
    judge(actor, use, cast.sami, code[2], "Nu säkrare.", version=1)
    assert read_at_home(actor, "sami", Role.PUPIL) == [(code[1], "Bra början.")]
    publish(teacher, use, cast.sami)
    assert read_at_home(actor, "sami", Role.PUPIL) == [(code[2], "Nu säkrare.")]


def test_what_was_emptied_disappears_when_published_and_all_can_be_taken_back(
    cast: Cast, teacher: Browser, use: MatrixUse, actor: Any
) -> None:
    code = steps_for(use, cast.sami)
    judge(actor, use, cast.sami, code[1], "Ord.")
    publish(teacher, use, cast.sami)
    judge(actor, use, cast.sami, "", "", version=1)
    publish(teacher, use, cast.sami)
    assert read_at_home(actor, "amira", Role.GUARDIAN) == []
    judge(actor, use, cast.sami, code[1], "", version=2)
    publish(teacher, use, cast.sami)
    assert publish(teacher, use, cast.sami, withdraw="1").status_code == 302
    assert read_at_home(actor, "amira", Role.GUARDIAN) == []
    assert Assessment.objects.get().step.code == code[1]


def test_a_foreign_pupil_or_nobody_is_refused(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    judge(actor, use, cast.sami, steps_for(use, cast.sami)[1])
    assert publish(teacher, use, cast.sami, cast.leila).status_code == 422
    assert publish(teacher, use).status_code == 422
    assert publish(teacher, use, pupils=["x"]).status_code == 422
    assert not Assessment.objects.filter(published_at__isnull=False).exists()


def test_who_leads_does_not_publish(client_as: Any, use: MatrixUse) -> None:
    assert client_as("ingrid", Role.STAFF).get(reverse("assessment:publish_grid", args=[use.pk])).status_code == 403


def test_what_was_saved_since_the_page_was_opened_does_not_go_out(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    code = steps_for(use, cast.sami)
    judge(actor, use, cast.sami, code[1], "Bra början.")
    judge(actor, use, cast.elsa, code[1])
    opened = teacher.get(path(use)).context["seen"]
    judge(actor, use, cast.sami, code[2], "Ett utkast av en kollega.", version=1)
    both = publish(teacher, use, cast.sami, cast.elsa, seen=opened)
    assert both.status_code == 409
    assert "Inget har publicerats" in both.text
    assert "Sparat sedan dess" in both.text
    assert "Ett utkast av en kollega." in both.text
    assert both.text.count("Sparat sedan dess") == 1
    assert both.text.count(" checked>") == 2  # the ticks stay
    assert not Assessment.objects.filter(published_at__isnull=False).exists()
    assert publish(teacher, use, cast.elsa, seen=opened).status_code == 302  # hers are as they were shown
    assert publish(teacher, use, cast.sami, seen=both.context["seen"]).status_code == 302
    assert read_at_home(actor, "amira", Role.GUARDIAN) == [(code[2], "Ett utkast av en kollega.")]


def test_a_first_judgement_or_a_retired_row_is_a_difference_too(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    code = steps_for(use, cast.sami)
    opened = teacher.get(path(use)).context["seen"]
    judge(actor, use, cast.sami, code[1])
    assert publish(teacher, use, cast.sami, seen=opened).status_code == 409
    opened = teacher.get(path(use)).context["seen"]
    MatrixRow.objects.filter(pk=row_of(use).pk).update(retired_at=days.now())
    assert publish(teacher, use, cast.sami, seen=opened).status_code == 409
    assert not Assessment.objects.filter(published_at__isnull=False).exists()


@pytest.mark.parametrize(
    "seen", ["", "x", "[]", "{}", '{"rows": [], "pupils": [], "versions": [1]}', '{"rows": 1, "pupils": 2, "versions": 3}']
)
def test_what_is_no_grid_publishes_nothing(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any, seen: str) -> None:
    judge(actor, use, cast.sami, steps_for(use, cast.sami)[1])
    assert publish(teacher, use, cast.sami, seen=seen).status_code == 422
    assert not Assessment.objects.filter(published_at__isnull=False).exists()
