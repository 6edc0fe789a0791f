"""Chosen lessons of one day: a row each under one receipt; what of a day is still free; who may report whom."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import AbsenceReport, ReportedDay, SchoolFormRule, Source, UnitSettings
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from dexter.lib.templatetags.dexter import long_day
from registry.models import CalendarEvent, Person, SchoolUnit
from tests.conftest import OVERHEAD
from tests.pages import visible

from .school_day import report
from .test_report_absence import REPORT, form

LESSONS = "/franvaro/anmal/lektioner/"


def tomorrow() -> datetime.date:
    return days.today() + timedelta(days=1)


def chosen(cast: Any, *picked: tuple[str, CalendarEvent], first: datetime.date | None = None, **more: Any) -> dict[str, Any]:
    return {
        "pupils": sorted({str(cast.id(key)) for key, _lesson in picked}),
        "first": (first or tomorrow()).isoformat(),
        "lessons": [f"{cast.id(key)}:{lesson.pk}" for key, lesson in picked],
        "submission": str(uuid.uuid4()),
        **more,
    }


def rows(key_id: uuid.UUID, day: datetime.date | None = None) -> list[ReportedDay]:
    return list(ReportedDay.objects.filter(pupil=key_id, day=day or tomorrow()).order_by("starts_at"))


def test_two_lessons_of_two_children_are_rows_of_one_receipt_withdrawn_one_by_one(cast: Any, guardian: Any, morning: Any) -> None:
    first, third = cast.lesson("4A", tomorrow(), 0), cast.lesson("4A", tomorrow(), 2)
    leilas = cast.lesson("8A", tomorrow(), 1)
    response = guardian.send(LESSONS, chosen(cast, ("sami", first), ("sami", third), ("leila", leilas)), follow=True)
    page = response.content.decode()
    assert "Frånvaron är anmäld" in page
    assert "En dag till" not in page
    assert [(row.starts_at, row.ends_at) for row in rows(cast.id("sami"))] == [
        (lesson.starts_at, lesson.ends_at) for lesson in (first, third)
    ]
    assert AbsenceReport.objects.filter(reported_by=cast.id("amira")).count() == 1
    assert Entry.objects.filter(action="absence.report_lessons", subjects__contains=[cast.id("leila")]).count() == 1
    guardian.send(f"/franvaro/dag/{rows(cast.id('sami'))[0].pk}/ta-tillbaka/")
    assert [row.withdrawn_at is None for row in rows(cast.id("sami"))] == [False, True]


def test_the_first_page_leads_to_the_lessons_of_the_chosen_children(cast: Any, guardian: Any, morning: Any) -> None:
    response = guardian.send(REPORT, form(cast, "sami", "leila", choose_lessons="1"))
    assert response.status_code == 302
    page = guardian.get(response.url).content.decode()
    assert "Sami Haddad" in page
    assert f'value="{cast.id("leila")}:{cast.lesson("8A", tomorrow()).pk}"' in page
    assert "Noor" not in visible(page)
    assert not AbsenceReport.objects.filter(reported_by=cast.id("amira")).exists()
    later = (tomorrow() + timedelta(days=2)).isoformat()
    refused = guardian.send(REPORT, form(cast, "sami", choose_lessons="1", last=later))
    assert refused.status_code == 422
    assert "en dag i taget" in refused.content.decode()
    assert guardian.get(LESSONS).status_code == 302


def test_lessons_already_reported_cannot_be_ticked_and_the_rest_can(cast: Any, guardian: Any, morning: Any) -> None:
    first = cast.lesson("4A", tomorrow(), 0)
    guardian.send(LESSONS, chosen(cast, ("sami", first)))
    page = guardian.get(LESSONS, {"pupils": str(cast.id("sami")), "first": tomorrow().isoformat()}).content.decode()
    assert page.count("disabled") == 1
    again = guardian.send(LESSONS, chosen(cast, ("sami", first)))
    assert again.status_code == 422
    assert "redan anmäld" in again.content.decode()


def test_the_whole_day_after_a_part_of_it_reports_what_is_left(cast: Any, guardian: Any, morning: Any) -> None:
    """At the dentist's until ten, ill for the rest: nothing has to be taken back first."""
    part = form(cast, "sami", starts="08:00", ends="10:00")
    guardian.send(REPORT, part)
    page = guardian.send(REPORT, form(cast, "sami"), follow=True).content.decode()
    assert "Frånvaron är anmäld" in page
    assert "från 10:00" in page
    assert "till 08:00" in page
    standing = rows(cast.id("sami"))
    opens, closes = days.bounds(tomorrow())
    assert (standing[0].starts_at, standing[-1].ends_at, len(standing)) == (opens, closes, 3)
    assert all(one.ends_at == other.starts_at for one, other in itertools.pairwise(standing))
    assert not any(row.whole_day for row in standing)


def test_lessons_at_the_same_time_are_one_row(cast: Any, guardian: Any, morning: Any) -> None:
    first = cast.lesson("4A", tomorrow(), 0)
    twin = CalendarEvent.objects.create(
        activity=first.activity, starts_at=first.starts_at + timedelta(minutes=10), ends_at=first.ends_at + timedelta(minutes=10)
    )
    guardian.send(LESSONS, chosen(cast, ("sami", first), ("sami", twin)))
    assert [(row.starts_at, row.ends_at) for row in rows(cast.id("sami"))] == [(first.starts_at, twin.ends_at)]


def test_a_lesson_that_has_begun_can_be_reported_and_is_late(cast: Any, guardian: Any, at: Any) -> None:
    at(10, 20)
    begun = cast.lesson("4A", number=0)
    page = guardian.get(LESSONS, {"pupils": str(cast.id("sami")), "first": days.today().isoformat()}).content.decode()
    assert "Har börjat" in page
    page = guardian.send(LESSONS, chosen(cast, ("sami", begun), first=days.today()), follow=True).content.decode()
    assert "Lektioner som redan hade börjat bedömer skolan" in page


def test_crafted_lessons_save_nothing(cast: Any, guardian: Any, morning: Any) -> None:
    own, foreign = cast.lesson("4A", tomorrow(), 0), cast.lesson("5B", tomorrow(), 0)
    sami, elsa = cast.id("sami"), cast.id("elsa")
    for lessons in (
        [f"{sami}:{foreign.pk}"],
        [f"{elsa}:{own.pk}"],
        [f"{sami}:{own.pk}", f"{elsa}:{own.pk}"],
        [f"{sami}:{cast.lesson('4A').pk}"],  # of today
        [f"{sami}:{uuid.uuid4()}"],
        ["x"],
        [f"{sami}"],
        [],
    ):
        assert guardian.send(LESSONS, {**chosen(cast, ("sami", own)), "lessons": lessons}).status_code == 422
    assert guardian.send(LESSONS, {**chosen(cast, ("sami", own)), "pupils": [str(elsa)]}).status_code == 302
    assert guardian.send(LESSONS, chosen(cast, ("sami", own), first=days.today() - timedelta(days=1))).status_code == 422
    assert guardian.send(LESSONS, {**chosen(cast, ("sami", own)), "submission": "x"}).status_code == 422
    assert not AbsenceReport.objects.filter(reported_by=cast.id("amira")).exists()


def test_the_same_lessons_twice_are_one_report(cast: Any, guardian: Any, morning: Any) -> None:
    sent = chosen(cast, ("sami", cast.lesson("4A", tomorrow(), 0)))
    first, second = guardian.send(LESSONS, sent), guardian.send(LESSONS, sent)
    assert first.url == second.url
    assert len(rows(cast.id("sami"))) == 1


@pytest.mark.parametrize("children", [1, 3])
def test_the_lessons_take_a_constant_number_of_statements(cast: Any, guardian: Any, statements: Any, morning: Any, children: int) -> None:
    keys = ["noor", "sami", "leila"][:children]
    asked = {"pupils": [str(cast.id(key)) for key in keys], "first": tomorrow().isoformat()}
    sent = chosen(cast, *[(key, cast.lesson(name, tomorrow(), 0)) for key, name in zip(keys, ("1A", "4A", "8A"), strict=False)])
    guardian.get("/om-dexter/")
    assert statements(lambda: guardian.get(LESSONS, asked)) == 4 + OVERHEAD
    assert statements(lambda: guardian.send(LESSONS, sent)) == 15 + OVERHEAD


def test_an_adult_pupil_reports_alone_with_e_identification(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    assert "/bekrafta/" in client_as("piera", Role.PUPIL).get(REPORT).url
    piera = client_as("piera", Role.PUPIL, Level.E_ID)
    assert REPORT in piera.get("/start/").content.decode()
    page = piera.send(REPORT, form(cast, "piera"), follow=True).content.decode()
    assert "Frånvaron är anmäld" in page
    assert AbsenceReport.objects.get(reported_by=cast.id("piera"), days__day=tomorrow()).source == Source.PUPIL
    assert "av dig" in piera.get("/franvaro/").content.decode()
    assert piera.send(f"/franvaro/dag/{rows(cast.id('piera'))[0].pk}/ta-tillbaka/").status_code == 302
    assert rows(cast.id("piera"))[0].withdrawn_at
    assert piera.send(REPORT, form(cast, "fadumo")).status_code == 422


def test_the_form_of_schooling_and_the_age_decide_who_reports(
    cast: Any, client_as: Callable[..., Any], guardian: Any, morning: Any
) -> None:
    """Seventeen and in adult education: the guardians still report, and so does the pupil."""
    leila = client_as("leila", Role.PUPIL, Level.E_ID)
    assert leila.get(REPORT).status_code == 403
    assert "Anmäl frånvaro" not in leila.get("/start/").content.decode()
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(days.today(), 17))
    cast.leila.enrolments.update(school_type="VUXGY", school_year=None)
    assert leila.get(REPORT).status_code == 200
    assert leila.send(REPORT, form(cast, "leila")).status_code == 302
    page = guardian.get("/franvaro/").content.decode()
    assert "av eleven" in page
    assert guardian.send(REPORT, form(cast, "leila", first=tomorrow() + timedelta(days=1))).status_code == 302
    SchoolFormRule.objects.filter(school_type="VUXGY", of_age=False).update(guardians_report=False)
    assert guardian.send(REPORT, form(cast, "leila", first=tomorrow() + timedelta(days=2))).status_code == 422
    assert str(cast.id("leila")) not in guardian.get(REPORT).content.decode()


def test_a_guardian_reports_until_the_eighteenth_birthday_and_no_day_of_it(cast: Any, guardian: Any, morning: Any) -> None:
    birthday = tomorrow() + timedelta(days=1)
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(birthday, 18))
    SchoolUnit.objects.update(weekdays=[1, 2, 3, 4, 5, 6, 7])
    page = guardian.send(REPORT, form(cast, "leila", last=(birthday + timedelta(days=1)).isoformat()), follow=True).content.decode()
    assert "Den som är myndig anmäler sig själv" in page
    assert [row.day for row in ReportedDay.objects.filter(pupil=cast.id("leila"), day__gte=tomorrow())] == [tomorrow()]


def test_each_school_says_how_far_ahead_and_the_other_child_goes_through(cast: Any, guardian: Any, morning: Any) -> None:
    UnitSettings.objects.create(
        school_unit=SchoolUnit.objects.get(name="Granskolan"), start_date=days.today() - timedelta(days=9), report_ahead_days=2
    )
    SchoolUnit.objects.update(weekdays=[1, 2, 3, 4, 5, 6, 7])
    first = days.today() + timedelta(days=2)
    sent = form(cast, "sami", "leila", first=first, last=(first + timedelta(days=1)).isoformat())
    page = guardian.send(REPORT, sent, follow=True).content.decode()
    assert f"I dag kan frånvaro anmälas till och med {long_day(first)}" in page
    found = ReportedDay.objects.filter(day__gte=first, report__reported_by=cast.id("amira"))
    assert sorted(found.values_list("pupil", "day")) == sorted(
        [(cast.id("sami"), first), (cast.id("leila"), first), (cast.id("leila"), first + timedelta(days=1))]
    )
    refused = guardian.send(REPORT, form(cast, "sami", first=first + timedelta(days=3)))
    assert refused.status_code == 422


def test_the_history_is_filtered_by_child_and_term_and_what_is_to_come_is_always_shown(cast: Any, guardian: Any, morning: Any) -> None:
    guardian.send(REPORT, form(cast, "sami"))
    ReportedDay.objects.filter(day__lt=days.today(), pupil__in=[cast.id("noor"), cast.id("leila")]).delete()
    noors, leilas = cast.lesson("1A", days.today() - timedelta(days=3)), cast.lesson("8A", days.today() - timedelta(days=3))
    report(cast.noor, cast.amira, noors.starts_at, noors.ends_at)
    report(cast.leila, cast.jonas, leilas.starts_at, leilas.ends_at)
    page = guardian.get("/franvaro/").content.decode()
    assert (page.count("Kvitto för Sami"), page.count("Kvitto för Noor"), page.count("Kvitto för Leila")) == (1, 1, 0)  # Jonas has hers
    only = guardian.get("/franvaro/", {"pupil": str(cast.id("noor"))}).content.decode()
    names = [f"{getattr(cast, key).shown_name}</strong>" in only for key in ("sami", "noor", "leila")]
    assert names == [True, True, False]
    for crafted in ({"pupil": str(cast.id("elsa"))}, {"pupil": "x"}, {"term": "XX1900"}, {"term": "HT2026' OR 1=1 --"}):
        shown = guardian.get("/franvaro/", crafted)
        assert shown.status_code == 200
        assert "Elsa" not in visible(shown)
