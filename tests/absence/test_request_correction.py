"""The home asks for a correction of one lesson and sees the answer; attacks by those who may not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from absence.models import MOST_OPEN, CorrectionRequest, Deviation, RollCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import Guardianship, Person

from .school_day import mark, take


def path(call: RollCall, pupil: Any) -> str:
    return f"/narvaro/lektion/{call.lesson_id}/{pupil.pk}/ratta/"


def asked(text: str = "Sami var där hela tiden.", **more: Any) -> dict[str, Any]:
    return {"text": text, "submission": str(uuid.uuid4()), **more}


@pytest.fixture
def call(cast: Any, at: Any) -> RollCall:
    """Sami absent from the first lesson of today, which is over."""
    at(18, 0)
    call = take(cast.lesson("4A"), [cast.sami, cast.elsa], cast.anna)
    mark(call, cast.sami, absent=call.lesson_minutes)
    return call


def test_a_guardian_asks_and_nothing_registered_changes(cast: Any, guardian: Any, call: RollCall) -> None:
    page = guardian.get(path(call, cast.sami)).content.decode()
    assert "Ogiltig frånvaro" in page
    page = guardian.send(path(call, cast.sami), asked("Han var <script>alert(1)</script> där"), follow=True).content.decode()
    assert "Skolan har fått din fråga" in page
    assert "&lt;script&gt;" in page
    assert "Väntar på skolans svar" in page
    assert "<textarea" not in page
    assert Deviation.objects.get(roll_call=call).absent_minutes == call.lesson_minutes
    assert Entry.objects.filter(action="absence.request_correction", subjects__contains=[cast.id("sami")]).count() == 1
    assert "Rättelse begärd" in guardian.get(f"/narvaro/{cast.id('sami')}/").content.decode()


def test_the_other_guardian_sees_state_and_answer_and_not_the_words(
    cast: Any, guardian: Any, client_as: Callable[..., Any], call: RollCall
) -> None:
    guardian.send(path(call, cast.sami), asked())
    jonas = client_as("jonas", Role.GUARDIAN)
    page = jonas.get(path(call, cast.sami)).content.decode()
    assert "från någon annan hemma" in page
    assert "hela tiden" not in page
    assert "Amira" not in page
    refused = jonas.send(path(call, cast.sami), asked())
    assert refused.status_code == 422
    assert "redan fått en fråga" in refused.content.decode()


def test_a_double_submit_is_one_request(cast: Any, guardian: Any, call: RollCall) -> None:
    sent = asked()
    assert guardian.send(path(call, cast.sami), sent).status_code == 302
    assert guardian.send(path(call, cast.sami), sent).status_code == 302
    assert CorrectionRequest.objects.count() == 1


def test_ten_open_requests_are_enough(cast: Any, guardian: Any, call: RollCall) -> None:
    for number in range(MOST_OPEN):
        lesson = call.lesson
        other = lesson.activity.calendar_events.create(
            starts_at=lesson.starts_at - timedelta(days=400 + number), ends_at=lesson.ends_at - timedelta(days=400 + number)
        )
        CorrectionRequest.objects.create(
            pupil=cast.sami, lesson=other, asked_by=cast.amira, asked_at=days.now(), text="x", submission=uuid.uuid4()
        )
    refused = guardian.send(path(call, cast.sami), asked())
    assert refused.status_code == 422
    assert "10 frågor om rättelse" in refused.content.decode()
    CorrectionRequest.objects.filter(text="x").update(state="accepted", answered_at=days.now(), answered_by=cast.anna)
    assert guardian.send(path(call, cast.sami), asked()).status_code == 302


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_a_request_says_what_is_wrong_in_few_words(cast: Any, guardian: Any, call: RollCall, text: str) -> None:
    assert guardian.send(path(call, cast.sami), asked(text)).status_code == 422
    assert not CorrectionRequest.objects.exists()


def test_only_the_home_of_the_pupil_asks_and_only_for_lessons_the_pupil_was_in(
    cast: Any, client_as: Callable[..., Any], guardian: Any, call: RollCall
) -> None:
    for key, role in (("karin", Role.GUARDIAN), ("elsa", Role.PUPIL), ("anna", Role.STAFF), ("ingrid", Role.STAFF)):
        assert client_as(key, role, Level.E_ID).send(path(call, cast.sami), asked()).status_code == 404
    assert client_as("sami", Role.PUPIL, Level.E_ID).send(path(call, cast.sami), asked()).status_code == 403  # a minor's home asks
    assert guardian.send(path(call, cast.noor), asked()).status_code == 404
    assert guardian.send(path(call, cast.elsa), asked()).status_code == 404
    untaken = cast.lesson("4A", number=1)
    assert guardian.send(f"/narvaro/lektion/{untaken.pk}/{cast.id('sami')}/ratta/", asked()).status_code == 404
    assert guardian.send(f"/narvaro/lektion/{uuid.uuid4()}/{cast.id('sami')}/ratta/", asked()).status_code == 404
    Guardianship.objects.filter(guardian=cast.amira, child=cast.id("sami")).update(revoked_at=days.now())
    assert guardian.send(path(call, cast.sami), asked()).status_code == 404
    assert not CorrectionRequest.objects.exists()


def test_the_guardian_of_a_protected_child_is_shut_out(cast: Any, client_as: Callable[..., Any], call: RollCall) -> None:
    RollCall.objects.filter(pk=call.pk).update(roster=[cast.id("kim")])
    assert client_as("petra", Role.GUARDIAN).send(path(call, cast.kim), asked()).status_code in {302, 404}
    assert not CorrectionRequest.objects.exists()


def test_a_pupil_of_age_asks_alone(cast: Any, client_as: Callable[..., Any], guardian: Any, call: RollCall) -> None:
    Person.objects.filter(pk=cast.id("sami")).update(birth_date=days.years_before(days.today(), 18))
    sami = client_as("sami", Role.PUPIL, Level.E_ID)
    assert sami.send(path(call, cast.sami), asked()).status_code == 302
    assert guardian.get(path(call, cast.sami)).status_code == 404


def test_extra_fields_answer_nothing(cast: Any, guardian: Any, call: RollCall) -> None:
    guardian.send(
        path(call, cast.sami), asked(state="accepted", answer="ja", answered_by=str(cast.id("anna")), asked_by=str(cast.id("jonas")))
    )
    made = CorrectionRequest.objects.get()
    assert (made.state, made.answer, made.asked_by_id) == ("open", "", cast.id("amira"))


def test_the_database_keeps_one_open_request_and_whole_answers(cast: Any, call: RollCall) -> None:
    common = {"pupil": cast.sami, "lesson": call.lesson, "asked_by": cast.amira, "asked_at": days.now(), "text": "x"}
    CorrectionRequest.objects.create(**common, submission=uuid.uuid4())
    for broken in ({}, {"state": "accepted"}, {"state": "declined", "answered_at": days.now(), "answered_by": cast.anna}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectionRequest.objects.create(**{**common, "submission": uuid.uuid4(), **broken})
