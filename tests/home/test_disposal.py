"""What is due is proposed by one officer, packed for the archive, confirmed by another, and goes in one piece."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connections, transaction

from absence.models import (
    AbsenceAlert,
    AbsenceInvestigation,
    AbsenceReport,
    AbsenceStep,
    AlertRule,
    CorrectionRequest,
    HomeNotice,
    LadderStep,
    PhoneCall,
    ReportedDay,
    RollCall,
    Source,
    UnauthorisedDay,
)
from dexter.audit.actions import record
from dexter.audit.models import Entry
from dexter.home.actions import disposal as actions
from dexter.home.models import DisposalBatch, RetentionRule
from dexter.home.retention.due import CATEGORIES, cutoff_of, due, has_changed
from dexter.home.retention.plan import plan
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role, System
from dexter.notices.models import Delivery, LoopbackMessage, Notice
from registry.models import Duty, EmailAddress, Enrolment, Guardianship, Organisation, Person, PhoneNumber
from tests import database
from tests.conftest import Cast

LONG_AGO = timedelta(days=3 * 365)


@pytest.fixture
def officer(cast: Any, client_as: Callable[..., Any]) -> Any:
    second_officer(cast)
    return client_as("birgitta", Role.STAFF)


@pytest.fixture
def other(officer: Any, client_as: Callable[..., Any]) -> Any:
    return client_as("nina", Role.STAFF)


def second_officer(cast: Any) -> None:
    body = Organisation.objects.get(organisation_type="Huvudman")
    Duty.objects.create(person=cast.nina, organisation=body, duty_role="Övrig arbetsledning", start_date=days.today())


def report(cast: Any, key: str, ago: timedelta, more_days: int = 0) -> AbsenceReport:
    """A receipt of that long ago, with the day itself and some after it."""
    made = AbsenceReport.objects.create(
        reported_by=cast.amira, source=Source.GUARDIAN, submission=Person(given_name="x").pk, reported_at=days.now() - ago
    )
    for number in range(more_days + 1):
        day = days.today() - ago + timedelta(days=number * 400)
        opens, closes = days.bounds(day)
        ReportedDay.objects.create(report=made, pupil=getattr(cast, key), day=day, starts_at=opens, ends_at=closes, whole_day=True)
    return made


def rule(code: str, decided: bool = True) -> RetentionRule:
    if decided:
        RetentionRule.objects.filter(code=code).update(decision_reference="KS 2026/114")
    return RetentionRule.objects.get(code=code)


def propose(browser: Any, code: str, decided: bool = True) -> DisposalBatch | None:
    browser.send(f"/gallring/regler/{rule(code, decided).pk}/foresla/")
    return DisposalBatch.objects.filter(rule__code=code, carried_out_at=None).first()


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_due_is_due_to_the_day(cast: Any) -> None:
    years = rule("absence_report").years or 0
    cutoff = cutoff_of(rule("absence_report"))
    assert cutoff == days.years_before(days.today(), years)
    old = report(cast, "sami", days.today() - (cutoff - timedelta(days=1)))
    report(cast, "noor", days.today() - cutoff)
    report(cast, "leila", LONG_AGO, more_days=1)  # its last day is younger than the rule's time
    report(cast, "kim", LONG_AGO)  # protected: in no list and no batch
    found = [list(rows) for rows in due("absence_report", cutoff)]
    assert [row.report_id for row in found[0]] == [old.pk]
    assert found[1] == [old]


def test_contact_details_go_when_the_whole_family_has_left(cast: Any) -> None:
    cutoff = cutoff_of(rule("contact"))
    for key in ("amira", "sami", "karin", "anna", "kim"):
        EmailAddress.objects.create(person=getattr(cast, key), value=f"{key}@example.org")
    PhoneNumber.objects.filter(person__in=[cast.id("amira"), cast.id("sami"), cast.id("karin"), cast.id("anna")]).delete()

    def found() -> set[str]:
        return {row.value for row in due("contact", cutoff)[0]}

    Person.objects.update(created_at=days.now() - LONG_AGO)
    assert not found() & {"amira@example.org", "sami@example.org", "karin@example.org", "anna@example.org"}
    Enrolment.objects.filter(pupil__in=[cast.id("sami"), cast.id("kim")]).update(
        start_date=cutoff - LONG_AGO, end_date=cutoff - timedelta(days=1)
    )
    assert "sami@example.org" in found()
    assert not found() & {"amira@example.org", "kim@example.org"}  # two more children at school; protected
    children = Guardianship.objects.filter(guardian=cast.id("amira")).values("child")
    Enrolment.objects.filter(pupil__in=children).update(start_date=cutoff - LONG_AGO, end_date=cutoff - timedelta(days=1))
    assert "amira@example.org" in found()
    Person.objects.filter(pk=cast.id("amira")).update(created_at=days.now())
    assert "amira@example.org" not in found()  # known since yesterday, not yet in use


def test_notices_go_with_their_deliveries_but_not_those_of_the_protected(cast: Any) -> None:
    cutoff = cutoff_of(rule("notice"))
    for key in ("amira", "kim"):
        notice = Notice.objects.create(kind="test.plain", recipient_id=cast.id(key), not_before=days.now() - LONG_AGO)
        delivery = Delivery.objects.create(notice=notice, channel="sms", address=b"x", due_at=days.now())
        LoopbackMessage.objects.create(delivery=delivery, content=b"x")
    assert not any(rows.exists() for rows in due("notice", cutoff))
    Notice.objects.update(created_at=days.now() - LONG_AGO)
    *_told, kept, deliveries, notices = due("notice", cutoff)
    assert [row.recipient_id for row in notices] == [cast.id("amira")]
    assert {row.delivery_id for row in kept} == {row.pk for row in deliveries if row.notice_id == notices[0].pk} != set()


def test_what_the_home_was_told_goes_with_its_notice_but_not_that_of_the_protected(cast: Any) -> None:
    lesson, long_ago = cast.lesson("4A"), days.now() - LONG_AGO
    for key in ("sami", "kim"):
        notice = Notice.objects.create(kind="absence.same_day", recipient_id=cast.id("amira"), not_before=long_ago)
        day = UnauthorisedDay.objects.create(
            pupil=getattr(cast, key),
            day=days.day_of(long_ago),
            school_unit_id=lesson.activity.school_unit_id,
            first_lesson=lesson,
            started_at=long_ago,
        )
        told = HomeNotice.objects.create(
            unauthorised_day=day, number=1, kind="first", guardian=cast.amira, notice=notice, queued_at=long_ago
        )
        PhoneCall.objects.create(home_notice=told, called_by=cast.pekka, called_at=long_ago, outcome="reached", submission=told.pk)
    Notice.objects.update(created_at=long_ago)
    calls, notices, told_days, *_rest = due("notice", cutoff_of(rule("notice")))
    assert [row.pupil_id for row in told_days] == [cast.id("sami")]
    assert (len(calls), len(notices)) == (1, 1)


def follow_up_of(pupil: Person, by: Person, ago: timedelta) -> tuple[AbsenceAlert, AbsenceStep]:
    """An alert that was handled, and a step that was taken."""
    unit = Enrolment.objects.filter(pupil=pupil)[0].school_unit
    then, about = days.now() - ago, {"pupil": pupil, "school_unit": unit}
    handled = {"state": "handled", "handled_by": by, "handled_at": then, "done": "Samtal"}
    rule_, figures = AlertRule.objects.filter(kind="total_share")[0], {"found": 12, "limit": 10, "days": 30}
    alert = AbsenceAlert.objects.create(**about, rule=rule_, kind=rule_.kind, figures=figures, raised_at=then, **handled)
    step = LadderStep.objects.all()[0]
    taken = AbsenceStep.objects.create(**about, step=step, taken_by=by, taken_on=days.day_of(then), submission=uuid.uuid4())
    return alert, taken


def test_alerts_and_steps_go_but_not_under_an_investigation_nor_of_the_protected(cast: Any, officer: Any) -> None:
    AbsenceAlert.objects.all().delete()
    AbsenceStep.objects.all().delete()
    old, cutoff = timedelta(days=4 * 365), cutoff_of(rule("absence_follow_up"))
    alert, step = follow_up_of(cast.sami, cast.anna, old)
    follow_up_of(cast.kim, cast.anna, old)
    follow_up_of(cast.sami, cast.anna, timedelta(days=2 * 365))
    case = AbsenceInvestigation.objects.create(
        pupil=cast.elsa, school_unit=step.school_unit, registry_no="1", opened_by=cast.ingrid, opened_at=days.now(), submission=uuid.uuid4()
    )
    elsas, _step = follow_up_of(cast.elsa, cast.anna, old)
    assert [list(part) for part in due("absence_follow_up", cutoff)] == [[alert], [step]]
    ended = {"state": "closed", "closed_by": cast.ingrid, "closed_at": days.now(), "outcome": "Klart"}
    AbsenceInvestigation.objects.filter(pk=case.pk).update(**ended)
    assert elsas in due("absence_follow_up", cutoff)[0]
    batch = propose(officer, "absence_follow_up")
    assert batch is not None
    assert batch.counts == {"absence.AbsenceAlert": 2, "absence.AbsenceStep": 2}
    AbsenceAlert.objects.filter(pk=alert.pk).update(handled_at=days.now())
    assert has_changed(batch), "an alert that was handled since is due no more"


def test_what_was_asked_to_be_corrected_goes_with_its_roll_call(cast: Any) -> None:
    call = RollCall.objects.exclude(roster__contains=[cast.id("kim")]).order_by("pk")[0]
    asked = CorrectionRequest.objects.create(
        pupil_id=call.roster[0], lesson=call.lesson, asked_by=cast.amira, asked_at=days.now(), text="x", submission=uuid.uuid4()
    )
    parts = {part.model: part for part in due("roll_call", days.today() + timedelta(days=30))}
    assert asked in parts[CorrectionRequest]


def test_without_a_decision_nothing_is_proposed(cast: Any, officer: Any) -> None:
    report(cast, "sami", LONG_AGO)
    assert propose(officer, "absence_report", decided=False) is None
    page = officer.get("/gallring/").content.decode()
    assert "/foresla/" not in page
    for code in ("enrolment", "duty", "one_time_code"):  # preserved; not automatic; nothing due
        assert propose(officer, code) is None
    assert propose(officer, "absence_report") is not None


def test_the_package_holds_the_rows_a_summary_and_checksums(cast: Any, officer: Any) -> None:
    old = report(cast, "sami", LONG_AGO)
    batch = propose(officer, "absence_report")
    assert batch is not None
    assert batch.counts == {"absence.ReportedDay": 1, "absence.AbsenceReport": 1, "absence.ContactAttempt": 0}
    answer = officer.get(f"/gallring/{batch.pk}/paket/")
    assert hashlib.sha256(answer.content).hexdigest() == batch.package_sha256
    files = files_of(answer.content)
    assert set(files) == {"absences.jsonl", "absenceReports.jsonl", "contactAttempts.jsonl", "gallring.pdf", "checksums.txt"}
    assert json.loads(files["absenceReports.jsonl"])["id"] == str(old.pk)
    assert json.loads(files["absences.jsonl"])["student"] == str(cast.id("sami"))
    assert b"pdfaid" in files["gallring.pdf"]
    for line in files["checksums.txt"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert Entry.objects.filter(action="home.download_disposal", object_id=batch.pk).count() == 1


def test_another_confirms_after_the_package_was_fetched(cast: Any, officer: Any, other: Any) -> None:
    report(cast, "sami", LONG_AGO)
    batch = propose(officer, "absence_report")
    assert batch is not None

    def confirmed_by(browser: Any) -> Any:
        browser.send(f"/gallring/{batch.pk}/bekrafta/")
        return DisposalBatch.objects.get(pk=batch.pk).confirmed_by_id

    assert confirmed_by(other) is None
    officer.get(f"/gallring/{batch.pk}/paket/")
    assert confirmed_by(officer) is None
    assert confirmed_by(other) == cast.id("nina")
    assert ReportedDay.objects.filter(pk__in=batch.keys["absence.ReportedDay"]).count() == 1  # nothing has gone yet
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalBatch.objects.filter(pk=batch.pk).update(confirmed_by=cast.birgitta)


def test_a_batch_is_taken_back_and_one_stands_a_rule(cast: Any, officer: Any) -> None:
    report(cast, "sami", LONG_AGO)
    batch = propose(officer, "absence_report")
    assert batch is not None
    propose(officer, "absence_report")
    assert DisposalBatch.objects.count() == 1
    officer.send(f"/gallring/{batch.pk}/ta-tillbaka/")
    assert DisposalBatch.objects.count() == 0
    assert AbsenceReport.objects.filter(reported_at__lt=days.now() - timedelta(days=700)).exists()


@pytest.mark.parametrize("who", ["pekka", "ingrid", "anna", "hassan"])
def test_only_the_responsible_body_disposes(cast: Any, officer: Any, client_as: Callable[..., Any], who: str) -> None:
    report(cast, "sami", LONG_AGO)
    batch, browser = propose(officer, "absence_report"), client_as(who, Role.STAFF)
    assert batch is not None
    assert browser.get("/gallring/").status_code == 403
    for path in ("", "paket/"):
        assert browser.get(f"/gallring/{batch.pk}/{path}").status_code == 404
    for path in ("bekrafta/", "ta-tillbaka/"):
        assert browser.send(f"/gallring/{batch.pk}/{path}").status_code == 404
    assert browser.send(f"/gallring/regler/{batch.rule_id}/", {"years": 0, "version": "x"}).status_code == 404
    assert browser.send(f"/gallring/regler/{batch.rule_id}/foresla/").status_code == 404
    assert DisposalBatch.objects.get().confirmed_at is None


def test_the_municipality_decides_its_own_times(cast: Any, officer: Any, other: Any) -> None:
    log = rule("log", decided=False)
    path, version = f"/gallring/regler/{log.pk}/", log.modified_at.isoformat()
    decided = {"years": 7, "days": "", "decision_reference": "KS 2026/114", "version": version}
    assert officer.send(path, {**decided, "years": ""}).status_code == 422
    assert officer.send(path, decided).status_code == 302
    assert other.send(path, {**decided, "years": 1}).status_code == 422  # saved from an older page
    log.refresh_from_db()
    assert (log.years, log.decision_reference) == (7, "KS 2026/114")
    kept = rule("enrolment", decided=False)
    assert officer.send(f"/gallring/regler/{kept.pk}/", {**decided, "version": kept.modified_at.isoformat()}).status_code == 422
    call_command("load_rules", verbosity=0)
    log.refresh_from_db()
    assert log.years == 7


def test_every_category_is_a_rule_that_disposes() -> None:
    assert all("preserve" not in plan().rules[code]["until"] for code in CATEGORIES)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_statements(cast: Any, officer: Any, statements: Callable[..., int], count: int) -> None:
    for key in ("sami", "noor", "leila")[:count]:
        report(cast, key, LONG_AGO)
    officer.get("/om-dexter/")
    assert statements(lambda: officer.get("/gallring/")) == 3 + 25


@pytest.fixture
def committed(request: pytest.FixtureRequest, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    """A database of its own, since the owner carries out what the web role committed."""
    name = f"disposal_{getattr(request.config, 'workerinput', {}).get('workerid', 'alone')}"
    with django_db_blocker.unblock(), database.pointed_at(name):
        cast = Cast(database.make(name))
        second_officer(cast)
        yield cast
        database.drop(name)


def agreed(cast: Any, code: str) -> DisposalBatch:
    first, second = (Actor(cast.id(key), Role.STAFF, Level.TWO_FACTOR) for key in ("birgitta", "nina"))
    batch = actions.propose_disposal(actor=first, rule=rule(code))
    record(actor=first, action="home.download_disposal", object_id=batch.pk)
    actions.confirm_disposal(actor=second, batch=batch)
    return batch


def test_confirmed_disposals_are_carried_out_and_leave_one_line(committed: Any) -> None:
    cast = committed
    old, young = report(cast, "sami", LONG_AGO), report(cast, "noor", timedelta(days=30))
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO audit_entry (id, at, role, action, subjects, details) VALUES (%s, %s, '', 'test.old', '{}', '{}')",
                       [old.pk, days.now() - timedelta(days=6 * 365)])  # fmt: skip
    RollCall.objects.filter(pk__in=RollCall.objects.values("pk")[:2]).update(lesson_starts_at=days.now() - timedelta(days=4 * 365))
    before, calls = Entry.objects.count(), RollCall.objects.count()
    batches = [agreed(cast, code) for code in ("absence_report", "log", "roll_call")]
    call_command("carry_out_disposals", verbosity=0)
    assert set(AbsenceReport.objects.filter(pk__in=[old.pk, young.pk])) == {young}
    assert not Entry.objects.filter(action="test.old").exists()
    assert RollCall.objects.count() == calls - 2
    for batch in batches:
        batch.refresh_from_db()
        assert batch.carried_out_at
        assert batch.package is None
        assert batch.keys == {}
    assert Entry.objects.filter(action="home.carry_out_disposals", object_id__in=[batch.pk for batch in batches]).count() == 3
    assert Entry.objects.count() == before - 1 + 3 * 4  # proposed, fetched, confirmed, carried out
    with pytest.raises(ProgrammingError), transaction.atomic():
        Entry.objects.all().delete()  # the web role still may not


def test_a_batch_that_no_longer_fits_deletes_nothing(committed: Any) -> None:
    cast = committed
    made = report(cast, "sami", LONG_AGO)
    batch = agreed(cast, "absence_report")
    later = days.today() + timedelta(days=1)
    opens, closes = days.bounds(later)
    ReportedDay.objects.create(report=made, pupil=cast.noor, day=later, starts_at=opens, ends_at=closes, whole_day=True)
    with pytest.raises(CommandError, match="changed since"):
        call_command("carry_out_disposals", verbosity=0)
    batch.refresh_from_db()
    assert batch.carried_out_at is None
    assert ReportedDay.objects.filter(report=made).count() == 2
    with pytest.raises(ValidationError):
        actions.confirm_disposal(actor=Actor(cast.id("nina"), Role.STAFF, Level.TWO_FACTOR), batch=batch)
    assert System().person_id is None


def test_a_package_is_not_fetched_once_somebody_in_it_is_protected(cast: Any, officer: Any) -> None:
    report(cast, "sami", LONG_AGO)
    batch = propose(officer, "absence_report")
    assert batch
    assert officer.get(f"/gallring/{batch.pk}/paket/").status_code == 200
    Person.objects.filter(pk=cast.id("sami")).update(security_marking="Sekretessmarkering", agreed_name="Vide B")
    assert officer.get(f"/gallring/{batch.pk}/paket/").status_code == 302
