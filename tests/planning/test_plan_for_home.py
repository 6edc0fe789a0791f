"""The plan as pupils and homes read it, by one of its teachings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import uuid7
from larande.planning.models import PlanChange, PlanContent, PlanCriterion, PlanGoal, PlanLink, PlanState, PlanTeaching
from larande.syllabus.models import CentralContentItem, Criterion, SubjectVersion
from registry.models import Enrolment, GroupMembership
from tests.larande import made
from tests.larande.weeks import TODAY, moves, plan, task, text
from tests.pages import visible


def path(teaching: PlanTeaching) -> str:
    return f"/larande/planeringar/hem/{teaching.pk}/"


def filled(cast: Any) -> PlanTeaching:
    """A plan with everything that a plan has."""
    teaching = plan(cast.anna, "Bråk i vardagen", what="Vi delar och jämför.\n\nVi bakar.", why="För att dela rättvist.")
    version = SubjectVersion.objects.create(
        school_type="GR", subject_code="GRGRMAT01", name="Matematik", number=9001, valid_from=date(2022, 7, 1), is_example=True, digest="x"
    )
    item = CentralContentItem.objects.create(version=version, key="tal-1", position=1, text="Tal i bråkform.", start_year=4, end_year=6)
    criterion = Criterion.objects.create(
        version=version, key="e-1", position=1, text="Eleven löser enkla problem.", year=6, step="E", aspect=0
    )
    PlanContent.objects.create(plan=teaching.plan, item=item)
    PlanCriterion.objects.create(plan=teaching.plan, criterion=criterion)
    PlanGoal.objects.create(plan=teaching.plan, position=1, text="jämföra två bråk")
    PlanLink.objects.create(plan=teaching.plan, title="Filmen om bråk", url="https://example.org/film")
    task(teaching.plan, "Räkna sidan 12", text="Uppgift 1 till 9.")
    return teaching


def change(teaching: PlanTeaching, by: Any, note: str, ago: int, version: int) -> None:
    PlanChange.objects.create(
        plan=teaching.plan,
        version=version,
        changed_by=by,
        changed_at=days.now() - timedelta(days=ago),
        note=note,
        before={"what": "Hemligt förr"},
    )


@pytest.mark.parametrize(("key", "role"), [("amira", Role.GUARDIAN), ("sami", Role.PUPIL), ("anna", Role.STAFF), ("ingrid", Role.STAFF)])
def test_everything_a_plan_holds_in_plain_form(cast: Any, client_as: Callable[..., Any], key: str, role: Role) -> None:
    page = text(client_as(key, role), path(filled(cast)))
    for words in ("Vi delar och jämför.", "För att dela rättvist.", "Tal i bråkform.", "Eleven löser enkla problem.", "jämföra två bråk"):
        assert words in page
    for words in ("Filmen om bråk", "Räkna sidan 12", "Uppgift 1 till 9.", "Matematik · 4A", "Anna Lindqvist", "Pågår nu"):
        assert words in page
    assert "Exempeltext" in page  # made-up curriculum says so wherever it shows


def test_changes_since_it_was_published_are_told_with_their_reason(cast: Any, guardian: Any) -> None:
    teaching = plan(cast.anna, "Bråk i vardagen")
    PlanTeaching.objects.filter(pk=teaching.pk).update(published_at=days.now() - timedelta(days=3))
    change(teaching, cast.anna, "Provet flyttas för att vi har friluftsdag.", 1, 3)
    change(teaching, cast.anna, "Innan någon läste.", 5, 2)
    page = text(guardian, path(teaching))
    assert "Provet flyttas för att vi har friluftsdag." in page
    assert "Innan någon läste." not in page
    assert "Hemligt förr" not in page


@pytest.mark.parametrize("state", [PlanState.COMPLETED, PlanState.ARCHIVED])
def test_what_is_over_is_still_read(cast: Any, guardian: Any, state: PlanState) -> None:
    teaching = plan(cast.anna, "Bråk i vardagen", state=state)
    assert "Avslutad" in text(guardian, path(teaching))


def test_another_group_another_school_and_a_former_member_before_its_time_find_nothing(
    cast: Any, guardian: Any, client_as: Callable[..., Any]
) -> None:
    theirs = plan(cast.anna, "Bara för B", "4B")
    for browser in (guardian, client_as("sami", Role.PUPIL), client_as("lars", Role.STAFF), client_as("birgitta", Role.STAFF)):
        assert browser.get(path(theirs)).status_code == 404
    mine = plan(cast.anna, "Bråk i vardagen")
    moves(cast.sami, "4B", TODAY - timedelta(days=30))
    assert guardian.get(path(mine)).status_code == 404  # he left before it began
    assert guardian.get(path(theirs)).status_code == 200


def test_who_left_the_school_reads_what_they_took_part_in(cast: Any, guardian: Any) -> None:
    mine = plan(cast.anna, "Bråk i vardagen")
    Enrolment.objects.filter(pupil=cast.sami).update(end_date=TODAY - timedelta(days=2))
    GroupMembership.objects.filter(person=cast.sami).update(end_date=TODAY - timedelta(days=2))
    assert guardian.get(path(mine)).status_code == 200


def test_the_maker_sees_how_it_will_be_read_and_a_colleague_no_draft(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    draft = plan(cast.anna, "Ett utkast", published=False)
    assert "Så kommer elever och vårdnadshavare att läsa planeringen." in text(teacher, path(draft))
    assert client_as("erik", Role.STAFF).get(path(draft)).status_code == 404
    assert client_as("ingrid", Role.STAFF).get(path(draft)).status_code == 404


def test_an_id_that_does_not_exist_is_no_page(guardian: Any, teacher: Any) -> None:
    for browser in (guardian, teacher):
        assert browser.get(f"/larande/planeringar/hem/{uuid7()}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_statements_for_any_number_of_parts(cast: Any, guardian: Any, statements: Any, count: int) -> None:
    teaching = plan(cast.anna, "Bråk i vardagen")
    for number in range(count):
        task(teaching.plan, f"Uppgift {number}")
        PlanGoal.objects.create(plan=teaching.plan, position=number, text="mål")
        change(teaching, cast.anna, f"Ändring {number}", -1, number + 2)
    guardian.get("/om-dexter/")
    assert statements(lambda: guardian.get(path(teaching))) == 3 + 9


def test_a_link_is_only_ever_a_web_address(cast: Any) -> None:
    from django.db import IntegrityError, transaction

    teaching = plan(cast.anna, "Bråk i vardagen")
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanLink.objects.create(plan=teaching.plan, title="x", url="javascript:alert(1)")


def test_files_of_the_plan_are_named(cast: Any, guardian: Any) -> None:
    teaching = plan(cast.anna, "Bråk i vardagen")
    made.place(teaching.plan, made.activity("4B"), cast.anna)
    assert "4B" not in visible(text(guardian, path(teaching)))
