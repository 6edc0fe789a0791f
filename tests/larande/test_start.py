"""The week: of several children on one page, of oneself as a pupil, of one's teaching; by every path nothing unpublished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.days import Week
from larande.planning.models import TaskKind
from registry.models import (
    CalendarDay,
    GroupMembership,
    Guardianship,
    Person,
    PupilSyllabus,
    Syllabus,
)
from tests.conftest import OVERHEAD

from . import made
from .weeks import MONDAY, TODAY, moves, part, plan, task, text, week_path


def test_one_page_tells_of_each_child_its_own(cast: Any, guardian: Any) -> None:
    fractions, rome = plan(cast.anna, "Bråk i vardagen"), plan(cast.lars, "Rapparna i Rom", "8A", "GRGRSVE01")
    task(fractions.plan, "Räkna sidan 12")
    task(rome.plan, "Läs kapitel 3")
    page = text(guardian, "/larande/")
    sami, leila, noor = (part(page, cast, key) for key in ("sami", "leila", "noor"))
    assert "Bråk i vardagen" in sami
    assert "Räkna sidan 12" in sami
    assert "Rapparna i Rom" in leila
    assert "Läs kapitel 3" in leila
    assert not any(words in other for words in ("Bråk i vardagen", "Räkna sidan 12") for other in (leila, noor))
    assert not any(words in other for words in ("Rapparna i Rom", "Läs kapitel 3") for other in (sami, noor))


def test_where_nothing_is_published_it_says_so_and_by_whom_it_will_be(cast: Any, guardian: Any) -> None:
    plan(cast.anna, "Bråk i vardagen")
    sami = part(text(guardian, "/larande/"), cast, "sami")
    assert "Anna Lindqvist har inte publicerat något ännu i: Bild, Engelska, Idrott och hälsa, Musik, Svenska, Teknik." in sami
    next_month = part(text(guardian, week_path(TODAY + timedelta(days=35))), cast, "sami")
    assert "Anna Lindqvist har inte publicerat något för den här veckan i: Matematik." in next_month


def test_a_protected_teacher_is_not_named(cast: Any, guardian: Any) -> None:
    Person.objects.filter(pk=cast.id("anna")).update(security_marking="Sekretessmarkering", agreed_name="Ann L")
    sami = part(text(guardian, "/larande/"), cast, "sami")
    assert "Läraren har inte publicerat något ännu i: Bild" in sami
    assert "Ann L" not in sami


def test_drafts_shared_plans_and_other_groups_show_by_no_path(cast: Any, guardian: Any, client_as: Callable[..., Any]) -> None:
    draft = plan(cast.anna, "Hemligt utkast", published=False)
    shared = plan(cast.anna, "Hemlig delad", subject="GRGRSVE01", published=False, state="shared")
    both = plan(cast.anna, "Hemlig i 4A", "4B", "GRGRENG01")
    coming = made.place(both.plan, made.activity("4A", "GRGRENG01"), cast.anna)
    for teaching in (draft, shared):
        task(teaching.plan, "Hemlig uppgift")
    task(both.plan, "Hemlig för alla")
    task(both.plan, "Hemlig för 4A", teaching=coming)
    weeks = ["/larande/", *(week_path(TODAY + timedelta(weeks=weeks)) for weeks in (-1, 1, 2))]
    pages = [
        *weeks,
        f"/larande/elev/{cast.id('sami')}/",
        f"/larande/elev/{cast.id('sami')}/GRGRMAT01/",
        f"/larande/elev/{cast.id('sami')}/GRGRENG01/",
    ]
    for browser in (guardian, client_as("sami", Role.PUPIL)):
        assert not [path for path in pages if "Hemlig" in text(browser, path)]
        for teaching in (draft, shared, both, coming):
            assert browser.get(f"/larande/planeringar/hem/{teaching.pk}/").status_code == 404


def test_a_task_for_one_group_of_a_plan_is_not_anothers(cast: Any, guardian: Any) -> None:
    fractions = plan(cast.anna, "Bråk i vardagen")
    other = made.place(fractions.plan, made.activity("4B"), cast.anna, published=True)
    task(fractions.plan, "Bara 4B", teaching=other)
    task(fractions.plan, "Bara 4A", teaching=fractions)
    for path in ("/larande/", f"/larande/planeringar/hem/{fractions.pk}/", f"/larande/elev/{cast.id('sami')}/"):
        page = text(guardian, path)
        assert "Bara 4A" in page
        assert "Bara 4B" not in page


def test_siblings_in_the_parallel_class_are_not_mixed_up(cast: Any, guardian: Any) -> None:
    moves(cast.noor, "4B", MONDAY - timedelta(days=60))
    plan(cast.anna, "Bara för A")
    plan(cast.anna, "Bara för B", "4B")
    page = text(guardian, "/larande/")
    assert ("Bara för A" in part(page, cast, "sami"), "Bara för B" in part(page, cast, "sami")) == (True, False)
    assert ("Bara för A" in part(page, cast, "noor"), "Bara för B" in part(page, cast, "noor")) == (False, True)


def test_a_plan_that_ended_before_the_child_came_is_not_the_childs_though_a_siblings(cast: Any, guardian: Any) -> None:
    """Noor joins Sami's class: what was over by then stays Sami's alone, also where a task of it is due later."""
    moves(cast.noor, "4A", TODAY)
    over = plan(cast.anna, "Redan slut")
    over.start_date, over.end_date = TODAY - timedelta(days=20), TODAY - timedelta(days=1)
    over.save()
    task(over.plan, "Lämna in sent", TODAY)
    page = text(guardian, "/larande/")
    assert "Lämna in sent" in part(page, cast, "sami")
    assert "Lämna in sent" not in part(page, cast, "noor")


def test_who_changes_class_in_the_week_has_the_tasks_of_each_day(cast: Any, guardian: Any) -> None:
    wednesday = MONDAY + timedelta(days=2)
    moves(cast.sami, "4B", wednesday)
    old, new = plan(cast.anna, "Gamla klassens"), plan(cast.anna, "Nya klassens", "4B")
    task(old.plan, "Gammal måndag", MONDAY)
    task(old.plan, "Gammal fredag", MONDAY + timedelta(days=4))
    task(new.plan, "Ny måndag", MONDAY)
    task(new.plan, "Ny fredag", MONDAY + timedelta(days=4))
    sami = part(text(guardian, "/larande/"), cast, "sami")
    assert [words in sami for words in ("Gammal måndag", "Gammal fredag", "Ny måndag", "Ny fredag")] == [True, False, False, True]


def test_a_future_group_shows_nothing_before_its_time(cast: Any, guardian: Any) -> None:
    moves(cast.sami, "4B", TODAY + timedelta(days=40))
    before = plan(cast.anna, "Före bytet", "4B")
    assert "Före bytet" not in text(guardian, "/larande/")
    assert guardian.get(f"/larande/planeringar/hem/{before.pk}/").status_code == 404


def test_no_relation_no_week(cast: Any, client_as: Callable[..., Any]) -> None:
    teaching = plan(cast.anna, "Bråk i vardagen")
    assert client_as("mikael", Role.GUARDIAN).get("/larande/").status_code == 302
    assert "Bråk i vardagen" in text(client_as("karin", Role.GUARDIAN), "/larande/")
    Guardianship.objects.filter(guardian=cast.id("karin")).update(end_date=TODAY - timedelta(days=1))
    karin = client_as("karin", Role.GUARDIAN)
    for path in ("/larande/", week_path(TODAY - timedelta(weeks=1)), f"/larande/planeringar/hem/{teaching.pk}/"):
        assert karin.get(path).status_code == 302  # no role is left


def test_a_child_who_turns_18_closes_the_week_for_the_guardian(cast: Any, guardian: Any) -> None:
    plan(cast.lars, "Rapparna i Rom", "8A", "GRGRSVE01")
    assert "Rapparna i Rom" in text(guardian, "/larande/")
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(TODAY, 18))
    page = text(guardian, "/larande/")
    assert "Rapparna i Rom" not in page
    assert str(cast.id("leila")) not in page


def test_a_protected_child_is_shown_when_the_school_has_let_the_guardian_in(cast: Any, client_as: Callable[..., Any]) -> None:
    page = client_as("petra", Role.GUARDIAN).get("/larande/")
    assert "Kim Ek" not in page.content.decode()


def test_a_pupil_has_the_own_week_and_so_has_an_adult(cast: Any, client_as: Callable[..., Any]) -> None:
    fractions = plan(cast.anna, "Bråk i vardagen")
    task(fractions.plan, "Provet i bråk", kind=TaskKind.TEST)
    page = text(client_as("sami", Role.PUPIL), "/larande/")
    assert "Provet i bråk" in page
    assert "Leila" not in page
    adult = made.activity("Vux 1", "GRGRSVE01")
    made.plan(cast.lars, adult, published=True, title="Argumentera")
    assert "Argumentera" in text(client_as("piera", Role.PUPIL), "/larande/")
    assert "Argumentera" not in text(client_as("fadumo", Role.GUARDIAN), "/larande/")  # a role sees through its own eyes


def test_today_is_marked_and_holidays_are_told(cast: Any, guardian: Any) -> None:
    unit = made.activity().school_unit
    CalendarDay.objects.create(
        organisation=unit.organisation,
        school_unit=unit,
        kind="holiday",
        name="Höstlov",
        start_date=MONDAY,
        end_date=MONDAY + timedelta(days=6),
    )
    page = text(guardian, "/larande/")
    sami = part(page, cast, "sami")
    assert ('aria-current="date"' in sami) is (TODAY.isoweekday() < 6)
    assert "Höstlov" in sami
    assert "har inte publicerat" not in sami  # nobody is to blame for a holiday
    assert "Höstlov" not in part(page, cast, "leila")  # of another school
    assert 'aria-current="date"' not in text(guardian, week_path(TODAY + timedelta(weeks=1)))


def test_what_is_due_on_a_weekend_has_its_day(cast: Any, guardian: Any) -> None:
    task(plan(cast.anna, "Bråk i vardagen").plan, "Söndagsläxa", MONDAY + timedelta(days=6))
    assert "Söndagsläxa" in part(text(guardian, "/larande/"), cast, "sami")


def test_what_comes_later_is_told_apart(cast: Any, guardian: Any) -> None:
    fractions = plan(cast.anna, "Bråk i vardagen")
    task(fractions.plan, "Om två veckor", MONDAY + timedelta(days=20))
    task(fractions.plan, "Om tre veckor", MONDAY + timedelta(days=21))
    page = text(guardian, "/larande/")
    assert "1 sak de två veckorna därefter" in page
    assert "Om två veckor" in page
    assert "Om tre veckor" not in page


def test_a_task_of_a_plan_for_two_subjects_is_told_once(cast: Any, guardian: Any) -> None:
    fractions = plan(cast.anna, "Tema rymden")
    made.place(fractions.plan, made.activity("4A", "GRGRSVE01"), cast.anna, published=True)
    task(fractions.plan, "Skriv om en planet")
    sami = part(text(guardian, "/larande/"), cast, "sami")
    assert sami.count("Skriv om en planet") == 1
    assert "Matematik, Svenska" in sami


def test_a_pupil_who_reads_another_syllabus_reads_its_name(cast: Any, guardian: Any) -> None:
    own = Syllabus.objects.create(school_type="GRS", subject_code="GRSMAT", subject_name="Matematik, anpassad grundskola")
    PupilSyllabus.objects.create(pupil=cast.sami, activity=made.activity(), syllabus=own, start_date=TODAY - timedelta(days=9))
    plan(cast.anna, "Bråk i vardagen")
    assert "Matematik, anpassad grundskola" in part(text(guardian, "/larande/"), cast, "sami")


@pytest.mark.parametrize(
    "words", ["9999-v01", "0001-v01", "0000-v00", "2026-v54", "2025-v53", "2026-v00", "20260-v01", "2026-v1", "x", "2026-12-01"]
)
def test_weeks_that_are_none_are_no_page(guardian: Any, words: str) -> None:
    assert guardian.get(f"/larande/vecka/{words}/").status_code == 404


@pytest.mark.parametrize("words", ["9998-v52", "0002-v01", "2026-v53", "2026-v13", "2026-v43"])
def test_weeks_at_the_edges_open(cast: Any, guardian: Any, teacher: Any, words: str) -> None:
    for browser in (guardian, teacher):
        assert browser.get(f"/larande/vecka/{words}/").status_code == 200


@pytest.mark.parametrize(
    ("monday", "number"), [(date(2026, 3, 23), 13), (date(2026, 10, 19), 43), (date(2026, 12, 28), 53), (date(2027, 1, 4), 1)]
)
def test_a_week_with_a_changed_clock_or_year_has_its_seven_days(cast: Any, guardian: Any, at: Any, monday: date, number: int) -> None:
    """A task on Sunday, the day the clock changes or the year is new, stands in the week of that Sunday alone."""
    GroupMembership.objects.filter(person=cast.sami).update(start_date=date(2026, 1, 1))
    fractions = plan(cast.anna, "Bråk i vardagen")
    fractions.start_date, fractions.end_date = monday, monday + timedelta(days=6)
    fractions.save()
    fractions.activity.__class__.objects.update(start_date=date(2026, 1, 1), end_date=None)
    task(fractions.plan, "Till söndag", monday + timedelta(days=6))
    at(0, 10, day=monday)
    assert Week.of(monday).number == number
    page = text(guardian, "/larande/")
    assert f"Vecka {number}" in page
    assert "Till söndag" in part(page, cast, "sami")
    at(23, 50, day=monday + timedelta(days=6))
    assert "Till söndag" in part(text(guardian, "/larande/"), cast, "sami")
    assert "Till söndag" not in part(text(guardian, week_path(monday + timedelta(days=7))), cast, "sami")


def test_scripts_in_what_teachers_wrote_stay_words(cast: Any, guardian: Any) -> None:
    fractions = plan(cast.anna, "<script>alert(1)</script>", what="<img src=x onerror=alert(1)>")
    task(fractions.plan, "<b>fet</b>", text="<script>alert(2)</script>")
    for path in ("/larande/", f"/larande/planeringar/hem/{fractions.pk}/", f"/larande/elev/{cast.id('sami')}/"):
        page = text(guardian, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>fet" not in page


@pytest.mark.parametrize("children", [1, 3])
def test_the_week_takes_the_same_statements_for_any_number_of_children_and_plans(
    cast: Any, guardian: Any, client_as: Callable[..., Any], statements: Any, children: int
) -> None:
    if children == 1:
        Guardianship.objects.filter(guardian=cast.amira).exclude(child=cast.sami).update(end_date=TODAY - timedelta(days=1))
    for number, subject in enumerate(["GRGRMAT01", "GRGRSVE01", "GRGRENG01"][:children]):
        teaching = plan(cast.anna, f"Plan {number}", subject=subject)
        for ahead in range(children):
            task(teaching.plan, f"Uppgift {ahead}", TODAY + timedelta(days=ahead))
    if children == 3:
        plan(cast.lars, "Rom", "8A", "GRGRSVE01")
    guardian.get("/om-dexter/")
    assert statements(lambda: guardian.get("/larande/")) == OVERHEAD + 6
