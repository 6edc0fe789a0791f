"""The school works through what homes ask: who sees it, who answers, and that it is answered once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import CorrectionRequest, Deviation, RollCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import AssignmentRole, Guardianship, SecurityMarking
from tests.conftest import OVERHEAD

from .school_day import mark, report, take

LIST = "/franvaro/rattelser/"
STAFF = Role.STAFF


@pytest.fixture
def call(cast: Any, at: Any) -> RollCall:
    at(18, 0)
    call = take(cast.lesson("4A"), [cast.sami, cast.elsa], cast.anna)
    mark(call, cast.sami, absent=call.lesson_minutes)
    return call


@pytest.fixture
def asked(cast: Any, call: RollCall) -> CorrectionRequest:
    return CorrectionRequest.objects.create(
        pupil=cast.sami,
        lesson=call.lesson,
        asked_by=cast.amira,
        asked_at=days.now(),
        text="Han var på <i>utflykt</i>.",
        submission=uuid.uuid4(),
    )


def path(asked: CorrectionRequest) -> str:
    return f"{LIST}{asked.pk}/"


def test_the_mentor_answers_and_the_home_reads_it(cast: Any, teacher: Any, guardian: Any, client_as: Any, asked: CorrectionRequest) -> None:
    report(cast.sami, cast.jonas, asked.lesson.starts_at, asked.lesson.ends_at)
    assert "Sami Haddad" in teacher.get(LIST).content.decode()
    page = teacher.get(path(asked)).content.decode()
    for words in ("Han var på &lt;i&gt;utflykt&lt;/i&gt;", "Giltig frånvaro", "Rätta närvaron", "av en vårdnadshavare"):
        assert words in page
    page = teacher.send(path(asked), {"state": "accepted", "answer": "Vi rättar det idag."}, follow=True).content.decode()
    assert "Svaret är lämnat" in page
    assert Entry.objects.filter(action="absence.answer_correction", subjects__contains=[cast.id("sami")]).count() == 1
    assert Deviation.objects.count() >= 1  # the answer itself corrects nothing
    for key in ("amira", "jonas"):
        shown = client_as(key, Role.GUARDIAN).get(f"/narvaro/lektion/{asked.lesson_id}/{cast.id('sami')}/ratta/").content.decode()
        assert "Vi rättar det idag." in shown
        assert "Anna" not in shown
    assert "Skolan har svarat på en begäran om rättelse" in guardian.get("/start/").content.decode()
    assert "Skolan har svarat" in guardian.get(f"/narvaro/{cast.id('sami')}/").content.decode()


def test_what_stands_needs_words(cast: Any, teacher: Any, asked: CorrectionRequest) -> None:
    assert teacher.send(path(asked), {"state": "declined", "answer": " "}).status_code == 422
    assert teacher.send(path(asked), {"state": "open", "answer": "nej"}).status_code == 422
    assert teacher.send(path(asked), {"answer": "nej"}).status_code == 422
    assert teacher.send(path(asked), {"state": "declined", "answer": "x" * 501}).status_code == 422
    asked.refresh_from_db()
    assert asked.state == "open"
    assert teacher.send(path(asked), {"state": "declined", "answer": "Han var inte där."}).status_code == 302


def test_two_who_answer_at_once_lose_no_words(cast: Any, teacher: Any, client_as: Callable[..., Any], asked: CorrectionRequest) -> None:
    teacher.send(path(asked), {"state": "accepted", "answer": "Vi rättar."})
    second = client_as("ingrid", STAFF).send(path(asked), {"state": "declined", "answer": "Det står kvar, tycker jag."})
    page = second.content.decode()
    assert second.status_code == 409
    assert "Vi rättar." in page
    assert "Det står kvar, tycker jag." in page
    asked.refresh_from_db()
    assert asked.state == "accepted"


def test_who_sees_and_who_answers(cast: Any, client_as: Callable[..., Any], asked: CorrectionRequest) -> None:
    """The lesson's teacher, the mentor, principal and office of the school; nobody of another school, no substitute of another day."""
    for key in ("anna", "ingrid", "pekka"):
        assert client_as(key, STAFF).get(path(asked)).status_code == 200
    for key in ("lars", "hassan", "nina", "maja", "birgitta", "erik"):
        browser = client_as(key, STAFF)
        assert browser.get(path(asked)).status_code == 404
        assert browser.send(path(asked), {"state": "accepted", "answer": ""}).status_code == 404
        assert "Sami" not in browser.get(LIST).content.decode()
    assert client_as("sunna", STAFF).get(path(asked)).status_code == 403  # sees the pupil's lessons, and is no mentor
    assert client_as("amira", Role.GUARDIAN).get(path(asked)).status_code == 404
    assert client_as("sami", Role.PUPIL, Level.E_ID).get(LIST).status_code == 404


def test_a_mentor_of_another_class_and_a_former_mentor_do_not_see_it(
    cast: Any, client_as: Callable[..., Any], asked: CorrectionRequest
) -> None:
    roles = AssignmentRole.objects.filter(duty__person=cast.anna)
    roles.update(start_date=days.today() - timedelta(days=300), end_date=days.today() - timedelta(days=200))
    asked.lesson.activity.duty_assignments.filter(duty__person=cast.anna).update(
        start_date=days.today() - timedelta(days=300), end_date=days.today() - timedelta(days=200)
    )
    assert client_as("anna", STAFF).get(path(asked)).status_code == 404


def test_nobody_answers_the_own_request(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    """Erik is a guardian and a colleague at the same school."""
    at(18, 0)
    lesson = cast.lesson("5B")
    take(lesson, [cast.viggo], cast.erik)
    own = CorrectionRequest.objects.create(
        pupil=cast.viggo, lesson=lesson, asked_by=cast.erik, asked_at=days.now(), text="x", submission=uuid.uuid4()
    )
    assert client_as("erik", STAFF).send(path(own), {"state": "accepted", "answer": ""}).status_code in {403, 404}
    assert client_as("ingrid", STAFF).get(path(own)).status_code == 200


def test_a_request_about_a_protected_pupil_is_in_no_list(cast: Any, teacher: Any, asked: CorrectionRequest) -> None:
    type(cast.sami).objects.filter(pk=cast.id("sami")).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Sam Ek")
    page = teacher.get(LIST).content.decode()
    assert "Sam" not in page.replace("Samtliga", "")
    assert teacher.get(path(asked)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_statements(cast: Any, teacher: Any, call: RollCall, statements: Any, count: int) -> None:
    for number in range(count):
        lesson = cast.lesson("4A", number=number)
        for state in ({}, {"state": "declined", "answer": "nej", "answered_at": days.now(), "answered_by": cast.anna}):
            CorrectionRequest.objects.create(
                pupil=cast.sami, lesson=lesson, asked_by=cast.amira, asked_at=days.now(), text="x", submission=uuid.uuid4(), **state
            )
    teacher.get("/om-dexter/")
    assert statements(lambda: teacher.get(LIST)) == 4 + OVERHEAD


def test_the_start_page_says_how_many_wait(cast: Any, teacher: Any, client_as: Callable[..., Any], asked: CorrectionRequest) -> None:
    page = teacher.get("/start/").content.decode()
    assert re.search(r"Begäran om rättelse av närvaro</a><span class=\"state state--notice\">1<", page)
    assert "Begäran om rättelse av närvaro" not in client_as("lars", STAFF).get("/start/").content.decode()


def test_nobody_answers_the_own_home(cast: Any, teacher: Any, client_as: Any, asked: CorrectionRequest) -> None:
    """The teacher is guardian of the pupil too, and the other guardian asked."""
    Guardianship.objects.create(guardian=cast.anna, child=cast.sami, start_date=days.today())
    answer = {"state": "accepted", "answer": "Vi rättar."}
    assert teacher.send(path(asked), answer).status_code == 403
    assert client_as("ingrid", STAFF).send(path(asked), answer).status_code == 302
