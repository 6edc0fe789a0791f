"""Leave is taken back while it is undecided, and granted days one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from absence.models import LeaveDay, LeaveRequest, LeaveState
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import Guardianship, Person

from .leaves import ahead, applied, decided, form, path


@pytest.fixture
def request_of_sami(cast: Any, actor: Callable[..., Any], morning: Any) -> LeaveRequest:
    return applied(actor, cast, "sami", first=20, last=22)[0]


def test_an_undecided_application_is_taken_back_and_can_be_sent_anew(cast: Any, guardian: Any, request_of_sami: LeaveRequest) -> None:
    assert guardian.get(path(request_of_sami, "ta-tillbaka/")).status_code == 200
    for _twice in range(2):
        assert guardian.send(path(request_of_sami, "ta-tillbaka/")).status_code == 302
    request_of_sami.refresh_from_db()
    assert (request_of_sami.state, request_of_sami.withdrawn_by_id) == (LeaveState.WITHDRAWN, cast.id("amira"))
    assert guardian.send("/ledighet/ansok/", form(cast, "sami", first=20, last=22)).status_code == 302


def test_granted_days_are_given_back_day_by_day(actor: Callable[..., Any], guardian: Any, request_of_sami: LeaveRequest) -> None:
    decided(actor("ingrid", Role.STAFF), request_of_sami)
    page = guardian.get(path(request_of_sami, "ta-tillbaka/")).content.decode()
    assert page.count("checked") == 3
    sent = {"given_back": [ahead(21).isoformat()]}
    assert guardian.send(path(request_of_sami, "ta-tillbaka/"), sent).status_code == 302
    assert list(LeaveDay.objects.standing().order_by("day").values_list("day", flat=True)) == [ahead(20), ahead(22)]
    assert guardian.send(path(request_of_sami, "ta-tillbaka/"), sent).status_code == 422  # no such choice any more
    guardian.send(path(request_of_sami, "ta-tillbaka/"), {"given_back": [ahead(20).isoformat(), ahead(22).isoformat()]})
    assert not LeaveDay.objects.standing().exists()
    request_of_sami.refresh_from_db()
    assert request_of_sami.state == LeaveState.DECIDED
    assert "Tillbakalämnad" in guardian.get(path(request_of_sami)).content.decode()


def test_days_that_have_been_are_not_given_back(actor: Callable[..., Any], guardian: Any, request_of_sami: LeaveRequest, at: Any) -> None:
    decided(actor("ingrid", Role.STAFF), request_of_sami)
    at(8, 0, day=ahead(21))
    today = days.today()
    assert guardian.send(path(request_of_sami, "ta-tillbaka/"), {"given_back": [today.isoformat()]}).status_code == 422
    assert guardian.send(path(request_of_sami, "ta-tillbaka/"), {"given_back": []}).status_code == 422
    assert LeaveDay.objects.standing().count() == 3


def test_only_who_applied_takes_back_until_that_one_is_guardian_no_more(
    cast: Any, client_as: Callable[..., Any], request_of_sami: LeaveRequest
) -> None:
    jonas = client_as("jonas", Role.GUARDIAN)
    for who, role, status in (
        ("jonas", Role.GUARDIAN, 403),
        ("karin", Role.GUARDIAN, 404),
        ("anna", Role.STAFF, 404),
        ("sami", Role.PUPIL, 302),  # asked for a higher level
    ):
        assert client_as(who, role).send(path(request_of_sami, "ta-tillbaka/")).status_code == status
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(revoked_at=days.now(), revoked_by=cast.pekka)
    assert client_as("amira", Role.GUARDIAN).get(path(request_of_sami)).status_code == 404
    assert "inte längre vårdnadshavare" in client_as("ingrid", Role.STAFF).get("/ledighet/").content.decode()
    assert jonas.send(path(request_of_sami, "ta-tillbaka/")).status_code == 302


def test_the_pupil_of_age_takes_over_what_the_guardian_sent(
    cast: Any, client_as: Callable[..., Any], request_of_sami: LeaveRequest
) -> None:
    Person.objects.filter(pk=cast.id("sami")).update(birth_date=days.years_before(days.today(), 18))
    assert client_as("amira", Role.GUARDIAN).get(path(request_of_sami)).status_code == 404
    assert client_as("sami", Role.PUPIL, Level.E_ID).send(path(request_of_sami, "ta-tillbaka/")).status_code == 302
    request_of_sami.refresh_from_db()
    assert request_of_sami.state == LeaveState.WITHDRAWN
