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
from absence.actions import investigations
from absence.models import (
    AbsenceInvestigation,
    BodyReport,
    InvestigationMember,
    InvestigationSave,
    SchoolFormRule,
)
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import (
    AssignmentRole,
    Duty,
    Enrolment,
    ProtectedAccess,
)

ROOT = "/franvaro/utredningar/"


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
    assert [client_as("anna", Role.STAFF).send(path, first).status_code for _time in range(2)] == [302, 302], "also after a time-out"
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
    behind = ingrid.send(f"{path}avsluta/", {"state": "closed", "outcome": "Min text", "version": "7"})
    assert (behind.context["form"]["outcome"].value(), behind.context["form"]["version"].value()) == ("Min text", "1"), (
        "one more press ends it"
    )
    sent = {"state": "turned_into_support", "outcome": "Går vidare", "version": "1"}
    assert [ingrid.send(f"{path}avsluta/", sent).status_code for _time in range(2)] == [302, 302], "sent again after a time-out"
    assert InvestigationSave.objects.filter(investigation=opened).count() == 2
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
