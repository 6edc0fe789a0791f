"""A pupil may say where they think they stand, where the school has it on; it is never asked for."""

from __future__ import annotations

from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.models import MatrixRow, MatrixUse, SelfAssessment
from registry.models import Module, ModuleSwitch
from tests.conftest import Cast
from tests.larande import made


@pytest.fixture
def use(cast: Cast) -> MatrixUse:
    """Anna's grid of two rows in 4A, at a school that has it on."""
    found = made.grid(cast.anna)
    ModuleSwitch.objects.create(school_unit=found.activity.school_unit, module=Module.SELF_ASSESSMENT, is_on=True, start_date=days.today())
    return found


@pytest.fixture
def sami(client_as: Any) -> Any:
    return client_as("sami", Role.PUPIL)


def path(use: MatrixUse) -> str:
    return f"/larande/bedomning/sjalvbedomning/{use.pk}/"


def fields(use: MatrixUse, *steps: str, version: int = 0, **more: Any) -> dict[str, Any]:
    rows = list(use.matrix.rows.all())
    values: dict[str, Any] = {"row": [str(row.pk) for row in rows]}
    for row, step in zip(rows, steps, strict=False):
        values |= {f"step-{row.pk}": step, f"comment-{row.pk}": "", f"version-{row.pk}": version}
    return {**values, **more}


def test_some_rows_or_none(cast: Cast, sami: Any, use: MatrixUse) -> None:
    assert use.matrix.title in sami.get("/larande/bedomning/sjalvbedomning/").content.decode()
    text = sami.get(path(use)).content.decode()
    assert "Amira Haddad" in text
    assert "Godtagbara kunskaper" in text
    assert sami.send(path(use), fields(use, "", "")).status_code == 302
    assert not SelfAssessment.objects.exists()
    assert sami.send(path(use), fields(use, "1", "")).status_code == 302
    view = SelfAssessment.objects.get()
    assert (view.pupil, view.step.code, view.version) == (cast.sami, "1", 1)
    emptied = fields(use, "", "", version=0)
    emptied[f"version-{view.row_id}"] = 1
    assert sami.send(path(use), emptied).status_code == 302
    assert not SelfAssessment.objects.exists()


def test_two_windows_lose_nothing(cast: Cast, sami: Any, use: MatrixUse) -> None:
    row = use.matrix.rows.all()[0]
    assert sami.send(path(use), fields(use, "1", "")).status_code == 302
    assert sami.send(path(use), fields(use, "1", "")).status_code == 302  # the same again
    late = sami.send(path(use), fields(use, "2", "", **{f"comment-{row.pk}": "<script>Jag tror"}))
    assert late.status_code == 409
    assert "&lt;script&gt;Jag tror" in late.content.decode()
    assert SelfAssessment.objects.get().step.code == "1"


def test_what_does_not_belong_is_refused_whole(cast: Cast, sami: Any, use: MatrixUse) -> None:
    foreign = str(made.grid(cast.anna).matrix.rows.all()[0].pk)
    own = [str(row.pk) for row in use.matrix.rows.all()]
    extra = {f"step-{foreign}": "1", f"version-{foreign}": 0}
    for rows in ([*own, foreign], [own[0], foreign], [*own, own[0]], own[:1], [], ["x"]):
        assert sami.send(path(use), fields(use, "1", "1", **extra, row=rows)).status_code == 422
    for steps in (("A", "1"), ("1", "x" * 30)):
        assert sami.send(path(use), fields(use, *steps)).status_code == 422
    assert sami.send(path(use), fields(use, "1", "1", version="x")).status_code == 422
    assert not SelfAssessment.objects.exists()


def test_retired_rows_are_not_asked_for(cast: Cast, sami: Any, use: MatrixUse) -> None:
    first, _second = use.matrix.rows.all()
    before = fields(use, "1", "1")
    MatrixRow.objects.filter(pk=first.pk).update(retired_at=days.now())
    assert "Rad 1" not in sami.get(path(use)).content.decode()
    assert sami.send(path(use), before).status_code == 422


def test_only_pupils_of_the_teaching_while_it_is_on(cast: Cast, client_as: Any, sami: Any, use: MatrixUse) -> None:
    roles = {"noor": Role.PUPIL, "leila": Role.PUPIL, "amira": Role.GUARDIAN, "anna": Role.STAFF}
    assert [client_as(key, role).get(path(use)).status_code for key, role in roles.items()] == [404] * 4
    assert client_as("elsa", Role.PUPIL).get(path(use)).status_code == 200
    MatrixUse.objects.filter(pk=use.pk).update(ended_at=days.now())
    assert sami.get(path(use)).status_code == 404
    MatrixUse.objects.filter(pk=use.pk).update(ended_at=None)
    ModuleSwitch.objects.all().delete()
    assert sami.get(path(use)).status_code == 404
    assert sami.send(path(use), fields(use, "1", "1")).status_code == 404
