"""Lessons and departures made for the tests of sums, at a school of their own so that nothing else is counted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from absence.models import AbsenceReport, Deviation, Judgement, LeaveApplication, LeaveDay, LeaveRequest, ReportedDay, RollCall, Source
from dexter.lib import days
from registry.models import (
    Activity,
    ActivityGroup,
    CalendarEvent,
    Duty,
    DutyRole,
    Enrolment,
    Group,
    GroupMembership,
    GroupType,
    Person,
    SchoolUnit,
    Syllabus,
)

MINUTES = 50


class School:
    """A school with two classes of `pupils` each, led by Ingrid; lessons are made as a test wants them."""

    def __init__(self, cast: Any, pupils: int = 2) -> None:
        self.cast, self.today = cast, days.today()
        self.began = self.today - timedelta(days=100)
        self.unit = SchoolUnit.objects.create(
            organisation=cast.group("4A").school_unit.organisation, name="Provskolan", school_unit_code="99999999", school_types=["GR"]
        )
        Duty.objects.create(person=cast.ingrid, school_unit=self.unit, duty_role=DutyRole.PRINCIPAL, start_date=self.began)
        self.classes = [self._class(name) for name in ("1P", "2P")]
        self.pupils = [
            [self._pupil(group, year, f"{place}") for place in range(pupils)] for year, group in enumerate(self.classes, start=1)
        ]
        self.subjects = [
            Syllabus.objects.create(school_type="GR", subject_code=code, subject_name=name)
            for code, name in (("SV", "Svenska"), ("MA", "Matematik"))
        ]
        self.activities = {
            (group.name, subject.subject_code): self._activity(group, subject) for group in self.classes for subject in self.subjects
        }

    def _class(self, name: str) -> Group:
        return Group.objects.create(name=name, group_type=GroupType.CLASS, school_type="GR", school_unit=self.unit, start_date=self.began)

    def _pupil(self, group: Group, year: int, name: str) -> Person:
        person = Person.objects.create(given_name=f"Elev{name}", family_name=group.name, birth_date=date(2015, 1, 1))
        self.join(person, group, year)
        return person

    def join(self, person: Person, group: Group, year: int, first: date | None = None) -> None:
        first = first or self.began
        Enrolment.objects.get_or_create(
            pupil=person, school_unit=self.unit, school_type="GR", defaults={"school_year": year, "start_date": first}
        )
        GroupMembership.objects.create(group=group, person=person, start_date=first)

    def _activity(self, group: Group, subject: Syllabus) -> Activity:
        activity = Activity.objects.create(name=f"{subject} {group}", school_unit=self.unit, syllabus=subject, start_date=self.began)
        ActivityGroup.objects.create(activity=activity, group=group)
        return activity

    def lesson(self, day: date, hour: int = 8, klass: int = 0, subject: str = "SV") -> CalendarEvent:
        starts_at = days.moment(day, time(hour))
        activity = self.activities[self.classes[klass].name, subject]
        return CalendarEvent.objects.create(activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=MINUTES))

    def call(self, lesson: CalendarEvent, roster: Iterable[Person], **frozen: Any) -> RollCall:
        lesson.refresh_from_db()
        return RollCall.objects.create(
            lesson=lesson,
            school_unit=self.unit,
            taken_by=self.cast.ingrid,
            taken_at=lesson.starts_at,
            submission=uuid.uuid4(),
            roster=[person.pk for person in roster],
            lesson_starts_at=lesson.starts_at,
            lesson_minutes=MINUTES,
            **frozen,
        )

    def away(self, call: RollCall, pupil: Person, absent: int = 0, late: int = 0, early: int = 0, other: int = 0) -> None:
        Deviation.objects.create(
            roll_call=call, pupil=pupil, absent_minutes=absent, late_minutes=late, left_early_minutes=early, other_minutes=other
        )

    def judge(self, call: RollCall, pupil: Person, verdict: str) -> None:
        Judgement.objects.create(lesson=call.lesson, pupil=pupil, verdict=verdict, judged_by=self.cast.ingrid, judged_at=days.now())

    def report(self, pupil: Person, starts_at: datetime, ends_at: datetime, reported_at: datetime) -> None:
        report = AbsenceReport.objects.create(
            reported_by=self.cast.ingrid, source=Source.OFFICE, submission=uuid.uuid4(), reported_at=reported_at
        )
        day = days.day_of(starts_at)
        ReportedDay.objects.create(report=report, pupil=pupil, day=day, starts_at=starts_at, ends_at=ends_at, whole_day=False)

    def leave(self, pupil: Person, leave_days: Sequence[date]) -> None:
        application = LeaveApplication.objects.create(
            applied_by=self.cast.ingrid,
            submission=uuid.uuid4(),
            submitted_at=days.now(),
            start_date=leave_days[0],
            end_date=leave_days[-1],
            purpose="-",
        )
        request = LeaveRequest.objects.create(
            application=application,
            pupil=pupil,
            school_unit=self.unit,
            start_date=leave_days[0],
            end_date=leave_days[-1],
            state="withdrawn",
            school_days=len(leave_days),
            withdrawn_at=days.now(),
            withdrawn_by=self.cast.ingrid,
        )
        for day in leave_days:
            LeaveDay.objects.create(request=request, pupil=pupil, school_unit=self.unit, day=day)
