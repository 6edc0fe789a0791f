"""What happens on a school day, written straight to the tables: a roll-call, a report, leave, a judgement."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from absence.models import (
    AbsenceReport,
    Deviation,
    Judgement,
    LeaveApplication,
    LeaveDay,
    LeaveRequest,
    ReportedDay,
    RollCall,
    Source,
)
from dexter.lib import days
from registry.models import CalendarEvent, Person


def take(lesson: CalendarEvent, roster: list[Person], teacher: Person, **frozen: Any) -> RollCall:
    """The roll-call of a lesson with these pupils on it, all there."""
    return RollCall.objects.create(
        lesson=lesson,
        school_unit_id=lesson.activity.school_unit_id,
        taken_by=teacher,
        taken_at=lesson.starts_at,
        submission=uuid.uuid4(),
        roster=[pupil.pk for pupil in roster],
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=lesson.minutes,
        **frozen,
    )


def mark(roll_call: RollCall, pupil: Person, **minutes: int) -> Deviation:
    """`mark(call, sami, absent=60)`, `late=10`, `left_early=5`, `other=20`."""
    return Deviation.objects.create(roll_call=roll_call, pupil=pupil, **{f"{name}_minutes": count for name, count in minutes.items()})


def report(
    pupil: Person, by: Person, starts: datetime, ends: datetime, *, at: datetime | None = None, source: str = Source.GUARDIAN, **more: Any
) -> ReportedDay:
    """One reported row, made an hour before it begins unless `at` says otherwise."""
    receipt = AbsenceReport.objects.create(
        reported_by=by, source=source, submission=uuid.uuid4(), reported_at=at or starts - timedelta(hours=1)
    )
    return ReportedDay.objects.create(
        report=receipt, pupil=pupil, day=days.day_of(starts), starts_at=starts, ends_at=ends, whole_day=more.pop("whole_day", False), **more
    )


def grant_leave(pupil: Person, by: Person, lesson: CalendarEvent) -> LeaveDay:
    """Granted leave on the day of a lesson, at its school."""
    unit = lesson.activity.school_unit
    period = {"start_date": lesson.day, "end_date": lesson.day}
    application = LeaveApplication.objects.create(applied_by=by, submission=uuid.uuid4(), submitted_at=days.now(), purpose="Resa", **period)
    request = LeaveRequest.objects.create(application=application, pupil=pupil, school_unit=unit, state="decided", school_days=1, **period)
    return LeaveDay.objects.create(request=request, pupil=pupil, school_unit=unit, day=lesson.day)


def judge(roll_call: RollCall, pupil: Person, by: Person, verdict: str, reason: str = "") -> Judgement:
    return Judgement.objects.create(
        lesson=roll_call.lesson, pupil=pupil, verdict=verdict, reason=reason, judged_by=by, judged_at=days.now()
    )
