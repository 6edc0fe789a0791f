"""A matrix is reworded, its rows moved, retired and removed; two who save at once lose nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.models import Assessment, AssessmentMatrix, MatrixCell, MatrixLevel, MatrixRow
from tests.conftest import Cast
from tests.larande import made


@pytest.fixture
def matrix(cast: Cast) -> AssessmentMatrix:
    """Anna's own template of three rows, with a text at E."""
    found = made.grid(cast.anna, rows=3).matrix
    AssessmentMatrix.objects.filter(pk=found.pk).update(is_template=True)
    MatrixCell.objects.bulk_create(MatrixCell(row=row, step_code="E", text=f"E om {row.title}") for row in found.rows.all())
    return AssessmentMatrix.objects.get(pk=found.pk)


def fields(matrix: AssessmentMatrix, **changes: Any) -> dict[str, Any]:
    rows = list(matrix.rows.all())
    values: dict[str, Any] = {"title": matrix.title, "version": matrix.version, "level": matrix.level, "row": [str(row.pk) for row in rows]}
    for row in rows:
        values[f"title-{row.pk}"] = row.title
        values |= {f"cell-{row.pk}-{cell.step_code}": cell.text for cell in row.cells.all()}
    return {**values, **changes}


def path(matrix: AssessmentMatrix) -> str:
    return f"/larande/bedomning/matriser/{matrix.pk}/andra/"


def titles(matrix: AssessmentMatrix) -> list[str]:
    return list(MatrixRow.objects.filter(matrix=matrix).values_list("title", flat=True))


def judge(cast: Cast, row: MatrixRow) -> None:
    use = row.matrix.uses.get()
    now = days.now()
    Assessment.objects.create(use=use, row=row, activity=use.activity, pupil=cast.sami, comment="x", assessed_by=cast.anna, assessed_at=now)


def test_words_are_changed_and_a_row_added(cast: Cast, teacher: Any, matrix: AssessmentMatrix) -> None:
    first = matrix.rows.all()[0]
    new = {"title-new": "Samarbetar", "cell-new-E": "Bidrar", "add": "1"}
    changed = {f"title-{first.pk}": "Räknar <b>", f"cell-{first.pk}-E": "", f"cell-{first.pk}--": "Inte än"}
    answer = teacher.send(path(matrix), fields(matrix, title="Bråk 2", **changed, **new))
    assert (answer.status_code, answer.url) == (302, path(matrix))
    assert titles(matrix) == ["Räknar <b>", "Rad 2", "Rad 3", "Samarbetar"]
    assert list(MatrixCell.objects.filter(row=first).values_list("step_code", "text")) == [("-", "Inte än")]
    assert "Räknar &lt;b&gt;" in teacher.get(path(matrix)).content.decode()
    matrix.refresh_from_db()
    assert (matrix.title, matrix.version) == ("Bråk 2", 2)


@pytest.mark.parametrize(
    ("way", "place", "order"),
    [("up", 1, [1, 0, 2]), ("down", 1, [0, 2, 1]), ("up", 0, [0, 1, 2]), ("down", 2, [0, 1, 2])],
)
def test_rows_are_moved(cast: Cast, teacher: Any, matrix: AssessmentMatrix, way: str, place: int, order: list[int]) -> None:
    rows = list(matrix.rows.all())
    teacher.send(path(matrix), fields(matrix, move=f"{way}:{rows[place].pk}"))
    assert titles(matrix) == [rows[number].title for number in order]


def test_a_judged_row_is_retired_but_never_removed(cast: Cast, teacher: Any, matrix: AssessmentMatrix) -> None:
    judged, other, _last = matrix.rows.all()
    judge(cast, judged)
    refused = teacher.send(path(matrix), fields(matrix, **{f"removed-{judged.pk}": "on", f"removed-{other.pk}": "on"}))
    assert refused.status_code == 422
    assert len(titles(matrix)) == 3
    assert teacher.send(path(matrix), fields(matrix, **{f"retired-{judged.pk}": "on", f"removed-{other.pk}": "on"})).status_code == 302
    judged.refresh_from_db()
    assert judged.retired_at
    assert titles(matrix) == ["Rad 1", "Rad 3"]
    matrix.refresh_from_db()
    assert teacher.send(path(matrix), fields(matrix)).status_code == 302
    judged.refresh_from_db()
    assert judged.retired_at is None


def test_no_row_left_is_refused(cast: Cast, teacher: Any, matrix: AssessmentMatrix) -> None:
    away = {f"removed-{row.pk}": "on" for row in matrix.rows.all()}
    assert teacher.send(path(matrix), fields(matrix, **away)).status_code == 422
    assert len(titles(matrix)) == 3


def test_rows_that_are_not_its_own_are_refused_whole(cast: Cast, teacher: Any, matrix: AssessmentMatrix) -> None:
    own = [str(row.pk) for row in matrix.rows.all()]
    foreign = str(made.grid(cast.anna).matrix.rows.all()[0].pk)
    for rows in ([*own, foreign], [*own, own[0]], own[:2], [foreign, *own[:2]], [*own, "x"], [*own[:2], str(uuid4())], []):
        answer = teacher.send(path(matrix), fields(matrix, title="Ny", row=rows, **{f"title-{foreign}": "Ditlagd"}))
        assert answer.status_code == 422
    assert set(titles(matrix)) == {"Rad 1", "Rad 2", "Rad 3"}
    assert not MatrixRow.objects.filter(title="Ditlagd").exists()


def test_two_savers_see_both_texts_and_lose_nothing(cast: Cast, teacher: Any, client_as: Any, matrix: AssessmentMatrix) -> None:
    AssessmentMatrix.objects.filter(pk=matrix.pk).update(is_template=False)
    matrix.refresh_from_db()
    first, gone, last = matrix.rows.all()
    before = fields(matrix)
    theirs = fields(matrix, **{f"title-{first.pk}": "Ingrids ord", f"removed-{gone.pk}": "on", "title-new": "Ingrids rad"})
    assert client_as("ingrid", Role.STAFF).send(path(matrix), theirs).status_code == 302
    mine = {**before, f"title-{first.pk}": "Annas ord", f"title-{gone.pk}": "Annas borttagna", f"cell-{last.pk}-E": "Annas cell"}
    conflict = teacher.send(path(matrix), mine)
    assert conflict.status_code == 409
    text = conflict.content.decode()
    for said in ("Ingrids ord", "Annas ord", "Annas borttagna", "Annas cell", "Ingrids rad"):
        assert said in text
    assert titles(matrix) == ["Ingrids ord", "Rad 3", "Ingrids rad"]
    form = conflict.context["form"]
    again = {name: form.data.getlist(name) for name in form.data}
    assert teacher.send(path(matrix), again).status_code == 302
    assert titles(matrix) == ["Annas ord", "Rad 3", "Ingrids rad"]
    assert MatrixCell.objects.get(row=last).text == "Annas cell"


def test_only_by_right(cast: Cast, client_as: Any, matrix: AssessmentMatrix) -> None:
    def ask(key: str) -> int:
        return int(client_as(key, Role.STAFF).get(path(matrix)).status_code)

    assert [ask(key) for key in ("anna", "ingrid", "erik", "lars", "birgitta")] == [200, 403, 404, 404, 404]
    AssessmentMatrix.objects.filter(pk=matrix.pk).update(level=MatrixLevel.SCHOOL)
    assert [ask(key) for key in ("anna", "ingrid", "erik", "lars", "birgitta")] == [403, 200, 403, 404, 200]
    AssessmentMatrix.objects.filter(pk=matrix.pk).update(level=MatrixLevel.MUNICIPALITY)
    assert [ask(key) for key in ("anna", "ingrid", "erik", "lars", "birgitta")] == [403, 403, 403, 403, 200]


def test_nobody_raises_a_matrix_to_a_level_of_others(cast: Cast, client_as: Any, teacher: Any, matrix: AssessmentMatrix) -> None:
    assert teacher.send(path(matrix), fields(matrix, level="school")).status_code == 422
    AssessmentMatrix.objects.filter(pk=matrix.pk).update(level=MatrixLevel.SCHOOL)
    matrix.refresh_from_db()
    assert client_as("ingrid", Role.STAFF).send(path(matrix), fields(matrix, level="municipality")).status_code == 422
    assert client_as("birgitta", Role.STAFF).send(path(matrix), fields(matrix, level="municipality")).status_code == 302


def test_the_page_takes_the_same_statements_for_one_row_and_three(cast: Cast, teacher: Any, statements: Any) -> None:
    few, many = made.grid(cast.anna, rows=1).matrix, made.grid(cast.anna, rows=3).matrix
    assert [statements(lambda page=page: teacher.get(path(page))) for page in (few, many)] == [12, 12]
