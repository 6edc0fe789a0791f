"""Where a school wants both guardians: the other one's answer, none at all, and what time does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import LeaveConsent, LeaveRequest, LeaveState
from absence.tasks.leave import attend_to_leave
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from dexter.notices.composers import composer_of
from dexter.notices.models import Notice
from registry.models import EmailAddress, Guardianship, NoticePreference, Person

from .leaves import ahead, answered, applied, decided, path, settings


@pytest.fixture
def request_of_sami(cast: Any, actor: Callable[..., Any], morning: Any) -> LeaveRequest:
    settings("Granskolan", both_guardians_sign_leave=True, consent_days=7)
    return applied(actor, cast, "sami")[0]


def test_the_other_guardian_agrees_and_the_school_gets_it(client_as: Callable[..., Any], request_of_sami: LeaveRequest) -> None:
    jonas = client_as("jonas", Role.GUARDIAN)
    assert path(request_of_sami, "svar/") in jonas.get("/start/").content.decode()
    page = jonas.get(path(request_of_sami)).content.decode()
    assert "Amira" not in page
    response = jonas.send(path(request_of_sami, "svar/"), {"answer": "agrees"}, follow=True)
    assert "Du samtycker" in response.content.decode()
    request_of_sami.refresh_from_db()
    assert request_of_sami.state == LeaveState.IN_PREPARATION
    assert path(request_of_sami, "svar/") not in jonas.get("/start/").content.decode()


def test_a_refusal_goes_on_and_the_decider_sees_it(client_as: Callable[..., Any], request_of_sami: LeaveRequest) -> None:
    client_as("jonas", Role.GUARDIAN).send(path(request_of_sami, "svar/"), {"answer": "refuses"})
    request_of_sami.refresh_from_db()
    assert request_of_sami.state == LeaveState.IN_PREPARATION
    ingrid = client_as("ingrid", Role.STAFF)
    assert "En vårdnadshavare samtycker inte" in ingrid.get("/ledighet/").content.decode()
    assert "Jonas Haddad: samtycker inte" in ingrid.get(path(request_of_sami)).content.decode()


def test_a_mind_is_changed_until_the_decision(
    actor: Callable[..., Any], client_as: Callable[..., Any], request_of_sami: LeaveRequest
) -> None:
    jonas = client_as("jonas", Role.GUARDIAN)
    for answer in ("agrees", "agrees", "refuses"):
        assert jonas.send(path(request_of_sami, "svar/"), {"answer": answer}).status_code == 302
    assert LeaveConsent.objects.get().answer == "refuses"
    decided(actor("ingrid", Role.STAFF), request_of_sami)
    assert jonas.send(path(request_of_sami, "svar/"), {"answer": "agrees"}).status_code == 422


def test_one_answer_for_brothers_and_sisters_that_wait_too(
    cast: Any, actor: Callable[..., Any], client_as: Callable[..., Any], morning: Any
) -> None:
    settings("Granskolan", both_guardians_sign_leave=True)
    sami, noor = applied(actor, cast, "sami", "noor")
    jonas = client_as("jonas", Role.GUARDIAN)
    assert "Noor Haddad, Granskolan" in jonas.get(path(sami, "svar/")).content.decode()
    jonas.send(path(sami, "svar/"), {"answer": "agrees", "also": [str(noor.pk)]})
    assert LeaveConsent.objects.count() == 2
    other = applied(actor, cast, "sami", first=40, last=40)[0]
    foreign = applied(actor, cast, "noor", first=40, last=40)[0]
    assert jonas.send(path(other, "svar/"), {"answer": "agrees", "also": [str(foreign.pk)]}).status_code == 422  # another application


def test_the_decision_waits_for_the_answer_but_not_for_ever(
    actor: Callable[..., Any], client_as: Callable[..., Any], request_of_sami: LeaveRequest, at: Any
) -> None:
    ingrid = client_as("ingrid", Role.STAFF)
    assert ingrid.send(path(request_of_sami, "beslut/"), {"outcome": "granted"}).status_code == 422
    attend_to_leave(0)
    request_of_sami.refresh_from_db()
    assert request_of_sami.state == LeaveState.AWAITING_CONSENT
    at(0, 5, day=ahead(8))
    attend_to_leave(0)
    request_of_sami.refresh_from_db()
    assert request_of_sami.state == LeaveState.IN_PREPARATION
    assert "Har inte svarat" in ingrid.get(path(request_of_sami)).content.decode()
    assert Entry.objects.filter(action="absence.go_on_without_answer", role="").count() == 1


def test_nobody_is_waited_for_whose_custody_ends(cast: Any, request_of_sami: LeaveRequest) -> None:
    Guardianship.objects.filter(guardian=cast.jonas, child=cast.sami).update(revoked_at=days.now(), revoked_by=cast.pekka)
    attend_to_leave(0)
    request_of_sami.refresh_from_db()
    assert request_of_sami.state == LeaveState.IN_PREPARATION


def test_only_who_is_asked_answers(cast: Any, client_as: Callable[..., Any], request_of_sami: LeaveRequest) -> None:
    answer = {"answer": "agrees"}
    assert client_as("amira", Role.GUARDIAN).send(path(request_of_sami, "svar/"), answer).status_code == 403
    assert client_as("karin", Role.GUARDIAN).send(path(request_of_sami, "svar/"), answer).status_code == 404
    assert client_as("ingrid", Role.STAFF).send(path(request_of_sami, "svar/"), answer).status_code == 404
    assert client_as("jonas", Role.GUARDIAN).send(path(request_of_sami, "svar/"), {"answer": "granted"}).status_code == 422
    assert client_as("jonas", Role.GUARDIAN).send(path(request_of_sami, "svar/"), {}).status_code == 422
    assert not LeaveConsent.objects.exists()


def test_the_other_guardian_is_told_in_the_own_language_and_only_while_it_is_owed(
    cast: Any, actor: Callable[..., Any], request_of_sami: LeaveRequest
) -> None:
    notice = Notice.objects.get(kind="absence.leave_asked")
    assert notice.recipient_id == cast.id("jonas")
    compose = composer_of(notice.kind)
    assert "Sami väntar på ditt svar" in compose(notice).body
    assert not any(word in compose(notice).body for word in ("Haddad", "Kiruna", "Amira"))
    NoticePreference.objects.create(person=cast.jonas, language="en")
    assert "waits for your answer" in compose(notice).body
    answered(actor("jonas", Role.GUARDIAN), request_of_sami, "agrees")
    assert compose(notice) is None


def test_a_protected_child_or_an_ended_relation_is_never_told_of(cast: Any, request_of_sami: LeaveRequest) -> None:
    notice = Notice.objects.get(kind="absence.leave_asked")
    compose = composer_of(notice.kind)
    Person.objects.filter(pk=cast.id("sami")).update(security_marking="Sekretessmarkering", agreed_name="S H")
    assert compose(notice) is None
    Person.objects.filter(pk=cast.id("sami")).update(security_marking="Ingen")
    assert compose(notice)
    Guardianship.objects.filter(guardian=cast.jonas, child=cast.sami).update(revoked_at=days.now(), revoked_by=cast.pekka)
    assert compose(notice) is None


def test_without_the_rule_the_other_guardian_is_told_that_it_was_sent(cast: Any, actor: Callable[..., Any], morning: Any) -> None:
    applied(actor, cast, "sami", "leila")
    notice = Notice.objects.get(kind="absence.leave_received")
    assert notice.recipient_id == cast.id("jonas")
    assert "Sami, Leila har skickats" in composer_of(notice.kind)(notice).body


def test_an_undecided_leave_warns_the_school_and_then_the_home_once(cast: Any, actor: Callable[..., Any], morning: Any, at: Any) -> None:
    EmailAddress.objects.get_or_create(person=cast.ingrid, value="ingrid@skola.example.org", email_type="Skola personal")
    (request,) = applied(actor, cast, "sami", first=20, last=21)
    kinds = {"absence.leave_waits", "absence.leave_undecided"}

    def told() -> list[str]:
        for _twice in range(2):
            attend_to_leave(0)
        ours = [cast.id("amira"), cast.id("jonas"), cast.id("ingrid")]
        return sorted(Notice.objects.filter(kind__in=kinds, recipient_id__in=ours).values_list("kind", flat=True))

    assert told() == []
    at(3, 0, day=ahead(15))
    assert told() == []  # nobody is woken
    at(8, 0, day=days.today())
    assert set(told()) == {"absence.leave_waits"}
    at(8, 0, day=days.today() + timedelta(days=4))
    assert told().count("absence.leave_undecided") == 2
    notices = list(Notice.objects.filter(kind__in=kinds).order_by("kind"))
    texts = [composer_of(notice.kind)(notice).body for notice in notices]
    assert "frånvaron ogiltig" in texts[0]
    assert "Sami" not in texts[-1]
    decided(actor("ingrid", Role.STAFF), request)
    assert not any(composer_of(notice.kind)(notice) for notice in notices)


def test_a_leave_that_is_over_undecided_has_run_out(
    cast: Any, actor: Callable[..., Any], client_as: Callable[..., Any], morning: Any, at: Any
) -> None:
    (request,) = applied(actor, cast, "sami", first=2, last=3)
    at(8, 0, day=ahead(4))
    attend_to_leave(0)
    request.refresh_from_db()
    assert request.state == LeaveState.EXPIRED
    assert "Avslutad utan beslut" in client_as("amira", Role.GUARDIAN).get("/ledighet/").content.decode()
    assert client_as("ingrid", Role.STAFF).send(path(request, "beslut/"), {"outcome": "granted"}).status_code == 409
