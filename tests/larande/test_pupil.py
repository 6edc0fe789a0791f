"""One page per child that gathers what Lärande holds, for school and home, each by right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from larande.assessment.models import Assessment, SubjectSummary
from registry.models import DutyAssignment, Module, Person, ProtectedAccess
from tests.pages import visible

from . import made
from .weeks import TODAY, moves, plan, switch_off, task, text


def path(cast: Any, key: str = "sami", code: str = "") -> str:
    return f"/larande/elev/{cast.id(key)}/" + (f"{code}/" if code else "")


def judged(cast: Any, subject: str = "GRGRMAT01", *, published: bool = True, pupil: str = "sami") -> Assessment:
    """Sami's standing on a row, with words and the teacher's summary."""
    given = made.activity("4A", subject)
    use, steps = made.grid(cast.anna, given), made.scale()
    seen = {"published_at": days.now(), "published_step": steps[1], "published_comment": "Bra"} if published else {}
    SubjectSummary.objects.create(
        activity=given,
        pupil=getattr(cast, pupil),
        text="Sami ser mönster.",
        written_by=cast.anna,
        written_at=days.now(),
        **({"published_text": "Sami ser mönster.", "published_at": days.now()} if published else {}),
    )
    return Assessment.objects.create(
        use=use, row=use.matrix.rows.first(), activity=given, pupil=getattr(cast, pupil), step=steps[1], comment="Bra",
        assessed_by=cast.anna, assessed_at=days.now(), **seen,
    )  # fmt: skip


def subject_teacher(cast: Any, key: str = "erik", subject: str = "GRGRENG01") -> None:
    """A colleague takes 4A in one subject."""
    given = made.activity("4A", subject)
    duty = DutyAssignment.objects.filter(duty__person=cast.id(key)).first().duty
    DutyAssignment.objects.create(activity=given, duty=duty, start_date=TODAY - timedelta(days=5))


def test_the_home_sees_plans_tasks_and_what_is_published_of_knowledge(cast: Any, guardian: Any) -> None:
    task(plan(cast.anna, "Bråk i vardagen").plan, "Räkna sidan 12")
    judged(cast)
    judged(cast, "GRGRSVE01", published=False)
    page = text(guardian, path(cast))
    assert "Bråk i vardagen" in page
    assert "Räkna sidan 12" in page
    assert page.count("1 del bedömd") == 1
    assert "Sami ser mönster." in text(guardian, path(cast, code="GRGRMAT01"))
    assert "Sami ser mönster." not in text(guardian, path(cast, code="GRGRSVE01"))


def test_a_change_after_publishing_is_a_draft_to_the_home(cast: Any, guardian: Any, teacher: Any) -> None:
    judged(cast)
    SubjectSummary.objects.update(text="Nytt utkast.")
    assert "Nytt utkast." not in text(guardian, path(cast, code="GRGRMAT01"))
    assert "Nytt utkast." in text(teacher, path(cast, code="GRGRMAT01"))


@pytest.mark.parametrize(("level", "sees"), [(Level.PASSWORD, False), (Level.TWO_FACTOR, True), (Level.E_ID, True)])
def test_judgements_ask_for_a_strong_sign_in_and_say_the_way(cast: Any, client_as: Callable[..., Any], level: Level, sees: bool) -> None:
    plan(cast.anna, "Bråk i vardagen")
    judged(cast)
    sami = client_as("sami", Role.PUPIL, level)
    page, subject = text(sami, path(cast)), text(sami, path(cast, code="GRGRMAT01"))
    assert "Bråk i vardagen" in page
    assert ("1 del bedömd" in page, "Sami ser mönster." in subject) == (sees, sees)
    assert (f"/bekrafta/?next={path(cast)}" in page, f"/bekrafta/?next={path(cast)}GRGRMAT01/" in subject) == (not sees, not sees)


def test_a_subject_known_by_judgements_alone_is_not_there_for_a_password(cast: Any, client_as: Callable[..., Any]) -> None:
    judged(cast)
    switch_off(Module.PLANNING)
    assert client_as("sami", Role.PUPIL).get(path(cast, code="GRGRMAT01")).status_code == 404
    assert client_as("sami", Role.PUPIL, Level.E_ID).get(path(cast, code="GRGRMAT01")).status_code == 200


def test_with_assessment_off_nothing_is_said_of_it(cast: Any, client_as: Callable[..., Any], guardian: Any) -> None:
    plan(cast.anna, "Bråk i vardagen")
    judged(cast)
    switch_off(Module.ASSESSMENT)
    page = text(client_as("sami", Role.PUPIL), path(cast))
    assert "bedömning" not in page.lower()
    assert "Kunskaper" not in text(guardian, path(cast, code="GRGRMAT01"))
    assert "bedömd" not in text(guardian, path(cast))


def test_a_subject_teacher_sees_the_own_subject_and_the_mentor_all(cast: Any, client_as: Callable[..., Any], teacher: Any) -> None:
    subject_teacher(cast)
    plan(cast.anna, "Bråk i vardagen")
    task(plan(cast.anna, "The Weather", subject="GRGRENG01").plan, "Learn ten words")
    task(plan(cast.anna, "Sagor", subject="GRGRSVE01").plan, "Skriv en saga")
    judged(cast)
    erik = client_as("erik", Role.STAFF)
    page = text(erik, path(cast))
    assert ("The Weather" in page, "Learn ten words" in page) == (True, True)
    assert not [words for words in ("Bråk i vardagen", "Skriv en saga", "bedömd") if words in page]
    assert erik.get(path(cast, code="GRGRMAT01")).status_code == 404
    assert erik.get(path(cast, code="GRGRENG01")).status_code == 200
    for key in ("anna", "sunna", "ingrid"):
        page = text(client_as(key, Role.STAFF), path(cast))
        assert all(words in page for words in ("Bråk i vardagen", "The Weather", "Sagor"))


def test_no_relation_no_page(cast: Any, client_as: Callable[..., Any]) -> None:
    refused = [
        ("karin", Role.GUARDIAN),
        ("elsa", Role.PUPIL),
        ("lars", Role.STAFF),
        ("erik", Role.STAFF),
        ("maja", Role.STAFF),
        ("birgitta", Role.STAFF),
    ]
    for key, role in refused:
        browser = client_as(key, role)
        for address in (path(cast), path(cast, code="GRGRMAT01")):
            assert browser.get(address).status_code == 404
    assert client_as("mikael", Role.GUARDIAN).get(path(cast, "elsa")).status_code == 302
    assert client_as("fadumo", Role.GUARDIAN).get(path(cast, "fadumo")).status_code == 404  # the own page is the pupil role's
    assert client_as("anna", Role.STAFF).get(path(cast, "anna")).status_code == 404
    assert not Entry.objects.filter(action__startswith="larande.").exists()


@pytest.mark.parametrize("code", ["FINNSINTE", "GRGRSVE02", "None", "x" * 200])
def test_a_subject_that_the_pupil_does_not_read_is_no_page(guardian: Any, cast: Any, code: str) -> None:
    assert guardian.get(path(cast, code=code)).status_code == 404


def test_every_reading_leaves_a_line_in_the_log(cast: Any, guardian: Any, teacher: Any) -> None:
    for browser in (guardian, teacher):
        text(browser, path(cast))
        text(browser, path(cast, code="GRGRMAT01"))
    lines = Entry.objects.filter(subjects=[cast.id("sami")], action__startswith="larande.").order_by("pk")
    assert sorted(lines.values_list("role", "action")) == [
        ("guardian", "larande.pupil"), ("guardian", "larande.subject_of_pupil"), ("staff", "larande.pupil"), ("staff", "larande.subject_of_pupil"),
    ]  # fmt: skip


def test_the_protected_pupils_page_opens_by_name_alone(cast: Any, client_as: Callable[..., Any]) -> None:
    for key, role in (("anna", Role.STAFF), ("ingrid", Role.STAFF), ("pekka", Role.STAFF), ("petra", Role.GUARDIAN)):
        response = client_as(key, role).get(path(cast, "kim"))
        assert response.status_code in {302, 404}
        assert "Kim" not in visible(response)
        assert "Robin" not in response.content.decode()
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.anna, granted_by=cast.ingrid, reason="mentor")
    page = text(client_as("anna", Role.STAFF), path(cast, "kim"))
    assert "Kim Ek" in page
    assert "Hemlig" not in page


def test_a_pupil_who_changed_class_keeps_the_history_of_the_subject(cast: Any, guardian: Any, teacher: Any) -> None:
    last_year = plan(cast.anna, "Talsystemet", "4B")
    last_year.start_date, last_year.end_date = TODAY - timedelta(days=40), TODAY - timedelta(days=20)
    last_year.save()
    too_late = plan(cast.anna, "Efter bytet", "4B")
    plan(cast.anna, "Bråk i vardagen")
    moves(cast.sami, "4B", TODAY - timedelta(days=60))
    moves(cast.sami, "4A", TODAY - timedelta(days=15))
    for browser in (guardian, teacher):
        page = text(browser, path(cast, code="GRGRMAT01"))
        earlier = page.partition("Tidigare</h2>")[2]
        assert "Talsystemet" in earlier
        assert "4B" in visible(earlier)
        assert "Bråk i vardagen" in page
        assert too_late.plan.title not in page
        assert "1 tidigare planering" in text(browser, path(cast))


def test_a_new_teacher_reads_what_an_earlier_one_planned(cast: Any, client_as: Callable[..., Any]) -> None:
    plan(cast.anna, "Bråk i vardagen")
    given = made.activity()
    erik = DutyAssignment.objects.filter(duty__person=cast.id("erik")).first().duty
    DutyAssignment.objects.filter(activity=given).update(end_date=TODAY - timedelta(days=1))
    DutyAssignment.objects.create(activity=given, duty=erik, start_date=TODAY)
    page = text(client_as("erik", Role.STAFF), path(cast, code="GRGRMAT01"))
    assert "Bråk i vardagen" in page
    assert "Anna Lindqvist, Erik Nilsson-Berg" in page


def test_an_adult_pupil_has_the_own_page_and_a_former_guardian_none(cast: Any, client_as: Callable[..., Any], guardian: Any) -> None:
    made.plan(cast.lars, made.activity("Vux 1", "GRGRSVE01"), published=True, title="Argumentera")
    assert "Argumentera" in text(client_as("piera", Role.PUPIL), path(cast, "piera"))
    assert guardian.get(path(cast, "leila")).status_code == 200
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(TODAY, 18))
    assert guardian.get(path(cast, "leila")).status_code == 404
    assert client_as("leila", Role.PUPIL).get(path(cast, "leila")).status_code == 200


def test_it_is_linked_from_where_one_looks_for_it(cast: Any, guardian: Any, teacher: Any) -> None:
    sami = path(cast)
    assert sami in text(guardian, "/start/")
    assert sami in text(guardian, f"/elever/{cast.id('sami')}/")
    assert sami in text(teacher, f"/elever/{cast.id('sami')}/")
    assert sami in text(teacher, f"/min-klass/{cast.group('4A').pk}/")
    assert sami in text(guardian, "/larande/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_statements_for_any_number_of_plans(cast: Any, guardian: Any, statements: Any, count: int) -> None:
    for number, subject in enumerate(["GRGRMAT01", "GRGRSVE01", "GRGRENG01"][:count]):
        task(plan(cast.anna, f"Plan {number}", subject=subject).plan, f"Uppgift {number}")
        judged(cast, subject)
    guardian.get("/om-dexter/")
    assert statements(lambda: guardian.get(path(cast))) == 3 + 9
