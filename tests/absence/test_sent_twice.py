"""A form that was used before, by another person or for something else, is never answered as if it had been saved."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import AbsenceReport, ContactAttempt, CorrectionRequest, Deviation, LeaveRequest, ReportedDay
from dexter.lib import days
from dexter.lib.access import Role

from .leaves import APPLY, path
from .leaves import form as leave_form

DESK, REPORT = "/franvaro/telefon/", "/franvaro/anmal/"
SAID = "med andra svar"
TOMORROW = (days.today() + timedelta(days=1)).isoformat()


@pytest.fixture
def office(client_as: Callable[..., Any], morning: Any) -> Any:
    return client_as("pekka", Role.STAFF)


def refused(response: Any) -> bool:
    return response.status_code == 422 and SAID in response.content.decode()


def rows() -> int:
    return ReportedDay.objects.filter(day__gte=days.today(), withdrawn_at=None).count()


@pytest.mark.parametrize(
    "change", [{"pupil": "elsa"}, {"first": TOMORROW}, {"last": TOMORROW}, {"starts": "12:00"}, {"phoned_by": "amira"}, {"who": "ingrid"}]
)
def test_the_office_registers_nobody_by_a_used_form(cast: Any, office: Any, client_as: Callable[..., Any], change: dict[str, str]) -> None:
    sent = {"first": days.today().isoformat(), "phoned_by": "other", "submission": str(uuid.uuid4())}
    assert [office.send(f"{DESK}{cast.id('sami')}/", sent).status_code for _press in range(2)] == [302, 302]
    before = rows()
    given = {name: str(cast.id(value)) if name == "phoned_by" else value for name, value in change.items() if name not in {"pupil", "who"}}
    browser = client_as(change["who"], Role.STAFF) if "who" in change else office
    assert refused(browser.send(f"{DESK}{cast.id(change.get('pupil', 'sami'))}/", {**sent, **given}))
    assert rows() == before


@pytest.mark.parametrize("change", [{"pupils": ["elsa"]}, {"pupils": ["sami", "leila"]}, {"first": TOMORROW}, {"last": TOMORROW}])
def test_a_guardian_reports_nothing_by_a_used_form(
    cast: Any, guardian: Any, client_as: Callable[..., Any], morning: Any, change: Any
) -> None:
    sent = {"pupils": [str(cast.id("sami"))], "first": days.today().isoformat(), "submission": str(uuid.uuid4())}
    first, again = (guardian.send(REPORT, sent) for _press in range(2))
    assert first.url == again.url
    before = rows()
    given = {name: [str(cast.id(key)) for key in value] if name == "pupils" else value for name, value in change.items()}
    other = client_as("karin", Role.GUARDIAN) if change == {"pupils": ["elsa"]} else guardian
    assert refused(other.send(REPORT, {**sent, **given}))
    assert rows() == before


def test_problems_of_the_first_time_are_told_again(cast: Any, guardian: Any, morning: Any) -> None:
    guardian.send(REPORT, {"pupils": [str(cast.id("leila"))], "first": days.today().isoformat(), "submission": str(uuid.uuid4())})
    sent = {"pupils": [str(cast.id(key)) for key in ("sami", "leila")], "first": days.today().isoformat(), "submission": str(uuid.uuid4())}
    for _press in range(2):
        assert "är redan anmäld" in guardian.send(REPORT, sent, follow=True).content.decode()
    assert AbsenceReport.objects.filter(submission=sent["submission"]).count() == 1


def test_a_report_that_was_taken_back_does_not_come_back_as_saved(cast: Any, guardian: Any, morning: Any) -> None:
    sent = {"pupils": [str(cast.id("sami"))], "first": days.today().isoformat(), "submission": str(uuid.uuid4())}
    guardian.send(REPORT, sent)
    row = ReportedDay.objects.get(report__submission=sent["submission"])
    guardian.send(f"/franvaro/dag/{row.pk}/ta-tillbaka/")
    assert refused(guardian.send(REPORT, sent))


@pytest.mark.parametrize(
    "change", [{"first": 21}, {"last": 22}, {"purpose": "Resa"}, {"children": ("sami", "leila")}, {"children": ("leila",)}]
)
def test_no_leave_is_asked_for_by_a_used_form(cast: Any, guardian: Any, change: dict[str, Any]) -> None:
    key = str(uuid.uuid4())
    assert [guardian.send(APPLY, leave_form(cast, "sami", submission=key)).status_code for _press in range(2)] == [302, 302]
    change = dict(change)
    children = change.pop("children", ("sami",))
    assert refused(guardian.send(APPLY, leave_form(cast, *children, submission=key, **change)))
    assert LeaveRequest.objects.count() == 1


def test_another_persons_form_and_one_that_was_taken_back_ask_for_no_leave(cast: Any, guardian: Any, client_as: Callable[..., Any]) -> None:
    sent = leave_form(cast, "sami")
    guardian.send(APPLY, sent)
    assert refused(client_as("jonas", Role.GUARDIAN).send(APPLY, sent))
    guardian.send(path(LeaveRequest.objects.get(), "ta-tillbaka/"))
    assert LeaveRequest.objects.get().state == "withdrawn"
    assert refused(guardian.send(APPLY, sent))


def test_a_roll_call_sent_again_with_other_marks_is_a_conflict(cast: Any, teacher: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(8, 10)
    lesson = cast.lesson("4A")
    url, sent = f"/lektioner/{lesson.pk}/narvaro/", {"absent": [str(cast.id("sami"))], "version": "0", "submission": str(uuid.uuid4())}
    assert [teacher.send(url, sent).status_code for _press in range(2)] == [302, 302]
    assert teacher.send(url, {**sent, "absent": [str(cast.id("elsa"))]}).status_code == 409
    assert client_as("pekka", Role.STAFF).send(url, sent).status_code == 409
    assert [row.pupil_id for row in Deviation.objects.filter(roll_call__lesson=lesson)] == [cast.id("sami")]


def test_a_request_to_correct_is_not_another_one(cast: Any, guardian: Any, teacher: Any, at: Any) -> None:
    at(12)
    urls = []
    for number in range(2):
        lesson = cast.lesson("4A", number=number)
        teacher.send(f"/lektioner/{lesson.pk}/narvaro/", {"version": "0", "submission": str(uuid.uuid4())})
        urls.append(f"/narvaro/lektion/{lesson.pk}/{cast.id('sami')}/ratta/")
    sent = {"text": "Sami var där.", "submission": str(uuid.uuid4())}
    assert [guardian.send(urls[0], sent).status_code for _press in range(2)] == [302, 302]
    assert refused(guardian.send(urls[1], sent))
    assert refused(guardian.send(urls[0], {**sent, "text": "Något annat."}))
    assert CorrectionRequest.objects.count() == 1


def test_a_call_to_a_home_is_noted_about_one_pupil(cast: Any, office: Any) -> None:
    unit, sent = cast.group("4A").school_unit, {"outcome": "no_answer", "submission": str(uuid.uuid4())}
    for pupil, said in (("sami", "noterat"), ("elsa", SAID), ("sami", "noterat")):
        page = office.send(f"/skoldagen/{unit.pk}/ringt/{cast.id(pupil)}/", sent, follow=True).content.decode()
        assert said in page, pupil
    assert [row.pupil_id for row in ContactAttempt.objects.filter(submission=sent["submission"])] == [cast.id("sami")]
