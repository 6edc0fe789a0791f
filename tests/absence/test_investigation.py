"""The investigation of 7:19 a: opened and reported at once, written by few, ended, and told to an officer who may know."""

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
    InvestigationMember,
    InvestigationSave,
    OnwardReport,
    ReportReceiver,
    SchoolFormRule,
)
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.notices.composers import composer_of
from dexter.notices.models import Notice
from registry.models import (
    AssignmentRole,
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

ROOT = "/franvaro/utredningar/"


@pytest.fixture
def opened(cast: Any, actor: Callable[..., Actor], at: Any) -> AbsenceInvestigation:
    at(10, 0)
    unit = cast.group("4A").school_unit
    return investigations.open_investigation(
        actor=actor("ingrid", Role.STAFF), pupil=cast.sami, unit=unit, participants="Sami, Amira", submission=uuid.uuid4()
    )


@pytest.fixture
def officer(cast: Any, client_as: Callable[..., Any]) -> Any:
    """Birgitta, appointed for Granskolan since yesterday."""
    duty, unit = Duty.objects.get(person=cast.birgitta), cast.group("4A").school_unit
    ReportReceiver.objects.create(duty=duty, school_unit=unit, start_date=days.today() - timedelta(days=1))
    return client_as("birgitta", Role.STAFF)


def test_the_principal_opens_one_and_it_is_reported_in_the_same_moment(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(10, 0)
    ingrid, path = client_as("ingrid", Role.STAFF), f"{ROOT}ny/{cast.id('sami')}/"
    assert "Ingen hos huvudmannen tar emot" in ingrid.get(path).content.decode()
    sent = {"participants": "Sami, Amira, elevhälsan", "submission": str(uuid.uuid4())}
    page = ingrid.send(path, sent, follow=True).content.decode()
    found = AbsenceInvestigation.objects.get()
    assert found.registry_no.startswith(f"{days.today().year}:")
    assert found.registry_no in page
    assert (found.report.reported_by, found.report.received_at) == (cast.ingrid, None)
    assert found.saves.get().content["participants"] == "Sami, Amira, elevhälsan"
    assert ingrid.send(path, sent).url == f"{ROOT}{found.pk}/", "the same form twice"
    assert "pågår redan" in ingrid.send(path, {**sent, "submission": str(uuid.uuid4())}).content.decode()
    assert AbsenceInvestigation.objects.count() == BodyReport.objects.count() == 1
    assert Entry.objects.filter(action="absence.open_investigation", subjects__contains=[cast.id("sami")]).exists()


def test_a_form_that_made_one_makes_none_for_another_pupil(cast: Any, client_as: Callable[..., Any]) -> None:
    ingrid, sent = client_as("ingrid", Role.STAFF), {"participants": "", "submission": str(uuid.uuid4())}
    assert ingrid.send(f"{ROOT}ny/{cast.id('sami')}/", sent).status_code == 302
    refused = ingrid.send(f"{ROOT}ny/{cast.id('elsa')}/", sent)
    assert refused.status_code == 422
    assert AbsenceInvestigation.objects.get().pupil_id == cast.id("sami")


def test_a_refused_opening_leaves_neither_number_nor_report(cast: Any, client_as: Callable[..., Any], opened: Any) -> None:
    from registry.models import RegistrySeries

    before = RegistrySeries.objects.get().latest
    client_as("ingrid", Role.STAFF).send(f"{ROOT}ny/{cast.id('sami')}/", {"participants": "", "submission": str(uuid.uuid4())})
    assert RegistrySeries.objects.get().latest == before


def test_where_the_law_asks_for_none_there_is_none(cast: Any, actor: Callable[..., Actor]) -> None:
    unit = cast.group("4A").school_unit
    SchoolFormRule.objects.filter(school_type="GR").update(has_investigation=False)
    with pytest.raises(ValidationError, match="skolformen"):
        investigations.open_investigation(
            actor=actor("ingrid", Role.STAFF), pupil=cast.sami, unit=unit, participants="", submission=uuid.uuid4()
        )
    vux = Enrolment.objects.get(pupil=cast.piera).school_unit
    assert not reads.is_investigated(cast.piera, vux)


def test_who_reads_it(cast: Any, client_as: Callable[..., Any], opened: AbsenceInvestigation) -> None:
    path = f"{ROOT}{opened.pk}/"
    for who in ("ingrid", "anna"):
        assert client_as(who, Role.STAFF).get(path).status_code == 200, who
    for who in ("sunna", "maja", "erik", "pekka", "lars", "nina", "hassan", "birgitta"):
        browser = client_as(who, Role.STAFF)
        for way in ("", "skriv/", "avsluta/", "bjud-in/", "dokument/"):
            assert browser.get(path + way).status_code == 404, (who, way)
        assert opened.registry_no not in browser.get(ROOT).content.decode()
    for who, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL), ("karin", Role.GUARDIAN)):
        assert client_as(who, role).get(path).status_code == 404
    AssignmentRole.objects.filter(duty__person=cast.anna).update(end_date=days.today() - timedelta(days=1))
    assert client_as("anna", Role.STAFF).get(path).status_code == 404, "a former mentor, though still a teacher"


def test_who_is_invited_reads_and_writes_until_removed(cast: Any, client_as: Callable[..., Any], opened: AbsenceInvestigation) -> None:
    ingrid, sunna, path = client_as("ingrid", Role.STAFF), client_as("sunna", Role.STAFF), f"{ROOT}{opened.pk}/"
    for bad in (cast.id("lars"), cast.id("amira"), uuid.uuid4()):
        assert ingrid.send(f"{path}bjud-in/", {"person": str(bad)}).status_code == 422
    assert ingrid.send(f"{path}bjud-in/", {"person": str(cast.id("sunna"))}).status_code == 302
    assert sunna.get(path).status_code == 200
    written = {"state": "investigating", "causes": "Oklart", "version": "1"}
    assert sunna.send(f"{path}skriv/", written).status_code == 302
    assert sunna.get(f"{path}avsluta/").status_code == 403
    assert sunna.get(f"{path}bjud-in/").status_code == 403
    member = InvestigationMember.objects.get()
    assert sunna.send(f"{ROOT}deltagare/{member.pk}/ta-bort/").status_code == 403
    assert ingrid.send(f"{ROOT}deltagare/{member.pk}/ta-bort/").status_code == 302
    assert sunna.get(path).status_code == 404
    member.refresh_from_db()
    assert member.left_at


def test_an_invited_colleague_who_leaves_the_school_reads_no_more(cast: Any, client_as: Callable[..., Any], opened: Any) -> None:
    InvestigationMember.objects.create(investigation=opened, person=cast.sunna, invited_by=cast.ingrid, invited_at=days.now())
    Duty.objects.filter(person=cast.sunna).update(end_date=days.today() - timedelta(days=1))
    Duty.objects.create(person=cast.sunna, school_unit=cast.group("8A").school_unit, duty_role="Lärare", start_date=days.today())
    assert client_as("sunna", Role.STAFF).get(f"{ROOT}{opened.pk}/").status_code == 404


def test_of_two_writers_the_second_sees_both_texts(cast: Any, client_as: Callable[..., Any], opened: AbsenceInvestigation) -> None:
    path = f"{ROOT}{opened.pk}/skriv/"
    first = {"state": "investigating", "participants": "Sami, Amira", "causes": "Annas text", "version": "1"}
    assert client_as("anna", Role.STAFF).send(path, first).status_code == 302
    ingrid = client_as("ingrid", Role.STAFF)
    answer = ingrid.send(path, {**first, "causes": "Ingrids <i>text</i>"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Annas text" in page
    assert "Ingrids &lt;i&gt;text" in page
    assert page.count("Sparat under tiden") == 1
    assert 'name="version" value="2"' in page
    assert ingrid.send(path, {**first, "causes": "Båda texterna", "version": "2"}).status_code == 302
    causes = list(InvestigationSave.objects.filter(investigation=opened).order_by("version").values_list("content__causes", flat=True))
    assert causes == ["", "Annas text", "Båda texterna"]


def test_history_cannot_be_rewritten_by_the_web_role(opened: AbsenceInvestigation) -> None:
    for change in (lambda: opened.saves.update(content={}), lambda: opened.saves.all()._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("state", ["measures", "closed", "opened' --", ""])
def test_no_state_is_skipped(client_as: Callable[..., Any], opened: AbsenceInvestigation, state: str) -> None:
    answer = client_as("ingrid", Role.STAFF).send(f"{ROOT}{opened.pk}/skriv/", {"state": state, "version": "1"})
    assert answer.status_code == 422
    opened.refresh_from_db()
    assert opened.state == "opened"


def test_it_ends_with_an_outcome_and_nothing_is_written_after(
    client_as: Callable[..., Any], cast: Any, opened: AbsenceInvestigation
) -> None:
    ingrid, path = client_as("ingrid", Role.STAFF), f"{ROOT}{opened.pk}/"
    assert client_as("anna", Role.STAFF).get(f"{path}avsluta/").status_code == 403
    for bad in ({"state": "measures"}, {"outcome": ""}, {"version": "7"}):
        assert ingrid.send(f"{path}avsluta/", {"state": "closed", "outcome": "Bra", "version": "1", **bad}).status_code == 422
    sent = {"state": "turned_into_support", "outcome": "Går vidare", "version": "1"}
    assert ingrid.send(f"{path}avsluta/", sent).status_code == 302
    assert "Går vidare som utredning om stöd" in ingrid.get(path).content.decode()
    assert "är avslutad" in ingrid.get(f"{path}skriv/", follow=True).content.decode()
    with pytest.raises(ValidationError, match="avslutad"):
        investigations.edit_investigation(actor=Actor(cast.id("ingrid"), Role.STAFF, 2), investigation=opened, version=2, values={})  # type: ignore[arg-type]
    again = {"participants": "", "submission": str(uuid.uuid4())}
    assert ingrid.send(f"{ROOT}ny/{cast.id('sami')}/", again).status_code == 302, "a new one may be opened"


def test_the_document_is_accessible_and_holds_the_number(client_as: Callable[..., Any], opened: AbsenceInvestigation) -> None:
    answer = client_as("anna", Role.STAFF).get(f"{ROOT}{opened.pk}/dokument/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"pdfuaid" in answer.content
    assert "Sami" not in answer["Content-Disposition"]
    assert Entry.objects.filter(action="absence.download_investigation").count() == 1


def test_opening_and_ending_ask_for_a_fresh_confirmation(cast: Any, client_as: Callable[..., Any], at: Any, opened: Any) -> None:
    ingrid = client_as("ingrid", Role.STAFF)
    ingrid.get("/start/")
    session = ingrid.session
    session["identified_at"] = session["identified_at"] - 3600
    session.save()
    for path in (f"{ROOT}ny/{cast.id('sami')}/", f"{ROOT}{opened.pk}/avsluta/"):
        assert ingrid.get(path).url.startswith("/bekrafta/")


def test_a_protected_pupils_investigation_is_for_the_named(
    cast: Any, client_as: Callable[..., Any], actor: Callable[..., Actor], officer: Any
) -> None:
    ingrid, path = client_as("ingrid", Role.STAFF), f"{ROOT}ny/{cast.id('kim')}/"
    assert ingrid.get(path).status_code == 404
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.ingrid, granted_by=cast.ingrid, reason="utredning")
    assert ingrid.send(path, {"participants": "", "submission": str(uuid.uuid4())}).status_code == 302
    found = AbsenceInvestigation.objects.get()
    assert client_as("anna", Role.STAFF).get(f"{ROOT}{found.pk}/").status_code == 404
    assert found.registry_no not in officer.get("/huvudman/franvaro/").content.decode()
    assert officer.send(f"/huvudman/franvaro/{found.report.pk}/ta-emot/").status_code == 404


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
    assert "Sami" not in page
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
