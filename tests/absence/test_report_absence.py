"""A guardian reports absence: what goes through, what is explained, what is refused."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from absence.models import AbsenceReport, ReportedDay, UnitSettings
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from dexter.lib.templatetags.dexter import long_day
from registry.models import CalendarDay, CalendarKind, Enrolment, Guardianship, Organisation, SchoolUnit
from tests.conftest import OVERHEAD

REPORT = "/franvaro/anmal/"


def form(cast: Any, *children: str, first: datetime.date | None = None, **more: Any) -> dict[str, Any]:
    day = first or days.today() + timedelta(days=1)
    return {"pupils": [str(cast.id(child)) for child in children], "first": day.isoformat(), "submission": str(uuid.uuid4()), **more}


def test_two_children_tomorrow_with_one_form_and_a_receipt(cast: Any, guardian: Any, morning: Any) -> None:
    page = guardian.get("/start/").content.decode()
    assert "Frånvarande idag" in page
    assert page.count('name="pupils"') == 3
    assert "checked" not in page
    response = guardian.send(REPORT, form(cast, "noor", "sami"), follow=True)
    assert "Frånvaron är anmäld" in response.content.decode()
    assert {row.pupil_id for row in ReportedDay.objects.filter(day=days.today() + timedelta(1))} == {cast.id("noor"), cast.id("sami")}
    assert Entry.objects.filter(action="absence.report_absence", subjects__contains=[cast.id("sami")]).count() == 1


def test_one_child_needs_no_choice(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    page = client_as("karin", Role.GUARDIAN).get("/start/").content.decode()
    assert f'type="hidden" name="pupils" value="{cast.id("elsa")}"' in page


def test_the_same_form_twice_is_one_report(cast: Any, guardian: Any, morning: Any) -> None:
    sent = form(cast, "noor")
    first, second = guardian.send(REPORT, sent), guardian.send(REPORT, sent)
    assert first.url == second.url
    assert ReportedDay.objects.filter(pupil=cast.id("noor"), day__gt=days.today()).count() == 1


def test_a_range_is_one_row_per_school_day(cast: Any, guardian: Any, morning: Any) -> None:
    first = days.today() + timedelta(days=2)
    CalendarDay.objects.create(
        organisation=Organisation.objects.get(),
        kind=CalendarKind.HOLIDAY,
        name="Lov",
        start_date=first + timedelta(1),
        end_date=first + timedelta(1),
    )
    guardian.send(REPORT, form(cast, "noor", first=first, last=(first + timedelta(days=3)).isoformat()))
    reported = ReportedDay.objects.filter(pupil=cast.id("noor"), day__gte=first).values_list("day", flat=True)
    assert list(reported) == [first, first + timedelta(2), first + timedelta(3)]


def test_what_works_is_saved_and_the_rest_explained(cast: Any, guardian: Any, morning: Any) -> None:
    guardian.send(REPORT, form(cast, "noor"))
    response = guardian.send(REPORT, form(cast, "noor", "sami"), follow=True)
    assert "Noor Haddad är redan anmäld i morgon" in response.content.decode()
    assert ReportedDay.objects.filter(pupil=cast.id("sami"), day=days.today() + timedelta(1)).exists()


def test_no_school_and_already_reported_get_their_own_answers(cast: Any, guardian: Any, morning: Any) -> None:
    SchoolUnit.objects.update(weekdays=[])
    response = guardian.send(REPORT, form(cast, "noor"))
    assert response.status_code == 422
    assert "har ingen skola i morgon" in response.content.decode()
    assert not AbsenceReport.objects.filter(reported_by=cast.id("amira")).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first": "1999-01-01"}, "Den dagen har varit"),
        ({"first": "igår"}, "Fyll i ett giltigt datum"),
        ({"last": "2020-01-01"}, "Sista dagen ligger före"),
        ({"first": "2999-01-01"}, "för långt fram"),
        ({"starts": "12:00", "ends": "11:00"}, "Sluttiden måste vara efter"),
        ({"pupils": []}, "Välj minst ett barn"),
        ({"submission": "x"}, None),
        ({"first": ""}, None),
        ({"first": "2026-11-24'; DROP TABLE registry_person; --"}, "giltigt datum"),
    ],
)
def test_a_bad_form_is_explained_and_saves_nothing(
    cast: Any, guardian: Any, morning: Any, change: dict[str, Any], said: str | None
) -> None:
    response = guardian.send(REPORT, {**form(cast, "noor"), **change})
    assert response.status_code == 422
    assert said is None or said in response.content.decode()
    assert not AbsenceReport.objects.filter(reported_by=cast.id("amira")).exists()


def test_nobody_reports_the_child_of_another(cast: Any, guardian: Any, client_as: Callable[..., Any], morning: Any) -> None:
    for foreign in ("elsa", "kim", "alva", "amira", "anna"):
        assert guardian.send(REPORT, form(cast, "noor", foreign)).status_code == 422
    assert guardian.send(REPORT, {**form(cast, "noor"), "pupils": ["x", str(uuid.uuid4())]}).status_code == 422
    assert client_as("mikael", Role.GUARDIAN).send(REPORT, form(cast, "elsa")).status_code in {302, 404}
    assert client_as("leila", Role.PUPIL).send(REPORT, form(cast, "leila")).status_code == 302  # asked for the e-identification
    assert client_as("leila", Role.PUPIL, Level.E_ID).send(REPORT, form(cast, "leila")).status_code == 403
    assert client_as("anna", Role.STAFF).send(REPORT, form(cast, "sami")).status_code == 404
    assert not ReportedDay.objects.filter(day=days.today() + timedelta(1)).exists()


def test_extra_fields_change_nothing(cast: Any, guardian: Any, morning: Any) -> None:
    guardian.send(REPORT, {**form(cast, "noor"), "reported_by": str(cast.id("jonas")), "source": "office", "withdrawn_at": "2026-01-01"})
    report = AbsenceReport.objects.get(reported_by=cast.id("amira"))
    assert (report.source, report.days.get().withdrawn_at) == ("guardian", None)


def test_part_of_a_day_covers_its_lessons_alone(cast: Any, guardian: Any, teacher: Any, morning: Any) -> None:
    tomorrow = days.today() + timedelta(days=1)
    guardian.send(REPORT, form(cast, "sami", starts="09:30", ends="13:00"))
    marks = [
        "Anmäld 09:30–13:00" in teacher.get(f"/lektioner/{cast.lesson('4A', tomorrow, n).pk}/narvaro/").content.decode() for n in range(4)
    ]
    assert marks == [False, True, True, False]


def test_today_can_be_reported_at_any_hour_and_late_lessons_are_for_the_school(cast: Any, guardian: Any, teacher: Any, at: Any) -> None:
    at(10, 20)
    response = guardian.send(REPORT, form(cast, "sami", first=days.today()), follow=True)
    assert "Lektioner som redan hade börjat bedömer skolan" in response.content.decode()
    begun, coming = cast.lesson("4A", number=0), cast.lesson("4A", number=2)
    assert "Sent anmält" in teacher.get(f"/lektioner/{begun.pk}/narvaro/").content.decode()
    page = teacher.get(f"/lektioner/{coming.pk}/narvaro/").content.decode()
    assert "Anmäld hela dagen" in page
    assert f'value="{cast.id("sami")}" checked' in page


def test_the_other_guardian_sees_that_it_is_reported_but_not_by_whom(
    cast: Any, guardian: Any, client_as: Callable[..., Any], morning: Any
) -> None:
    receipt = guardian.send(REPORT, form(cast, "noor")).url
    jonas = client_as("jonas", Role.GUARDIAN)
    page = jonas.get("/franvaro/").content.decode()
    assert "Noor Haddad" in page
    assert "Amira" not in page
    assert "Ta tillbaka" not in page
    assert jonas.get(receipt).status_code == 404


@pytest.mark.parametrize("children", [1, 3])
def test_the_start_page_takes_eight_statements_for_any_number_of_children(
    cast: Any, client_as: Callable[..., Any], statements: Any, morning: Any, children: int
) -> None:
    browser = client_as("karin" if children == 1 else "amira", Role.GUARDIAN)
    browser.get("/om-dexter/")
    assert statements(lambda: browser.get(reverse("home:start"))) <= 8 + OVERHEAD


@pytest.mark.parametrize("children", [1, 3])
def test_a_report_takes_a_constant_number_of_statements(cast: Any, guardian: Any, statements: Any, morning: Any, children: int) -> None:
    sent = form(cast, *["noor", "sami", "leila"][:children])
    guardian.get("/om-dexter/")
    assert statements(lambda: guardian.send(REPORT, sent)) == 13 + OVERHEAD


def test_three_children_are_reported_by_one_tick_and_one_press(cast: Any, guardian: Any, morning: Any) -> None:
    assert guardian.get("/start/").content.decode().count('name="everybody"') == 1
    sent = form(cast, everybody="on")
    assert guardian.send(REPORT, sent, follow=True).status_code == 200
    tomorrow = days.today() + timedelta(days=1)
    assert {row.pupil_id for row in ReportedDay.objects.filter(day=tomorrow)} == {cast.id("noor"), cast.id("sami"), cast.id("leila")}
    assert guardian.send(REPORT, sent).status_code == 302  # twice the same
    assert AbsenceReport.objects.filter(submission=sent["submission"]).count() == 1


def test_all_of_them_are_those_whom_one_reports(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    erik = client_as("erik", Role.GUARDIAN)
    assert 'name="everybody"' not in erik.get("/start/").content.decode()  # two are ticked as fast
    erik.send(REPORT, form(cast, "sami", everybody="on"))
    assert not ReportedDay.objects.filter(day__gt=days.today(), pupil=cast.id("sami")).exists()
    Guardianship.objects.filter(guardian=cast.erik).update(end_date=days.today() - timedelta(days=1))
    assert erik.send(REPORT, form(cast, everybody="on")).status_code == 404
    assert not ReportedDay.objects.filter(day__gt=days.today(), report__reported_by=cast.erik).exists()


def test_the_page_of_a_child_leads_to_the_form_with_the_child_chosen(cast: Any, guardian: Any, morning: Any) -> None:
    path = f"{REPORT}?pupils={cast.id('sami')}"
    assert path in guardian.get(f"/elever/{cast.id('sami')}/").content.decode()
    page = guardian.get(path).content.decode()
    assert re.findall(r'name="pupils"[^>]*value="([^"]+)"[^>]* checked', page) == [str(cast.id("sami"))]
    assert " checked" not in guardian.get(f"{REPORT}?pupils={cast.id('elsa')}&pupils=x").content.decode()


def test_of_a_child_who_changes_school_each_school_says_how_far_ahead_for_its_own_days(cast: Any, guardian: Any, morning: Any) -> None:
    today, old = days.today(), Enrolment.objects.get(pupil=cast.sami)
    new = SchoolUnit.objects.get(name="Åsenskolan")
    Enrolment.objects.filter(pk=old.pk).update(end_date=today + timedelta(days=3))
    Enrolment.objects.create(
        pupil=cast.sami, school_unit=new, school_type=old.school_type, school_year=4, start_date=today + timedelta(days=4)
    )
    UnitSettings.objects.create(school_unit=new, start_date=today, report_ahead_days=4)
    page = guardian.send(REPORT, form(cast, "sami", first=today + timedelta(2), last=str(today + timedelta(6))), follow=True)
    assert f"anmälas till och med {long_day(today + timedelta(4))}" in page.content.decode()
    found = ReportedDay.objects.filter(pupil=cast.sami, day__gt=today).order_by("day").values_list("day", flat=True)
    assert list(found) == [today + timedelta(days=ahead) for ahead in (2, 3, 4)]


def test_a_form_that_midnight_overtakes_reports_the_day_that_it_named(cast: Any, guardian: Any, at: Any) -> None:
    at(23, 58)
    named = days.today() + timedelta(days=1)
    sent = form(cast, "noor", first=named)
    at(0, 2, day=named)
    assert "Idag" in guardian.send(REPORT, sent, follow=True).content.decode()
    late = guardian.send(REPORT, form(cast, "sami", first=named - timedelta(days=1)))
    assert late.status_code == 422
    assert "Den dagen har varit" in late.content.decode()
    assert re.search(rf'value="{cast.id("sami")}"[^>]* checked', late.content.decode())
