"""Leave granted on its own day, after a roll-call: what the home was told is corrected, what it was not told yet never goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from absence.models import LeaveRequest, UnauthorisedDay
from dexter.lib.access import Role
from registry.models import CalendarEvent
from tests.notices.servers import Gateway, MailServer

from .leaves import applied, decided
from .same_day import AWAY, SchoolDay, told


@pytest.fixture
def day(cast: Any, gateway: Gateway, mail_server: MailServer) -> Iterator[SchoolDay]:
    played = SchoolDay(cast)
    yield played
    played.stop()


@pytest.fixture
def lesson(cast: Any) -> CalendarEvent:
    return cast.lesson("4A")  # type: ignore[no-any-return]


@pytest.fixture
def request_of_today(day: SchoolDay, cast: Any, actor: Callable[..., Any]) -> LeaveRequest:
    return applied(actor, cast, "sami", first=0, last=0)[0]


def test_granted_after_the_notice_it_is_corrected(
    cast: Any, day: SchoolDay, lesson: CalendarEvent, request_of_today: LeaveRequest, actor: Callable[..., Any], gateway: Gateway
) -> None:
    day.at(8, 10).mark("anna", lesson, sami=AWAY)
    day.at(9)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
    decided(actor("ingrid", Role.STAFF), request_of_today)
    day.work()
    assert told(cast.id("sami"))[2:] == [("correction", "Amira"), ("correction", "Jonas")]
    day.at(18)
    assert len(told(cast.id("sami"))) == 4
    assert len([request for request in gateway.requests if "Sami" in request["text"]]) == 4


def test_granted_before_the_notice_nothing_is_sent(
    cast: Any, day: SchoolDay, lesson: CalendarEvent, request_of_today: LeaveRequest, actor: Callable[..., Any], gateway: Gateway
) -> None:
    day.at(8, 10).mark("anna", lesson, sami=AWAY)
    day.at(8, 20)
    decided(actor("ingrid", Role.STAFF), request_of_today)
    day.at(18)
    assert (told(cast.id("sami")), gateway.requests) == ([], [])
    assert not UnauthorisedDay.objects.exists()


def test_a_refusal_changes_nothing(
    cast: Any, day: SchoolDay, lesson: CalendarEvent, request_of_today: LeaveRequest, actor: Callable[..., Any]
) -> None:
    day.at(8, 10).mark("anna", lesson, sami=AWAY)
    decided(actor("ingrid", Role.STAFF), request_of_today, "refused", "Nationella prov")
    day.at(18)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
