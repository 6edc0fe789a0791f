"""Matrices are found by whose they are; copied, put to work, ended and retired."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.models import Assessment, AssessmentMatrix, MatrixLevel, MatrixRow, MatrixUse
from registry.models import Module, ModuleSwitch
from tests.conftest import Cast
from tests.larande import made

LIST = "/larande/bedomning/matriser/"


def template(
    cast: Cast, maker: str = "anna", title: str = "Bråk", class_name: str = "4A", level: str = MatrixLevel.TEACHER
) -> AssessmentMatrix:
    given = made.activity(class_name)
    new = AssessmentMatrix.objects.create(
        school_unit=given.school_unit,
        created_by=getattr(cast, maker),
        level=level,
        title=title,
        school_type="GR",
        subject_code="GRGRMAT01",
        year=6,
        submission=uuid4(),
    )
    MatrixRow.objects.create(matrix=new, position=0, title="Rad", thread="6--0")
    return new


def found(browser: Any, query: str = "") -> list[str]:
    return [row.record.title for row in browser.get(f"{LIST}{query}").context["table"].rows]


def test_mine_the_schools_and_the_municipalitys(cast: Cast, client_as: Any) -> None:
    template(cast, title="Annas")
    template(cast, "ingrid", title="Skolans", level=MatrixLevel.SCHOOL)
    template(cast, "lars", title="Kommunens", class_name="8A", level=MatrixLevel.MUNICIPALITY)
    template(cast, "lars", title="Åsens", class_name="8A", level=MatrixLevel.SCHOOL)
    anna, erik, lars = (client_as(key, Role.STAFF) for key in ("anna", "erik", "lars"))
    assert found(anna) == ["Annas", "Kommunens", "Skolans"]
    assert found(erik) == ["Kommunens", "Skolans"]
    assert found(lars) == ["Kommunens", "Åsens"]
    assert found(client_as("birgitta", Role.STAFF)) == ["Kommunens", "Skolans", "Åsens"]
    assert [found(anna, f"?whose={whose}") for whose in ("mine", "school", "municipality")] == [["Annas"], ["Skolans"], ["Kommunens"]]
    assert found(anna, "?search=skol") == ["Skolans"]
    assert found(anna, "?subject=GRGRSVE01&whose=' OR 1=1") == ["Annas", "Kommunens", "Skolans"]
    assert client_as("amira", Role.GUARDIAN).get(LIST).status_code == 404


def test_switched_off_there_are_none(cast: Cast, teacher: Any) -> None:
    new = template(cast)
    ModuleSwitch.objects.create(school_unit=new.school_unit, module=Module.ASSESSMENT, is_on=False, start_date=days.today())
    assert teacher.get(LIST).status_code == 404
    assert teacher.get(f"{LIST}{new.pk}/").status_code == 404


def test_the_list_takes_the_same_statements_for_one_and_three(cast: Cast, teacher: Any, statements: Any) -> None:
    template(cast)
    one = statements(lambda: teacher.get(LIST))
    template(cast, title="B")
    made.grid(cast.anna)
    made.grid(cast.anna)
    assert (one, statements(lambda: teacher.get(LIST))) == (8, 8)


def attach(browser: Any, matrix: AssessmentMatrix, *activities: Any, **more: Any) -> Any:
    fields = {"activities": [str(given.pk) for given in activities], "submission": str(uuid4()), **more}
    return browser.send(f"{LIST}{matrix.pk}/anvand/", fields)


def test_attaching_copies_it_to_each_teaching_chosen(cast: Cast, teacher: Any) -> None:
    new = template(cast)
    assert attach(teacher, new, made.activity("4A"), made.activity("4B")).status_code == 302
    uses = MatrixUse.objects.select_related("matrix")
    assert {use.activity for use in uses} == {made.activity("4A"), made.activity("4B")}
    assert {(use.matrix.copied_from, use.matrix.is_template) for use in uses} == {(new, False)}
    AssessmentMatrix.objects.filter(pk=new.pk).update(title="Ändrad efteråt")
    assert uses[0].matrix.title == "Bråk"


def test_attached_twice_by_one_form_it_is_one(cast: Cast, teacher: Any) -> None:
    new, key = template(cast), str(uuid4())
    assert [attach(teacher, new, made.activity(), submission=key).status_code for _time in range(2)] == [302, 302]
    assert MatrixUse.objects.count() == 1


def test_attached_for_a_plan_of_those_teachings_alone(cast: Cast, teacher: Any) -> None:
    new, plan = template(cast), made.plan(cast.anna)
    assert attach(teacher, new, made.activity("4A"), made.activity("4B"), plan=str(plan.pk)).status_code == 422
    assert attach(teacher, new, made.activity("4A"), plan=str(plan.pk)).status_code == 302
    assert MatrixUse.objects.get().plan == plan


def test_foreign_teachings_and_plans_are_refused_whole(cast: Cast, teacher: Any, client_as: Any) -> None:
    new = template(cast)
    theirs = made.plan(cast.lars, made.activity("8A"))
    assert attach(teacher, new, made.activity("4A"), made.activity("5B")).status_code == 422
    assert attach(teacher, new, made.activity("4A"), plan=str(theirs.pk)).status_code == 422
    assert attach(teacher, new).status_code == 422
    assert attach(client_as("lars", Role.STAFF), new, made.activity("8A")).status_code == 404
    assert not MatrixUse.objects.exists()


def test_ended_unjudged_it_falls_away_and_judged_it_stays(cast: Cast, teacher: Any, client_as: Any) -> None:
    unused, used = made.grid(cast.anna), made.grid(cast.anna)
    row = used.matrix.rows.all()[0]
    Assessment.objects.create(
        use=used, row=row, activity=used.activity, pupil=cast.sami, comment="x", assessed_by=cast.anna, assessed_at=days.now()
    )
    assert client_as("erik", Role.STAFF).send(f"{LIST}i-bruk/{used.pk}/avsluta/").status_code == 404
    for use in (unused, used):
        assert teacher.send(f"{LIST}i-bruk/{use.pk}/avsluta/").status_code == 302
    assert not AssessmentMatrix.objects.filter(pk=unused.matrix_id).exists()
    used.refresh_from_db()
    assert used.ended_at
    assert Assessment.objects.count() == 1


def test_a_copy_is_ones_own(cast: Cast, client_as: Any) -> None:
    shared, erik = template(cast, "ingrid", level=MatrixLevel.SCHOOL), client_as("erik", Role.STAFF)
    key = {"submission": str(uuid4()), "school_unit": str(shared.school_unit_id)}
    assert [erik.send(f"{LIST}{shared.pk}/kopiera/", key).status_code for _time in range(2)] == [302, 302]
    mine = AssessmentMatrix.objects.get(created_by=cast.erik)
    assert (mine.copied_from, mine.level, mine.is_template, mine.rows.count()) == (shared, "teacher", True, 1)
    wrong = {"submission": str(uuid4()), "school_unit": str(made.activity("8A").school_unit_id)}
    assert erik.send(f"{LIST}{shared.pk}/kopiera/", wrong).status_code == 302
    assert AssessmentMatrix.objects.filter(created_by=cast.erik).count() == 1


@pytest.mark.parametrize(("key", "answer"), [("anna", 302), ("ingrid", 403), ("erik", 404)])
def test_retired_it_is_offered_no_more(cast: Cast, client_as: Any, key: str, answer: int) -> None:
    new = template(cast)
    made.grid(cast.anna)
    if key == "ingrid":
        AssessmentMatrix.objects.filter(pk=new.pk).update(level=MatrixLevel.MUNICIPALITY)
    browser = client_as(key, Role.STAFF)
    assert browser.send(f"{LIST}{new.pk}/avsluta/", {"retired": "on"}).status_code == answer
    if key == "anna":
        assert (found(browser), found(browser, "?retired=on")) == ([], ["Bråk"])
        assert attach(browser, new, made.activity()).status_code == 422
        assert browser.send(f"{LIST}{new.pk}/avsluta/").status_code == 302
        assert found(browser) == ["Bråk"]
