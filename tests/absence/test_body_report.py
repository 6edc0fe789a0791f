"""The report of an investigation: to an officer of the body who may know, told of it, and onward to another municipality."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from absence import reads
from absence.actions import body_reports, investigations
from absence.actions.alerts import raise_alerts
from absence.documents.investigation import _facts
from absence.models import (
    AbsenceCheck,
    AbsenceInvestigation,
    BodyReport,
    OnwardReport,
    ReportReceiver,
)
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.notices.composers import composer_of
from dexter.notices.models import Notice
from registry.models import (
    Duty,
    EmailAddress,
    EmailType,
    Enrolment,
    Organisation,
    Person,
    ProtectedAccess,
    SchoolUnit,
    SecurityMarking,
)
from tests.pages import visible

ROOT = "/franvaro/utredningar/"


def test_the_officer_of_the_unit_receives_the_report_and_reads_no_text(cast: Any, opened: AbsenceInvestigation, officer: Any) -> None:
    AbsenceInvestigation.objects.update(causes="Hemlig orsak")
    listed = officer.get("/huvudman/franvaro/").content.decode()
    assert opened.registry_no in listed
    path = f"/huvudman/franvaro/{opened.report.pk}/"
    page = officer.get(path).content.decode()
    assert "Sami Haddad" in page
    assert "Hemlig orsak" not in page
    assert officer.get(f"{ROOT}{opened.pk}/").status_code == 404
    assert officer.send(f"{path}ta-emot/").status_code == 302
    first = BodyReport.objects.get()
    assert officer.send(f"{path}ta-emot/").status_code == 302
    second = BodyReport.objects.get()
    assert (second.received_by, second.received_at) == (cast.birgitta, first.received_at)


def test_an_officer_without_the_unit_or_after_the_time_has_counts_alone(
    cast: Any, client_as: Callable[..., Any], opened: AbsenceInvestigation, officer: Any
) -> None:
    path = f"/huvudman/franvaro/{opened.report.pk}/"
    for change in (
        {"school_unit": cast.group("8A").school_unit},
        {"school_unit": cast.group("4A").school_unit, "end_date": days.today() - timedelta(days=1)},
    ):
        ReportReceiver.objects.update(**change)
        assert officer.get(path).status_code == 404
        assert officer.send(f"{path}ta-emot/").status_code == 404
        assert opened.registry_no not in officer.get("/huvudman/franvaro/").content.decode()
    for who in ("ingrid", "anna", "pekka"):
        assert client_as(who, Role.STAFF).get(path).status_code == 404
        assert client_as(who, Role.STAFF).get("/huvudman/franvaro/").status_code == 403


def test_the_body_appoints_and_ends(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(10, 0)
    birgitta, unit = client_as("birgitta", Role.STAFF), cast.group("4A").school_unit
    duty = Duty.objects.get(person=cast.birgitta)
    assert "Ingen tar emot anmälningarna från" in birgitta.get("/huvudman/franvaro/mottagare/").content.decode()
    sent = {"duty": str(duty.pk), "school_unit": str(unit.pk), "start_date": days.today().isoformat(), "end_date": ""}
    assert birgitta.send("/huvudman/franvaro/mottagare/ny/", sent).status_code == 302
    assert birgitta.send("/huvudman/franvaro/mottagare/ny/", sent).status_code == 422, "held already"
    for bad in ({"duty": str(Duty.objects.get(person=cast.ingrid).pk)}, {"school_unit": "x"}, {"end_date": "2001-01-01"}):
        assert birgitta.send("/huvudman/franvaro/mottagare/ny/", {**sent, **bad}).status_code == 422
    receiver = ReportReceiver.objects.get()
    for who in ("ingrid", "pekka", "anna"):
        assert client_as(who, Role.STAFF).send(f"/huvudman/franvaro/mottagare/{receiver.pk}/avsluta/").status_code == 404
    assert birgitta.send(f"/huvudman/franvaro/mottagare/{receiver.pk}/avsluta/").status_code == 302
    assert not ReportReceiver.objects.exists()
    old = ReportReceiver.objects.create(duty=duty, school_unit=unit, start_date=days.today() - timedelta(days=9))
    birgitta.send(f"/huvudman/franvaro/mottagare/{old.pk}/avsluta/")
    old.refresh_from_db()
    assert old.end_date == days.today() - timedelta(days=1)


def test_another_bodys_school_cannot_be_appointed_for(cast: Any, actor: Callable[..., Actor]) -> None:
    other = Organisation.objects.create(name="Annan huvudman", organisation_type="Huvudman")
    unit = SchoolUnit.objects.create(organisation=other, name="Friskolan", school_unit_code="12345678", school_types=["GR"])
    with pytest.raises(ValidationError, match="annan huvudman"):
        body_reports.add_report_receiver(
            actor=actor("birgitta", Role.STAFF),
            duty=Duty.objects.get(person=cast.birgitta),
            school_unit=unit,
            start_date=days.today(),
            end_date=None,
        )


def test_counts_tell_no_small_numbers(cast: Any, client_as: Callable[..., Any], opened: AbsenceInvestigation) -> None:
    unit = cast.group("4A").school_unit
    raise_alerts(unit=unit)
    birgitta = client_as("birgitta", Role.STAFF)
    page = " ".join(birgitta.get("/huvudman/franvaro/antal/").content.decode().split())
    row = page[page.index("Granskolan") : page.index("Granskolan") + 300]
    assert "färre än 5" in row
    assert "Sami" not in visible(page)
    AbsenceCheck.objects.filter(school_unit=unit).update(pupils=4)
    assert "färre än 5 elever" in birgitta.get("/huvudman/franvaro/antal/").content.decode()


@pytest.mark.parametrize("units", [1, 3])
def test_counts_take_the_same_statements_for_any_number_of_schools(
    cast: Any, client_as: Callable[..., Any], statements: Any, units: int
) -> None:
    body = cast.group("4A").school_unit.organisation
    for number in range(units):
        SchoolUnit.objects.create(organisation=body, name=f"Skola {number}", school_unit_code=f"1000000{number}", school_types=["GR"])
    birgitta = client_as("birgitta", Role.STAFF)
    birgitta.get("/huvudman/franvaro/antal/")
    assert statements(lambda: birgitta.get("/huvudman/franvaro/antal/")) == 5 + 3


@pytest.mark.parametrize("cases", [1, 3])
def test_the_lists_take_the_same_statements_for_any_number_of_cases(
    cast: Any, client_as: Callable[..., Any], statements: Any, officer: Any, cases: int
) -> None:
    unit = cast.group("4A").school_unit
    pupils = Enrolment.objects.filter(school_unit=unit, pupil__security_marking="Ingen").values_list("pupil", flat=True)[:cases]
    for number, pupil in enumerate(pupils):
        case = AbsenceInvestigation.objects.create(
            pupil_id=pupil,
            school_unit=unit,
            registry_no=f"2026:{number}",
            opened_by=cast.ingrid,
            opened_at=days.now(),
            submission=uuid.uuid4(),
        )
        BodyReport.objects.create(investigation=case, reported_by=cast.ingrid, reported_at=days.now())
    ingrid = client_as("ingrid", Role.STAFF)
    for browser, path, expected in ((ingrid, ROOT, 3), (officer, "/huvudman/franvaro/", 5)):
        browser.get(path)
        assert statements(lambda browser=browser, path=path: browser.get(path)) == expected + 3, path


def test_the_officer_is_told_that_a_report_waits_and_nothing_of_whom(
    cast: Any, client_as: Callable[..., Any], actor: Callable[..., Actor], officer: Any, at: Any
) -> None:
    at(10, 0)
    EmailAddress.objects.create(person=cast.birgitta, email_type=EmailType.STAFF, value="birgitta@example.org")
    case = opened_now(cast, actor)
    notice = Notice.objects.get(kind="absence.body_report")
    assert (notice.recipient_id, notice.ids) == (cast.id("birgitta"), {"investigation": str(case.pk)})
    compose = composer_of(notice.kind)
    message = compose(notice)
    assert message is not None
    assert "En anmälan om frånvaro väntar på att du tar emot den." in message.body
    for secret in ("Sami", "Haddad", "Granskolan", case.registry_no, str(case.pk)):
        assert secret not in message.subject + message.body + message.short
    receiver = ReportReceiver.objects.get()
    ReportReceiver.objects.filter(pk=receiver.pk).update(end_date=days.today() - timedelta(days=1))
    assert compose(notice) is None, "an officer no more"
    ReportReceiver.objects.filter(pk=receiver.pk).update(end_date=None)
    Person.objects.filter(pk=cast.id("sami")).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Sam Ek")
    assert compose(notice) is None, "protected since, and not opened to the officer"
    ProtectedAccess.objects.create(person=cast.sami, grantee=cast.birgitta, granted_by=cast.ingrid, reason="x")
    assert compose(notice) is not None
    officer.send(f"/huvudman/franvaro/{case.report.pk}/ta-emot/")
    assert compose(notice) is None, "received"


def test_who_is_appointed_later_is_told_of_what_waits(cast: Any, client_as: Callable[..., Any], opened: AbsenceInvestigation) -> None:
    assert not Notice.objects.filter(kind="absence.body_report").exists()
    EmailAddress.objects.create(person=cast.birgitta, email_type=EmailType.STAFF, value="birgitta@example.org")
    form = {"duty": Duty.objects.get(person=cast.birgitta).pk, "school_unit": opened.school_unit_id, "start_date": days.today()}
    assert client_as("birgitta", Role.STAFF).send("/huvudman/franvaro/mottagare/ny/", form).status_code == 302
    assert Notice.objects.get(kind="absence.body_report").recipient_id == cast.id("birgitta")


def test_the_report_goes_on_to_another_home_municipality_once(
    cast: Any, client_as: Callable[..., Any], actor: Callable[..., Actor], officer: Any, at: Any
) -> None:
    at(10, 0)
    case = opened_now(cast, actor, home_municipality="Sjövik <i>")
    ingrid, path = client_as("ingrid", Role.STAFF), f"{ROOT}{case.pk}/hemkommun/"
    page = ingrid.get(f"{ROOT}{case.pk}/").content.decode()
    assert "Eleven bor i Sjövik &lt;i&gt;." in page
    assert "inte antecknat" in officer.get(f"/huvudman/franvaro/{case.report.pk}/").content.decode()
    sent = {"municipality": "Sjövik", "sent_on": days.today().isoformat(), "means": "post"}
    for bad in (
        {"means": "duva"},
        {"municipality": " "},
        {"sent_on": (days.today() + timedelta(days=1)).isoformat()},
        {"sent_on": (days.today() - timedelta(days=1)).isoformat()},
    ):
        assert ingrid.send(path, {**sent, **bad}).status_code == 422
    assert ingrid.send(path, sent).status_code == 302
    assert ingrid.send(path, sent).status_code == 302, "the same form twice"
    assert "redan antecknat" in ingrid.send(path, {**sent, "means": "secure"}).content.decode()
    onward = OnwardReport.objects.get()
    assert (onward.municipality, onward.means, onward.noted_by) == ("Sjövik", "post", cast.ingrid)
    assert Entry.objects.filter(action="absence.send_report_onward", subjects__contains=[cast.id("sami")]).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        OnwardReport.objects.update(municipality="Annan")
    page = ingrid.get(f"{ROOT}{case.pk}/").content.decode()
    assert "Skickad vidare till hemkommunen" in page
    assert "Eleven bor i" not in page
    assert "Sjövik, " in officer.get(f"/huvudman/franvaro/{case.report.pk}/").content.decode()
    facts = dict(_facts(reads.in_full(AbsenceInvestigation.objects.all()).get()))
    assert facts["Skickad vidare till hemkommunen (skollagen 7:22)"] == f"Sjövik, {days.today().isoformat()}, Post"
    assert ingrid.get(f"{ROOT}{case.pk}/dokument/").content.startswith(b"%PDF")


def test_only_the_principal_notes_that_it_was_sent(cast: Any, client_as: Callable[..., Any], opened: AbsenceInvestigation) -> None:
    sent = {"municipality": "Sjövik", "sent_on": days.today().isoformat(), "means": "post"}
    for key, status in (("anna", 403), ("lars", 404), ("pekka", 404), ("birgitta", 404)):
        assert client_as(key, Role.STAFF).send(f"{ROOT}{opened.pk}/hemkommun/", sent).status_code == status
    assert not OnwardReport.objects.exists()


def opened_now(cast: Any, actor: Callable[..., Actor], **more: Any) -> AbsenceInvestigation:
    given = {"pupil": cast.sami, "unit": cast.group("4A").school_unit, "participants": "", "submission": uuid.uuid4(), **more}
    return investigations.open_investigation(actor=actor("ingrid", Role.STAFF), **given)
