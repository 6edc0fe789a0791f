"""What the pages of the permission table are about, where it takes more than a row to make."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from absence.actions.leave import Wanted, apply_for_leave
from absence.actions.leave_decisions import Verdict, decide_leave
from absence.models import (
    AbsenceAlert,
    AbsenceInvestigation,
    AbsenceStep,
    AlertRule,
    BodyReport,
    InvestigationMember,
    LadderStep,
    LeaveOutcome,
    LeaveRequest,
    ReportReceiver,
)
from dexter.files.actions import keep
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from larande.planning.models import LessonPlan, PlanFile, Task
from registry.models import (
    Duty,
)

from .larande.made import plan


def follow_up_of(cast: Any) -> tuple[AbsenceStep, AbsenceAlert, AbsenceInvestigation, ReportReceiver]:
    """A step, an alert and an investigation of Sami's, to which Sunna is invited and whose reports Birgitta receives."""
    unit, now = cast.group("4A").school_unit, days.now()
    step = AbsenceStep.objects.create(
        pupil=cast.sami,
        school_unit=unit,
        step=LadderStep.objects.all()[0],
        taken_by=cast.anna,
        taken_on=days.today(),
        submission=UUID(int=8),
    )
    rule = AlertRule.objects.get(kind="total_share", school_unit=None)
    alert = AbsenceAlert.objects.create(pupil=cast.sami, school_unit=unit, rule=rule, kind=rule.kind, figures={"found": 12}, raised_at=now)
    investigation = AbsenceInvestigation.objects.create(
        pupil=cast.sami, school_unit=unit, registry_no="2026:1", opened_by=cast.ingrid, opened_at=now, submission=UUID(int=9)
    )
    InvestigationMember.objects.create(investigation=investigation, person=cast.sunna, invited_by=cast.ingrid, invited_at=now)
    BodyReport.objects.create(investigation=investigation, reported_by=cast.ingrid, reported_at=now)
    officer = Duty.objects.get(person=cast.birgitta)
    receiver = ReportReceiver.objects.create(duty=officer, school_unit=unit, start_date=days.today() - timedelta(days=1))
    return step, alert, investigation, receiver


def leaves_of(cast: Any) -> list[LeaveRequest]:
    """Two of Amira's for Sami, the second granted."""
    amira, ingrid = Actor(cast.id("amira"), Role.GUARDIAN, Level.E_ID), Actor(cast.id("ingrid"), Role.STAFF, Level.TWO_FACTOR)
    found = []
    for day in (days.today() + timedelta(days=ahead) for ahead in (20, 30)):
        wanted = Wanted(day, day, "Begravning")
        found += apply_for_leave(actor=amira, pupils=[cast.sami], wanted=wanted, submission=uuid4()).requests
    decide_leave(actor=ingrid, request=found[1], verdict=Verdict(LeaveOutcome.GRANTED))
    return found


def plan_of(cast: Any) -> tuple[LessonPlan, Task, PlanFile]:
    """A plan of Anna's, published to 4A, with a task and a file."""
    made = plan(cast.anna, published=True)
    task = Task.objects.create(plan=made, title="Läxa", day=days.today())
    file = PlanFile.objects.create(plan=made, stored=keep("blad.txt", "text/plain", b"x"), title="Blad", added_by=cast.anna)
    return made, task, file
