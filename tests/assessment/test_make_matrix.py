"""A matrix in seconds: the rows are the criteria in force, ticked already."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from dexter.lib.access import Role
from larande.assessment.models import AssessmentMatrix, MatrixCell, MatrixUse
from larande.planning.models import PlanCriterion
from larande.syllabus.models import Criterion
from registry.models import Duty, DutyRole
from tests.assessment.made import curriculum
from tests.conftest import Cast
from tests.larande import made

NEW = "/larande/bedomning/matriser/ny/"


def send(browser: Any, **changes: Any) -> Any:
    given = made.activity()
    curriculum_threads = ["6--0", "6--1"]
    fields = {
        "title": "Matematik 4A",
        "threads": curriculum_threads,
        "level": "teacher",
        "activities": [str(given.pk)],
        "submission": str(uuid4()),
    }
    path = changes.pop("path", f"{NEW}?teaching={given.pk}")
    return browser.send(path, {**fields, **changes})


def test_the_rows_are_ticked_and_the_teaching_chosen(cast: Cast, teacher: Any) -> None:
    curriculum()
    listed = teacher.get(NEW).content.decode()
    assert f"?teaching={made.activity().pk}" in listed
    assert f"?teaching={made.activity('5B').pk}" not in listed
    page = teacher.get(f"{NEW}?teaching={made.activity().pk}")
    form = page.context["form"]
    assert [ticked for _thread, _name, ticked in form.thread_choices] == [True, True]
    assert form.initial["activities"] == [made.activity().pk]
    assert form.initial["title"] == "Matematik årskurs 4"


def test_one_press_makes_the_template_and_puts_it_to_work(cast: Cast, teacher: Any) -> None:
    curriculum()
    assert send(teacher, own_rows="Visar uthållighet\n\n<script>alert(1)</script>").status_code == 302
    template = AssessmentMatrix.objects.get(is_template=True)
    assert [row.thread for row in template.rows.all()] == ["6--0", "6--1", "", ""]
    assert (template.year, template.subject_code, template.created_by) == (4, "GRGRMAT01", cast.anna)
    use = MatrixUse.objects.get()
    assert (use.activity, use.matrix.copied_from, use.matrix.is_template) == (made.activity(), template, False)
    assert use.matrix.rows.count() == 4
    page = teacher.get(f"/larande/bedomning/matriser/{template.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_years_that_aim_at_year_six_read_what_they_aim_at(cast: Cast, teacher: Any) -> None:
    curriculum()
    send(teacher)
    cells = {cell.step_code: cell.text for cell in MatrixCell.objects.filter(row__matrix__is_template=True, row__thread="6--0")}
    assert set(cells) == {"E", "C", "A", "1"}
    assert cells["1"] == cells["E"]


def test_another_year_by_address(cast: Cast, teacher: Any) -> None:
    curriculum()
    page = teacher.get(f"{NEW}?teaching={made.activity().pk}&year=3")
    assert [thread.key for thread, _name, _ticked in page.context["form"].thread_choices] == ["3--0"]
    send(teacher, path=f"{NEW}?teaching={made.activity().pk}&year=3", threads=["3--0"])
    assert MatrixCell.objects.get(row__matrix__is_template=True).step_code == "1"


def test_a_plans_chosen_criteria_are_what_is_ticked(cast: Cast, teacher: Any) -> None:
    version = curriculum()
    plan = made.plan(cast.anna)
    PlanCriterion.objects.create(plan=plan, criterion=Criterion.objects.get(version=version, year=6, step="E", aspect=1))
    path = f"{NEW}?teaching={made.activity().pk}&plan={plan.pk}"
    assert [ticked for _thread, _name, ticked in teacher.get(path).context["form"].thread_choices] == [False, True]
    send(teacher, path=path)
    assert MatrixUse.objects.get().plan == plan


def test_sent_twice_it_makes_one(cast: Cast, teacher: Any) -> None:
    curriculum()
    key = str(uuid4())
    assert [send(teacher, submission=key).status_code for _time in range(2)] == [302, 302]
    assert AssessmentMatrix.objects.filter(is_template=True).count() == 1
    assert MatrixUse.objects.count() == 1


def test_what_is_not_offered_is_refused_whole(cast: Cast, teacher: Any) -> None:
    curriculum()
    foreign = [str(made.activity().pk), str(made.activity("5B").pk)]
    for wrong in ({"threads": ["9--0"]}, {"activities": foreign}, {"activities": ["x"]}, {"level": "school"}, {"level": "municipality"}):
        assert send(teacher, **wrong).status_code == 422
    assert send(teacher, threads=[], own_rows="").status_code == 422
    assert not AssessmentMatrix.objects.exists()


def test_who_teaches_elsewhere_chooses_anew(cast: Cast, client_as: Any) -> None:
    curriculum()
    for key in ("erik", "lars", "maja"):
        page = client_as(key, Role.STAFF).get(f"{NEW}?teaching={made.activity().pk}")
        assert "form" not in page.context
    for key, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL)):
        assert client_as(key, role).get(NEW).status_code == 404


@pytest.mark.parametrize(
    ("key", "role", "saved"), [("ingrid", DutyRole.PRINCIPAL, 302), ("anna", DutyRole.LEAD_TEACHER, 302), ("anna", DutyRole.TEACHER, 422)]
)
def test_principal_and_lead_teacher_keep_the_schools(cast: Cast, client_as: Any, key: str, role: str, saved: int) -> None:
    curriculum()
    Duty.objects.filter(person=getattr(cast, key)).update(duty_role=role)
    assert send(client_as(key, Role.STAFF), level="school").status_code == saved


def test_an_administrator_makes_none(cast: Cast, client_as: Any) -> None:
    curriculum()
    send(client_as("pekka", Role.STAFF))
    assert not AssessmentMatrix.objects.exists()
