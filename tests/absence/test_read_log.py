"""Every list that names pupils and their absence leaves a line: who read it, and about whom it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from absence.actions.roll_calls import Seen, take_roll_call
from absence.models import AbsenceAlert, AbsenceInvestigation, AlertRule, CorrectionRequest
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role

from .leaves import applied

LISTS = {
    "absence.leave_list": "/ledighet/",
    "absence.investigation_list": "/franvaro/utredningar/",
    "absence.alert_list": "/franvaro/varningar/",
    "absence.judge_list": "/franvaro/bedom/?del=utan-anmalan",
    "absence.correction_list": "/franvaro/rattelser/",
}


@pytest.fixture
def about_sami(cast: Any, actor: Callable[..., Any], at: Any) -> None:
    """One row in each list."""
    at(12)
    applied(actor, cast, "sami")
    unit, lesson, now = cast.group("4A").school_unit, cast.lesson("4A"), days.now()
    rule = AlertRule.objects.get(kind="total_share", school_unit=None)
    AbsenceAlert.objects.create(pupil=cast.sami, school_unit=unit, rule=rule, kind=rule.kind, figures={"found": 12}, raised_at=now)
    common = {"pupil": cast.sami, "submission": uuid.uuid4()}
    AbsenceInvestigation.objects.create(**common, school_unit=unit, registry_no="2026:99", opened_by=cast.ingrid, opened_at=now)
    CorrectionRequest.objects.create(**common, lesson=lesson, asked_by=cast.amira, asked_at=now, text="x")
    seen = {cast.id("sami"): Seen(whole=True)}
    take_roll_call(actor=actor("anna", Role.STAFF), lesson=lesson, marks=seen, version=0, submission=uuid.uuid4())


@pytest.mark.parametrize("action", LISTS)
def test_who_is_shown_stands_in_the_log(cast: Any, client_as: Callable[..., Any], about_sami: None, action: str) -> None:
    ingrid = client_as("ingrid", Role.STAFF)
    assert "Sami Haddad" in ingrid.get(LISTS[action]).content.decode()
    line = Entry.objects.get(action=action)
    assert (line.actor_id, line.role) == (cast.id("ingrid"), "staff")
    assert cast.id("sami") in line.subjects


@pytest.mark.parametrize("action", LISTS)
def test_who_is_not_shown_does_not(cast: Any, client_as: Callable[..., Any], about_sami: None, action: str) -> None:
    assert "Sami Haddad" not in client_as("hassan", Role.STAFF).get(LISTS[action]).content.decode()
    assert cast.id("sami") not in {subject for line in Entry.objects.filter(action=action) for subject in line.subjects}
