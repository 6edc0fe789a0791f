"""The school works through what homes ask: who sees it, who answers, and that it is answered once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from absence.models import CorrectionRequest, Deviation, Judgement, RollCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from dexter.notices.composers import composer_of
from dexter.notices.models import Notice
from registry.models import AssignmentRole, CalendarEvent, Digest, Guardianship, NoticePreference, Person, SecurityMarking
from registry.models.preferences import next_gathering
from tests.conftest import OVERHEAD
from tests.pages import visible

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
    return ask(cast, call.lesson)


def ask(cast: Any, lesson: CalendarEvent) -> CorrectionRequest:
    return CorrectionRequest.objects.create(
        pupil=cast.sami,
        lesson=lesson,
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
        assert "Anna" not in visible(shown)
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
        assert "Sami" not in visible(browser.get(LIST))
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
    assert "Sam" not in visible(page).replace("Samtliga", "")
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


def test_who_asked_is_told_at_the_gathering_and_others_at_home_are_not(
    cast: Any, teacher: Any, at: Any, asked: CorrectionRequest, call: RollCall
) -> None:
    """At eighteen: tomorrow at four, without a choice of another time. A second answer is told in the same message."""
    teacher.send(path(asked), {"state": "declined", "answer": "Han var inte där, säger Anna."})
    notice = Notice.objects.get(kind="absence.correction_answered")
    assert notice.recipient_id == cast.id("amira")
    assert notice.not_before == days.moment(days.today() + timedelta(days=1), time(16))
    second = ask(cast, cast.lesson("4A", number=1))
    teacher.send(path(second), {"state": "accepted", "answer": ""})
    assert Notice.objects.filter(kind="absence.correction_answered").count() == 1
    message = composer_of(notice.kind)(notice)
    assert message is not None
    assert "Skolan har svarat på din begäran om att rätta närvaron för Sami." in message.body
    assert f"/narvaro/lektion/{asked.lesson_id}/{cast.id('sami')}/ratta/" in message.body
    for secret in ("Haddad", "Anna", "inte där", "Matematik"):
        assert secret not in message.body + message.short + message.subject


@pytest.mark.parametrize(
    ("language", "words"), [("sv-simple", "på din fråga om att rätta"), ("ar", "أجابت المدرسة"), ("so", "Dugsigu wuu ka jawaabay")]
)
def test_the_answer_is_told_at_once_and_in_the_language_chosen(
    cast: Any, teacher: Any, asked: CorrectionRequest, language: str, words: str
) -> None:
    NoticePreference.objects.create(person=cast.amira, digest=Digest.AT_ONCE, language=language, urgent_channel="sms")
    teacher.send(path(asked), {"state": "accepted", "answer": ""})
    notice = Notice.objects.get(kind="absence.correction_answered")
    assert (notice.not_before, notice.wish) == (days.now(), "sms")
    message = composer_of(notice.kind)(notice)
    assert message is not None
    assert words in message.body


def test_nothing_is_told_when_the_relation_ended_or_somebody_became_protected(cast: Any, teacher: Any, asked: CorrectionRequest) -> None:
    teacher.send(path(asked), {"state": "accepted", "answer": ""})
    notice = Notice.objects.get(kind="absence.correction_answered")
    compose = composer_of(notice.kind)
    Person.objects.filter(pk=cast.id("sami")).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Sam Ek")
    assert compose(notice) is None
    Person.objects.filter(pk=cast.id("sami")).update(security_marking=SecurityMarking.NONE, agreed_name="")
    assert compose(notice) is not None
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(revoked_at=days.now(), revoked_by=cast.pekka)
    assert compose(notice) is None


@pytest.mark.parametrize(
    ("digest", "now", "told"),
    [
        (Digest.AT_ONCE, (2, 9), (2, 9)),
        (Digest.DAILY, (2, 9), (2, 16)),
        (Digest.DAILY, (2, 16), (3, 16)),
        (Digest.WEEKLY, (2, 9), (4, 16)),
        (Digest.WEEKLY, (4, 15), (4, 16)),
        (Digest.WEEKLY, (4, 16), (11, 16)),
        (Digest.WEEKLY, (6, 1), (11, 16)),
    ],
)
def test_when_the_routine_is_told(digest: Digest, now: tuple[int, int], told: tuple[int, int]) -> None:
    """(Days after a Monday, hour)."""
    monday = date(2026, 10, 19)  # the clocks are turned back on the Sunday

    def moment(day: int, hour: int) -> Any:
        return days.moment(monday + timedelta(days=day), time(hour))

    assert next_gathering(moment(*now), digest) == moment(*told)


def test_the_lesson_is_judged_from_the_request(cast: Any, teacher: Any, asked: CorrectionRequest) -> None:
    page = teacher.get(path(asked)).content.decode()
    (mark,) = set(re.findall(r'value="([^"]+)=valid"', page))
    answer = teacher.send("/franvaro/bedom/spara/", {"one": f"{mark}=valid", "asked": asked.pk})
    assert answer.status_code == 302
    assert answer.headers["Location"] == path(asked)
    assert Judgement.objects.get(replaced_at=None, lesson=asked.lesson_id, pupil=cast.id("sami")).verdict == "valid"
    assert "Bedöm som ogiltig" in teacher.get(path(asked)).content.decode()
    again = teacher.send("/franvaro/bedom/spara/", {"one": f"{mark}=unauthorised", "asked": asked.pk}, follow=True)
    assert "Någon annan" in again.content.decode()  # the page was made before the first judgement
