"""Two at the same moment, on connections of their own, with rows that are really committed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from dexter.audit.models import Entry
from dexter.lib.access import Actor, Level, Role
from dexter.lib.models import uuid7
from larande.assessment.actions import assess, matrices
from larande.assessment.actions.self_assessments import OwnMark, assess_oneself
from larande.assessment.models import Assessment, AssessmentMatrix, MatrixRow, MatrixUse, SelfAssessment
from larande.assessment.reads import day_of, scales_for, with_grid_rights
from larande.planning.actions.states import publish_plan, withdraw_plan
from larande.planning.models import PlanState, PlanTeaching
from registry.models import Module, ModuleSwitch
from tests.conftest import Cast
from tests.larande import made
from tests.notices.test_killed import outside

__all__ = ["outside"]
Act = Callable[[], Any]


@pytest.fixture
def people(outside: str, django_db_setup: dict[str, str]) -> Cast:
    return Cast(django_db_setup)


def anna(people: Cast) -> Actor:
    return Actor(people.id("anna"), Role.STAFF, Level.TWO_FACTOR)


def at_once(*acts: Act) -> list[Any]:
    """What each gave or raised; they set out together."""
    start = threading.Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        return [outcome(each) for each in [pool.submit(_alone, act, start.wait) for act in acts]]


def one_after_the_other(first: Act, second: Act) -> tuple[Any, Any]:
    """`second` sets out when `first` has done everything but commit, and has to wait for it."""
    done, go = threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(_alone, lambda: _held(first, done, go))
        assert done.wait(10)
        waiting = pool.submit(_alone, second)
        assert not threading.Event().wait(0.4)
        assert not waiting.done()
        go.set()
        return outcome(holding), outcome(waiting)


def _held(act: Act, done: threading.Event, go: threading.Event) -> Any:
    with transaction.atomic():
        given = act()
        done.set()
        assert go.wait(10)
    return given


def _alone(act: Act, begin: Act = int) -> Any:
    begin()
    try:
        return act()
    finally:
        connection.close()


def outcome(each: Future[Any]) -> Any:
    return each.exception(20) or each.result()


@pytest.fixture
def use(people: Cast) -> MatrixUse:
    made_use = made.grid(people.anna, rows=2)
    ModuleSwitch.objects.create(
        school_unit=made_use.activity.school_unit, module=Module.SELF_ASSESSMENT, is_on=True, start_date=made_use.activity.start_date
    )
    return made_use


def row_of(use: MatrixUse) -> UUID:
    return MatrixRow.objects.filter(matrix=use.matrix_id).order_by("position").values_list("pk", flat=True)[0]


def judging(people: Cast, use: MatrixUse) -> Act:
    """The first judgement on the first row."""
    asked = with_grid_rights(MatrixUse.objects.all(), anna(people)).get(pk=use.pk)
    code = scales_for([people.id("sami")], asked.activity, day_of(asked))[people.id("sami")].steps[1].code
    mark = assess.Mark(row_of(use), people.id("sami"), code, "", version=0)
    return lambda: assess.assess(actor=anna(people), use=asked, marks=[mark])


def thinking(people: Cast, use: MatrixUse) -> Act:
    sami = Actor(people.id("sami"), Role.PUPIL, Level.PASSWORD)
    asked = with_grid_rights(MatrixUse.objects.all(), sami).get(pk=use.pk)
    rows = MatrixRow.objects.filter(matrix=use.matrix_id)
    marks = [OwnMark(row.pk, "", "Jag kan det här.", 0) for row in rows]
    return lambda: assess_oneself(actor=sami, use=asked, marks=marks)


def removing(people: Cast, use: MatrixUse) -> Act:
    """The first row of the matrix goes."""
    matrix, gone = AssessmentMatrix.objects.get(pk=use.matrix_id), row_of(use)
    rows = [matrices.ChangedRow(row.pk, row.title, {}, retired=False, removed=row.pk == gone) for row in matrix.rows.all()]
    given = {"title": matrix.title, "level": matrix.level, "rows": rows, "new_row": None, "version": matrix.version}
    return lambda: matrices.edit_matrix(actor=anna(people), matrix=matrix, **given)


def ending(people: Cast, use: MatrixUse) -> Act:
    return lambda: matrices.end_matrix_use(actor=anna(people), use=MatrixUse.objects.select_related("activity").get(pk=use.pk))


@pytest.mark.parametrize("first", [judging, thinking])
def test_a_row_that_is_being_judged_is_not_removed(people: Cast, use: MatrixUse, first: Any) -> None:
    judged, removed = one_after_the_other(first(people, use), removing(people, use))
    assert not isinstance(judged, Exception)
    assert isinstance(removed, ValidationError)
    assert "har bedömts" in str(removed.messages)
    assert MatrixRow.objects.filter(matrix=use.matrix_id).count() == 2


@pytest.mark.parametrize("second", [judging, thinking])
def test_nobody_judges_on_a_row_that_is_being_removed(people: Cast, use: MatrixUse, second: Any) -> None:
    removed, judged = one_after_the_other(removing(people, use), second(people, use))
    assert not isinstance(removed, Exception)
    assert isinstance(judged, ValidationError)
    assert "har ändrats" in str(judged.messages)
    assert (Assessment.objects.count(), SelfAssessment.objects.count()) == (0, 0)


def test_a_grid_that_is_being_judged_is_ended_and_kept(people: Cast, use: MatrixUse) -> None:
    judged, ended = one_after_the_other(judging(people, use), ending(people, use))
    assert (len(judged), ended) == (1, False)
    assert MatrixUse.objects.get(pk=use.pk).ended_at is not None


def test_nobody_judges_in_a_grid_that_is_being_taken_away(people: Cast, use: MatrixUse) -> None:
    ended, judged = one_after_the_other(ending(people, use), judging(people, use))
    assert ended is True
    assert isinstance(judged, ValidationError)


def test_a_colleagues_draft_in_the_same_moment_is_not_published(people: Cast, use: MatrixUse) -> None:
    """The draft is committed while the publishing waits: it is not what the page showed."""
    [cell] = judging(people, use)()
    asked = with_grid_rights(MatrixUse.objects.all(), anna(people)).get(pk=use.pk)
    again = assess.Mark(cell.row_id, cell.pupil_id, "", "Ett utkast.", version=1)
    seen = {(cell.row_id, cell.pupil_id): 1}
    _changed, published = one_after_the_other(
        lambda: assess.assess(actor=anna(people), use=asked, marks=[again]),
        lambda: assess.publish_grid(actor=anna(people), use=asked, pupils=[cell.pupil_id], seen=seen),
    )
    assert isinstance(published, assess.Conflict)
    assert not Assessment.objects.filter(published_at__isnull=False).exists()


def test_a_plan_published_twice_at_once_is_published_once(people: Cast) -> None:
    plan = made.plan(people.anna)
    teachings = [plan.teachings.get(), made.place(plan, made.activity("4B"), people.anna)]
    acts = [lambda: publish_plan(actor=anna(people), plan=plan, teachings=teachings) for _press in range(4)]
    assert not [given for given in at_once(*acts) if isinstance(given, Exception)]
    assert Entry.objects.filter(action="planning.publish_plan", object_id=plan.pk).count() == 1
    assert {row.published_at for row in PlanTeaching.objects.filter(plan=plan)} != {None}


def test_publishing_for_one_group_and_withdrawing_from_the_other_wait_for_each_other(people: Cast) -> None:
    plan = made.plan(people.anna, published=True)
    first, other = plan.teachings.get(), made.place(plan, made.activity("4B"), people.anna)
    for before, after in (
        (lambda: publish_plan(actor=anna(people), plan=plan, teachings=[other]), lambda: withdraw_plan(actor=anna(people), teaching=first)),
        (lambda: withdraw_plan(actor=anna(people), teaching=other), lambda: publish_plan(actor=anna(people), plan=plan, teachings=[first])),
    ):
        assert not [given for given in one_after_the_other(before, after) if isinstance(given, Exception)]
        plan.refresh_from_db()
        assert plan.state == PlanState.PUBLISHED


def test_a_matrix_attached_twice_by_one_form_goes_to_work_once(people: Cast) -> None:
    template = made.grid(people.anna).matrix
    activities, submission = [made.activity("4A", "GRGRSVE01"), made.activity("4B", "GRGRSVE01")], uuid7()
    given = {"matrix": template, "activities": activities, "plan": None, "submission": submission}
    answers = at_once(*[lambda: matrices.attach_matrix(actor=anna(people), **given) for _press in range(4)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert len({frozenset(use.pk for use in answer) for answer in answers}) == 1
    assert AssessmentMatrix.objects.filter(submission=submission).count() == 1
    assert Entry.objects.filter(action="assessment.attach_matrix").count() == 1
