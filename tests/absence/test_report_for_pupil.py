"""Somebody phones the office: the pupil is found, registered, undone; and who may not."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import AbsenceReport, ReportedDay, Source, UnitSettings
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import AssignmentRole, Enrolment, Person, ProtectedAccess
from tests.conftest import OVERHEAD

DESK = "/franvaro/telefon/"


@pytest.fixture
def office(client_as: Callable[..., Any], morning: Any) -> Any:
    return client_as("pekka", Role.STAFF)


def path(pupil: Any) -> str:
    return f"{DESK}{pupil}/"


def form(first: datetime.date | None = None, phoned_by: object = "other", **more: Any) -> dict[str, Any]:
    return {"first": (first or days.today()).isoformat(), "phoned_by": str(phoned_by), "submission": str(uuid.uuid4()), **more}


def registered() -> list[ReportedDay]:
    return list(ReportedDay.objects.filter(report__source=Source.OFFICE, day__gte=days.today()).select_related("report"))


def test_search_choose_register_and_ready_for_the_next(cast: Any, office: Any) -> None:
    hits = office.send(DESK, {"text": "sami had"}).content.decode()
    assert path(cast.id("sami")) in hits
    page = office.get(path(cast.id("sami"))).content.decode()
    assert "Amira Haddad" in page
    assert "Jonas Haddad" in page
    assert f'value="{days.today().isoformat()}"' in page
    response = office.send(path(cast.id("sami")), form(phoned_by=cast.id("amira")), follow=True)
    page = response.content.decode()
    assert "Sami Haddad är anmäld frånvarande" in page
    assert "Amira Haddad ringde" in page
    assert "autofocus" in page
    (row,) = registered()
    assert (row.pupil_id, row.whole_day, row.report.phoned_by_id, row.report.reported_by_id) == (
        cast.id("sami"),
        True,
        cast.id("amira"),
        cast.id("pekka"),
    )
    assert Entry.objects.filter(action="absence.report_for_pupil", subjects=[cast.id("sami")]).count() == 1


def test_the_roll_call_and_the_home_see_it(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    office.send(path(cast.id("sami")), form())
    lesson = cast.lesson("4A")
    assert f'value="{cast.id("sami")}" checked' in client_as("anna", Role.STAFF).get(f"/lektioner/{lesson.pk}/narvaro/").content.decode()
    assert "Sami Haddad" in client_as("amira", Role.GUARDIAN).get("/franvaro/").content.decode()


def test_a_day_that_has_passed_is_late_and_says_so(cast: Any, office: Any) -> None:
    yesterday = days.today() - timedelta(days=1)
    page = office.send(path(cast.id("elsa")), form(yesterday), follow=True).content.decode()
    assert "väntar på bedömning" in page
    assert ReportedDay.objects.filter(pupil=cast.id("elsa"), day=yesterday, withdrawn_at=None).exists()


def test_as_far_back_and_ahead_as_the_school_has_decided(cast: Any, office: Any) -> None:
    UnitSettings.objects.create(school_unit=cast.group("4A").school_unit, start_date=days.today(), open_days=3, report_ahead_days=5)
    for back, status in ((4, 422), (3, 302)):
        assert office.send(path(cast.id("elsa")), form(days.today() - timedelta(days=back))).status_code == status
    for ahead, status in ((6, 422), (5, 302)):
        assert office.send(path(cast.id("elsa")), form(days.today() + timedelta(days=ahead))).status_code == status


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"phoned_by": ""}, "Välj vem som ringer"),
        ({"phoned_by": "karin"}, None),
        ({"first": "1999-01-01"}, "för länge sedan"),
        ({"first": "x'; DROP TABLE registry_person; --"}, "giltigt datum"),
        ({"last": "2020-01-01"}, "Sista dagen ligger före"),
        ({"starts": "12:00", "ends": "11:00"}, "Sluttiden måste vara efter"),
        ({"submission": "x"}, None),
    ],
)
def test_a_bad_form_is_explained_and_saves_nothing(cast: Any, office: Any, change: dict[str, Any], said: str | None) -> None:
    change = {name: str(cast.id(value)) if value == "karin" else value for name, value in change.items()}
    response = office.send(path(cast.id("sami")), {**form(), **change})
    assert response.status_code == 422
    assert said is None or said in response.content.decode()
    assert not registered()


def test_no_school_and_already_reported_are_said(cast: Any, office: Any) -> None:
    office.send(path(cast.id("sami")), form())
    response = office.send(path(cast.id("sami")), form())
    assert response.status_code == 422
    assert "är redan anmäld" in response.content.decode()
    assert AbsenceReport.objects.filter(reported_by=cast.id("pekka"), reported_at__gte=days.bounds(days.today())[0]).count() == 1


def test_the_same_form_twice_is_one_report(cast: Any, office: Any) -> None:
    sent = form()
    assert {office.send(path(cast.id("sami")), sent).status_code for _press in range(2)} == {302}
    assert len(registered()) == 1


def test_extra_fields_change_nothing(cast: Any, office: Any) -> None:
    office.send(path(cast.id("sami")), form(source="guardian", pupil=str(cast.id("leila")), reported_by=str(cast.id("anna")), pupils="x"))
    (row,) = registered()
    assert (row.pupil_id, row.report.source, row.report.reported_by_id) == (cast.id("sami"), "office", cast.id("pekka"))


def test_undo_also_after_the_lesson_began_but_not_the_next_day(cast: Any, office: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(10, 0)
    office.send(path(cast.id("sami")), form())
    (row,) = registered()
    undo = f"{DESK}dag/{row.pk}/angra/"
    assert client_as("ingrid", Role.STAFF).send(undo).status_code == 403
    assert client_as("hassan", Role.STAFF).send(undo).status_code == 404
    for _press in range(2):
        assert "Ångrat" in office.send(undo, follow=True).content.decode()
    row.refresh_from_db()
    assert row.withdrawn_by_id == cast.id("pekka")
    assert Entry.objects.filter(action="absence.withdraw_for_pupil").count() == 1
    office.send(path(cast.id("sami")), form())
    again = ReportedDay.objects.get(report__source=Source.OFFICE, pupil=cast.id("sami"), day=days.today(), withdrawn_at=None)
    at(8, 0, day=days.today() + timedelta(days=1))
    assert office.send(f"{DESK}dag/{again.pk}/angra/").status_code == 403


def test_the_office_takes_back_no_report_of_a_home(cast: Any, office: Any, guardian: Any) -> None:
    guardian.send(
        "/franvaro/anmal/", {"pupils": [str(cast.id("sami"))], "first": days.today().isoformat(), "submission": str(uuid.uuid4())}
    )
    row = ReportedDay.objects.get(pupil=cast.id("sami"), day=days.today(), withdrawn_at=None)
    assert office.send(f"{DESK}dag/{row.pk}/angra/").status_code == 403


def test_the_mentor_registers_for_the_own_pupils_alone(cast: Any, client_as: Callable[..., Any], morning: Any) -> None:
    anna = client_as("anna", Role.STAFF)
    assert path(cast.id("sami")) in anna.send(DESK, {"text": "sami"}).content.decode()
    assert anna.send(path(cast.id("sami")), form(phoned_by=cast.id("jonas"))).status_code == 302
    viggo = Person.objects.filter(group_memberships__group__name="4B").first()
    assert viggo is not None
    assert anna.get(path(viggo.pk)).status_code == 404  # taught, not mentored
    AssignmentRole.objects.filter(group=cast.group("4A"), duty__person=cast.anna).update(end_date=days.today() - timedelta(days=1))
    assert anna.get(path(cast.id("sami"))).status_code == 404
    assert anna.get(DESK).status_code == 403


@pytest.mark.parametrize(
    ("who", "role", "desk"),
    [
        ("hassan", Role.STAFF, 200),
        ("erik", Role.STAFF, 403),
        ("maja", Role.STAFF, 403),
        ("sunna", Role.STAFF, 403),
        ("birgitta", Role.STAFF, 403),
        ("amira", Role.GUARDIAN, 404),
        ("sami", Role.PUPIL, 404),
    ],
)
def test_others_reach_no_pupil_by_phone(cast: Any, client_as: Callable[..., Any], morning: Any, who: str, role: Role, desk: int) -> None:
    other = client_as(who, role)
    assert other.get(DESK).status_code == desk
    assert other.get(path(cast.id("sami"))).status_code == 404
    assert other.send(path(cast.id("sami")), form()).status_code == 404
    assert path(cast.id("sami")) not in other.send(DESK, {"text": "Sami Haddad"}).content.decode()
    assert not registered()


def test_a_password_alone_does_not_open_it(cast: Any, client_as: Callable[..., Any]) -> None:
    assert client_as("pekka", Role.STAFF, Level.PASSWORD).get(DESK).url.startswith("/bekrafta/")


def test_a_protected_pupil_is_found_by_nobody_and_reached_by_name_alone(cast: Any, office: Any) -> None:
    for text in ("Kim Ek", "Robin", "Hemlig"):
        assert "Ingen av dina elever heter så" in office.send(DESK, {"text": text}).content.decode()
        assert (
            path(cast.id("kim")) not in office.post(DESK, {"text": text, "_role": "staff"}, headers={"HX-Request": "true"}).content.decode()
        )
    assert office.get(path(cast.id("kim"))).status_code == 404
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.pekka, granted_by=cast.ingrid, reason="namngiven")
    assert "Kim Ek" not in office.send(DESK, {"text": "Kim Ek"}).content.decode().replace('value="Kim Ek"', "")
    assert office.send(path(cast.id("kim")), form()).status_code == 302


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE registry_person; --", "%%", "__", "a\x00b", "\\", "<script>alert(1)</script>", "x" * 101, "a"]
)
def test_odd_searches_find_nobody_and_break_nothing(office: Any, text: str) -> None:
    response = office.send(DESK, {"text": text})
    assert response.status_code in {200, 422}
    assert "<script>alert" not in response.content.decode()
    assert Person.objects.exists()


def test_hits_while_somebody_types_are_not_logged_and_the_search_is(cast: Any, office: Any) -> None:
    fragment = office.post(DESK, {"text": "sami", "_role": "staff"}, headers={"HX-Request": "true"}).content.decode()
    assert path(cast.id("sami")) in fragment
    assert "<html" not in fragment
    assert not Entry.objects.filter(action="absence.phone_report_list").exists()
    office.send(DESK, {"text": "sami"})
    assert Entry.objects.get(action="absence.phone_report_list").subjects[0] == cast.id("sami")


def test_a_pupil_of_age_phones_for_oneself(cast: Any, office: Any) -> None:
    Enrolment.objects.filter(pupil=cast.id("piera")).update(school_unit=cast.group("4A").school_unit)
    assert office.send(path(cast.id("piera")), form(phoned_by=cast.id("piera"))).status_code == 302
    assert registered()[0].report.phoned_by_id == cast.id("piera")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_takes_the_same_statements_for_any_number_of_rows(cast: Any, office: Any, statements: Any, rows: int) -> None:
    for pupil in ["sami", "elsa", "noor"][:rows]:
        office.send(path(cast.id(pupil)), form())
    office.get("/om-dexter/")
    assert statements(lambda: office.get(DESK)) == 4 + OVERHEAD
    assert statements(lambda: office.get(path(cast.id("sami")))) == 3 + OVERHEAD
