"""The grid of a class: what it shows and to whom, what it costs, and that nothing foreign gets in or is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from dexter.audit.models import Entry
from dexter.lib.access import Role
from dexter.lib.models import uuid7
from larande.assessment.actions.assess import Conflict, Mark, assess
from larande.assessment.models import Assessment, MatrixRow, MatrixUse
from registry.models import DutyAssignment, Group, GroupMembership, Guardianship, Module, ModuleSwitch, Person, RelationType
from tests.conftest import OVERHEAD, Browser, Cast
from tests.larande import made

VIEW, ONE_CELL, ALL_CELLS = 8, 8, 12  # the bars of the issue
SCALE = ("-", "E", "C", "A")


@pytest.fixture
def use(cast: Cast) -> MatrixUse:
    return made.grid(cast.anna, rows=2)


def path(use: MatrixUse) -> str:
    return reverse("assessment:class_grid", args=[use.pk])


def steps_for(use: MatrixUse, pupil: Person) -> list[str]:
    from larande.assessment import reads
    from larande.assessment.reads import day_of

    return [step.code for step in reads.scales_for([pupil.pk], use.activity, day_of(use))[pupil.pk].steps]


def sent_form(page: Any, changes: dict[tuple[Any, Any], str]) -> dict[str, Any]:
    """What the browser would send of the page, with some cells chosen otherwise."""
    grid = page.context["grid"]
    data = {f"step-{cell.row.pk}-{cell.pupil.pk}": cell.step for line in grid.lines if line.is_open for cell in line.cells}
    data |= {f"step-{row}-{pupil}": code for (row, pupil), code in changes.items()}
    return {**data, "before": page.context["packed"]}


def row_of(use: MatrixUse, place: int = 0) -> MatrixRow:
    return list(use.matrix.rows.all())[place]


def test_the_teacher_judges_the_class_and_each_reading_is_logged(teacher: Browser, use: MatrixUse, cast: Cast) -> None:
    page = teacher.get(path(use))
    assert page.status_code == 200
    assert "Sami Haddad" in page.text
    code = steps_for(use, cast.sami)[-1]
    saved = teacher.send(path(use), sent_form(page, {(row_of(use).pk, cast.sami.pk): code}))
    assert saved.status_code == 302
    judged = Assessment.objects.get()
    assert (judged.step.code, judged.pupil_id, judged.assessed_by_id, judged.published_at) == (code, cast.sami.pk, cast.anna.pk, None)
    assert list(Entry.objects.filter(object_id=use.pk).order_by("at").values_list("action", flat=True)) == [
        "assessment.class_grid",
        "assessment.assess",
    ]
    assert "Utkast" not in teacher.get(path(use)).text  # in the grid a draft is a dashed frame


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_the_view_costs_the_same_for_any_class(cast: Cast, teacher: Browser, statements: Callable[..., int], rows: int) -> None:
    use = made.grid(cast.anna, rows=rows)
    full = statements(lambda: teacher.get(path(use)))
    GroupMembership.objects.filter(group=cast.group("4A")).exclude(person__in=[cast.sami, cast.elsa]).delete()
    assert statements(lambda: teacher.get(path(use))) == full
    assert full - OVERHEAD - 1 <= VIEW  # and a line in the log


@pytest.mark.parametrize("rows", [1, 12])
def test_all_cells_are_saved_in_a_constant_number_of_statements(
    cast: Cast, teacher: Browser, statements: Callable[..., int], rows: int
) -> None:
    use = made.grid(cast.anna, rows=rows)
    page = teacher.get(path(use))
    code = steps_for(use, cast.sami)[1]
    everything = {(cell.row.pk, cell.pupil.pk): code for line in page.context["grid"].lines if line.is_open for cell in line.cells}
    first = sent_form(page, everything)
    assert statements(lambda: teacher.send(path(use), first)) - OVERHEAD <= ALL_CELLS
    assert Assessment.objects.filter(use=use).count() == len(everything)
    again = sent_form(teacher.get(path(use)), dict.fromkeys(everything, steps_for(use, cast.sami)[2]))
    assert statements(lambda: teacher.send(path(use), again)) - OVERHEAD <= ALL_CELLS


def test_a_stale_cell_stops_the_whole_and_shows_both(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    page, code = teacher.get(path(use)), steps_for(use, cast.sami)
    place = (row_of(use).pk, cast.sami.pk)
    assess(actor=actor("anna", Role.STAFF), use=use, marks=[Mark(*place, code[1], before="")])
    answer = teacher.send(path(use), sent_form(page, {place: code[2], (row_of(use).pk, cast.elsa.pk): code[1]}))
    assert answer.status_code == 409
    assert "Sparat som" in answer.text
    assert Assessment.objects.count() == 1
    cell = next(cell for line in answer.context["grid"].lines for cell in line.cells if (cell.row.pk, cell.pupil.pk) == place)
    assert (cell.shown_step, cell.step) == (code[2], code[1])
    assert teacher.send(path(use), sent_form(answer, {place: code[2]})).status_code == 302
    assert Assessment.objects.get().step.code == code[2]


def test_the_same_form_twice_changes_nothing_more(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    form = sent_form(teacher.get(path(use)), {(row_of(use).pk, cast.sami.pk): steps_for(use, cast.sami)[1]})
    assert [teacher.send(path(use), form).status_code for _time in range(2)] == [302, 302]
    assert Assessment.objects.get().version == 1


def broken(form: dict[str, Any], use: MatrixUse, cast: Cast, how: str) -> dict[str, Any]:
    name = f"step-{row_of(use).pk}-{cast.sami.pk}"
    before = json.loads(form["before"])
    if how == "foreign pupil":
        before["pupils"].append(str(cast.leila.pk))
        before["steps"] += ["", ""]
        form |= {f"step-{row.pk}-{cast.leila.pk}": "E" for row in use.matrix.rows.all()}
    elif how == "foreign row":
        other = str(row_of(made.grid(cast.anna)).pk)
        before = {"rows": [other], "pupils": [str(cast.sami.pk)], "steps": [""]}
        form = {f"step-{other}-{cast.sami.pk}": "E"}
    elif how == "missing":
        del form[name]
    elif how == "repeated":
        form[name] = ["E", "C"]
    elif how == "injected":
        form[f"step-{row_of(use).pk}-{cast.leila.pk}"] = "E"
    elif how == "unknown step":
        form[name] = "Z"
    elif how == "no list":
        return {**form, "before": "[]"}
    elif how == "no json":
        return {**form, "before": "{" * 5000}
    return {**form, "before": json.dumps(before)}


@pytest.mark.parametrize("how", ["foreign pupil", "foreign row", "missing", "repeated", "injected", "unknown step", "no list", "no json"])
def test_a_form_that_is_not_the_grid_is_refused_whole(cast: Cast, teacher: Browser, use: MatrixUse, how: str) -> None:
    fine = {(row_of(use).pk, cast.elsa.pk): steps_for(use, cast.elsa)[1]}
    form = broken(sent_form(teacher.get(path(use)), fine), use, cast, how)
    assert teacher.send(path(use), form).status_code == 422
    assert not Assessment.objects.filter(use=use).exists()


def test_nobody_judges_their_own_child(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    day = use.activity.start_date
    Guardianship.objects.create(guardian=cast.anna, child=cast.sami, relation_type=RelationType.GUARDIAN, start_date=day)
    page = teacher.get(path(use))
    assert not page.context["grid"].line_of(cast.sami.pk).is_open
    data = {"row": row_of(use).pk, "pupil": cast.sami.pk, "step": steps_for(use, cast.sami)[1], "version": 0}
    assert teacher.send(reverse("assessment:save_cell", args=[use.pk]), data).status_code == 422
    assert not Assessment.objects.exists()


def test_nobody_reads_at_work_what_a_colleague_wrote_of_the_own_child(cast: Cast, teacher: Browser, use: MatrixUse, actor: Any) -> None:
    steps = steps_for(use, cast.sami)
    assess(actor=actor("anna", Role.STAFF), use=use, marks=[Mark(row_of(use).pk, cast.sami.pk, steps[1], "Utkast om Sami.", version=0)])
    assert "Utkast om Sami." in teacher.get(path(use)).text
    relation = {"relation_type": RelationType.GUARDIAN, "start_date": use.activity.start_date}
    Guardianship.objects.create(guardian=cast.anna, child=cast.sami, **relation)
    assert "Utkast om Sami." not in teacher.get(path(use)).text
    assert "Utkast om Sami." not in teacher.get(reverse("assessment:pupil_grid", args=[use.pk, cast.sami.pk])).text
    assert not Assessment.objects.visible_to(actor("anna", Role.STAFF)).exists()


def test_who_leads_reads_without_the_protected_and_does_not_judge(cast: Cast, client_as: Any, teacher: Browser, use: MatrixUse) -> None:
    leader = client_as("ingrid", Role.STAFF)
    page = leader.get(path(use))
    assert page.status_code == 200
    assert "Kim Ek" not in page.text
    assert "<select" not in page.text
    data = {"row": row_of(use).pk, "pupil": cast.sami.pk, "step": "E", "version": 0}
    assert leader.send(reverse("assessment:save_cell", args=[use.pk]), data).status_code == 403
    shown = teacher.get(path(use)).text
    assert "Kim Ek" in shown  # their own teacher judges them, under the agreed name
    assert "Hemlig" not in shown


@pytest.mark.parametrize(("key", "role"), [("erik", Role.STAFF), ("maja", Role.STAFF), ("lars", Role.STAFF), ("sunna", Role.STAFF)])
def test_no_relation_no_grid(client_as: Any, use: MatrixUse, key: str, role: Role) -> None:
    """Another class, a substitute of the day, another school, pupil health: none of them."""
    assert client_as(key, role).get(path(use)).status_code == 404


def test_where_the_module_is_off_there_is_no_grid(teacher: Browser, use: MatrixUse) -> None:
    unit = use.activity.school_unit
    ModuleSwitch.objects.create(school_unit=unit, module=Module.LARANDE, is_on=False, start_date=unit_start(use))
    assert teacher.get(path(use)).status_code == 404


def unit_start(use: MatrixUse) -> Any:
    return use.activity.start_date


def test_a_teacher_whose_teaching_ended_reads_and_no_longer_judges(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    from datetime import timedelta

    from dexter.lib import days

    DutyAssignment.objects.filter(activity=use.activity).update(end_date=days.today() - timedelta(days=1))
    assert teacher.get(path(use)).status_code == 200
    data = {"row": row_of(use).pk, "pupil": cast.sami.pk, "step": "E", "version": 0}
    assert teacher.send(reverse("assessment:save_cell", args=[use.pk]), data).status_code == 403


def test_an_empty_class_and_an_empty_matrix_say_so(cast: Cast, teacher: Browser) -> None:
    assert "Matrisen har inga rader" in teacher.get(path(made.grid(cast.anna, rows=0))).text
    use = made.grid(cast.anna)
    GroupMembership.objects.filter(group=Group.objects.get(name="4A")).delete()
    assert "inga elever" in teacher.get(path(use)).text


def test_script_in_titles_is_text(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    MatrixRow.objects.filter(matrix=use.matrix).update(title="<script>alert(1)</script>")
    page = teacher.get(path(use)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def cell_data(use: MatrixUse, pupil: Person, step: str, version: int, **more: Any) -> dict[str, Any]:
    return {"row": row_of(use).pk, "pupil": pupil.pk, "step": step, "version": version, **more}


def test_a_cell_is_saved_as_one_goes(cast: Cast, teacher: Browser, use: MatrixUse, statements: Callable[..., int]) -> None:
    where, code = reverse("assessment:save_cell", args=[use.pk]), steps_for(use, cast.sami)
    data = cell_data(use, cast.sami, code[1], 0, comment="Räknar säkert.")
    answers: list[Any] = []
    assert statements(lambda: answers.append(teacher.send(where, data))) - OVERHEAD <= ONE_CELL
    assert answers[0].json() == {"version": 1}
    assert teacher.send(where, data).json() == {"version": 1}  # sent again after a time-out
    changed = cell_data(use, cast.sami, code[2], 1)
    assert statements(lambda: answers.append(teacher.send(where, changed))) - OVERHEAD <= ONE_CELL
    kept = Assessment.objects.get()
    assert (kept.step.code, kept.comment, kept.version) == (code[2], "Räknar säkert.", 2)


def test_two_at_once_see_both_texts(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    where, code = reverse("assessment:save_cell", args=[use.pk]), steps_for(use, cast.sami)
    teacher.send(where, cell_data(use, cast.sami, code[1], 0, comment="Min."))
    late = teacher.send(where, cell_data(use, cast.sami, code[2], 0, comment="Annan."))
    assert late.status_code == 409
    stored = late.json()["stored"][0]
    assert (stored["step"], stored["comment"], stored["version"], stored["by"]) == (code[1], "Min.", 1, "Anna Lindqvist")
    assert Assessment.objects.get().comment == "Min."


@pytest.mark.parametrize(
    "wrong", [{"row": "x"}, {"pupil": str(uuid4())}, {"row": str(uuid4())}, {"step": "Z"}, {"version": -1}, {"comment": "x" * 2001}]
)
def test_a_wrong_cell_is_refused(cast: Cast, teacher: Browser, use: MatrixUse, wrong: dict[str, Any]) -> None:
    data = {**cell_data(use, cast.sami, "", 0), **wrong}
    answer = teacher.send(reverse("assessment:save_cell", args=[use.pk]), data)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Assessment.objects.exists()


def test_a_retired_row_and_an_ended_grid_take_no_more(cast: Cast, teacher: Browser, use: MatrixUse) -> None:
    from dexter.lib import days

    where = reverse("assessment:save_cell", args=[use.pk])
    MatrixRow.objects.filter(pk=row_of(use).pk).update(retired_at=days.now())
    assert teacher.send(where, cell_data(use, cast.sami, steps_for(use, cast.sami)[1], 0)).status_code == 422
    MatrixUse.objects.filter(pk=use.pk).update(ended_at=days.now())
    assert teacher.send(where, cell_data(use, cast.sami, "", 0)).status_code == 403
    assert "Avslutat" in teacher.get(path(use)).text


def test_a_conflict_within_the_action_changes_nothing(cast: Cast, use: MatrixUse, actor: Any) -> None:
    who, code = actor("anna", Role.STAFF), steps_for(use, cast.sami)
    place = (row_of(use).pk, cast.sami.pk)
    assess(actor=who, use=use, marks=[Mark(*place, code[1], version=0)])
    with pytest.raises(Conflict):
        assess(actor=who, use=use, marks=[Mark(*place, code[2], version=0), Mark(row_of(use, 1).pk, cast.sami.pk, code[1], version=0)])
    assert Assessment.objects.count() == 1
    assert uuid7()
