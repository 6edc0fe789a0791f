"""The school's day at one school of 1,000 pupils at noon: four roll-calls of each class taken, 40 pupils away, 32 of them reported."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import time_machine
from django.db import connections

from absence.models import AbsenceReport, Deviation, ReportedDay, RollCall
from dexter.lib import days
from registry.models import (
    Activity,
    ActivityGroup,
    CalendarEvent,
    Duty,
    DutyAssignment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    PhoneNumber,
    SchoolUnit,
)

CLASSES, PUPILS, LESSONS = 40, 25, 7
HOUR, AFTER = 12, 4  # the clock of the measurement, and how many lessons' roll-calls are taken by then


def enlarge(unit: SchoolUnit) -> None:
    """40 classes of 25 with two guardians and a number each, 7 lessons, 4 roll-calls with one pupil away."""
    start, duty = days.today() - timedelta(days=30), Duty.objects.filter(school_unit=unit, duty_role="Lärare")[0]
    groups = Group.objects.bulk_create(
        Group(name=f"K{n:02}", group_type="Klass", school_type="GR", school_unit=unit, start_date=start) for n in range(CLASSES)
    )
    activities = Activity.objects.bulk_create(Activity(name=f"Ämne {group.name}", school_unit=unit, start_date=start) for group in groups)
    ActivityGroup.objects.bulk_create(ActivityGroup(activity=a, group=g) for a, g in zip(activities, groups, strict=True))
    DutyAssignment.objects.bulk_create(DutyAssignment(activity=activity, duty=duty, start_date=start) for activity in activities)
    away = [_day(unit, duty, activity, _pupils(unit, group)) for group, activity in zip(groups, activities, strict=True)]
    _report(duty.person, away[: CLASSES * 4 // 5])
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _pupils(unit: SchoolUnit, group: Group) -> list[Person]:
    born, start = days.years_before(days.today(), 10), group.start_date
    pupils = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name=group.name, birth_date=born) for n in range(PUPILS))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=start) for pupil in pupils)
    Enrolment.objects.bulk_create(Enrolment(pupil=pupil, school_unit=unit, school_type="GR", start_date=start) for pupil in pupils)
    for number in range(2):
        homes = Person.objects.bulk_create(Person(given_name=f"H{number}", family_name=group.name) for _pupil in pupils)
        Guardianship.objects.bulk_create(
            Guardianship(guardian=home, child=pupil, start_date=start) for home, pupil in zip(homes, pupils, strict=True)
        )
        PhoneNumber.objects.bulk_create(PhoneNumber(person=home, value="070-174 06 05") for home in homes)
    return pupils


def _report(reporter: Person, pupils: list[Person]) -> None:
    opens, closes = days.bounds(days.today())
    report = AbsenceReport.objects.create(reported_by=reporter, source="office", submission=uuid.uuid4(), reported_at=opens)
    ReportedDay.objects.bulk_create(
        ReportedDay(report=report, pupil=pupil, day=days.today(), starts_at=opens, ends_at=closes, whole_day=True) for pupil in pupils
    )


def _day(unit: SchoolUnit, duty: Duty, activity: Activity, pupils: list[Person]) -> Person:
    """Gives who is away."""
    begins = [days.moment(days.today(), time(8 + number)) for number in range(LESSONS)]
    lessons = CalendarEvent.objects.bulk_create(
        CalendarEvent(activity=activity, starts_at=moment, ends_at=moment + timedelta(minutes=50)) for moment in begins
    )
    calls = RollCall.objects.bulk_create(
        RollCall(
            lesson=lesson,
            school_unit=unit,
            taken_by_id=duty.person_id,
            taken_at=lesson.starts_at,
            submission=uuid.uuid4(),
            roster=[pupil.pk for pupil in pupils],
            lesson_starts_at=lesson.starts_at,
            lesson_minutes=lesson.minutes,
        )
        for lesson in lessons[:AFTER]
    )
    Deviation.objects.bulk_create(Deviation(roll_call=call, pupil=pupils[0], absent_minutes=50) for call in calls)
    return pupils[0]


def at_noon() -> Any:
    return time_machine.travel(days.moment(days.today(), time(HOUR)))


def pages(office: Any, unit: SchoolUnit) -> Iterator[tuple[str, Any]]:
    yield "school day, 1,000 pupils", lambda: office.get(f"/skoldagen/{unit.pk}/")
    part = f"/skoldagen/{unit.pk}/{days.today()}/"
    yield "school day, fetched again", lambda: office.get(part, headers={"HX-Request": "true"})
    yield "present now, 1,000 pupils", lambda: office.get(f"/narvarande-nu/{unit.pk}/")
