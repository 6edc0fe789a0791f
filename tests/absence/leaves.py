"""What the tests of leave share: an application of Amira's, and who decides on it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from absence.actions import leave as actions
from absence.actions import leave_answers, leave_decisions
from absence.actions.leave_decisions import Verdict
from absence.models import ConsentAnswer, LeaveDecision, LeaveOutcome, LeaveRequest, UnitSettings
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import SchoolUnit

APPLY, LIST = "/ledighet/ansok/", "/ledighet/"


def ahead(count: int) -> datetime.date:
    return days.today() + timedelta(days=count)


def form(cast: Any, *children: str, first: int = 20, last: int = 21, **more: Any) -> dict[str, Any]:
    """The application as a browser sends it; days from today. The demo has school on all days of the week."""
    given = {"first": ahead(first).isoformat(), "last": ahead(last).isoformat(), "purpose": "Mormor fyller 80 i Kiruna"}
    return {"pupils": [str(cast.id(child)) for child in children], "submission": str(uuid.uuid4()), **given, **more}


def settings(unit: str, **values: Any) -> UnitSettings:
    return UnitSettings.objects.create(school_unit=SchoolUnit.objects.get(name=unit), start_date=days.today(), **values)


def applied(
    actor: Callable[..., Actor], cast: Any, *children: str, first: int = 20, last: int = 21, who: str = "amira"
) -> list[LeaveRequest]:
    """The requests of an application, in the order of the children."""
    wanted = actions.Wanted(ahead(first), ahead(last), "Mormor fyller 80 i Kiruna")
    pupils = [getattr(cast, child) for child in children]
    found = actions.apply_for_leave(actor=actor(who, Role.GUARDIAN), pupils=pupils, wanted=wanted, submission=uuid.uuid4())
    assert not found.problems
    return found.requests


def decided(actor: Actor, request: LeaveRequest, outcome: str = "granted", reasons: str = "", **more: Any) -> LeaveDecision:
    verdict = Verdict(LeaveOutcome(outcome), reasons, **more)
    return leave_decisions.decide_leave(actor=actor, request=request, verdict=verdict)


def answered(actor: Actor, request: LeaveRequest, answer: str) -> None:
    leave_answers.answer_leave(actor=actor, requests=[request], answer=ConsentAnswer(answer))


def path(request: LeaveRequest, verb: str = "") -> str:
    return f"/ledighet/{request.pk}/{verb}"
