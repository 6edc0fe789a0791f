"""Whatever was reported, granted, seen, judged and taken back in whatever order: the page's sums are the time offered."""

from __future__ import annotations

import datetime
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from absence import reads
from absence.models import RollCall
from absence.reads import Mark
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from registry.models import CalendarEvent, Person

from .school_day import grant_leave, judge, mark, report, take

MONDAY = datetime.date(2026, 11, 16)
LENGTH = 40  # minutes of a lesson
SEEN = ("absent", "late", "left_early", "other")

minutes = st.lists(st.integers(0, LENGTH), min_size=4, max_size=4).map(
    lambda found: [count * LENGTH // max(sum(found), LENGTH) for count in found]
)
lesson = st.fixed_dictionaries(
    {
        "taken": st.booleans(),
        "seen": minutes,
        "late_counts": st.booleans(),
        "judged_reports": st.booleans(),
        "leave": st.booleans(),
        "verdict": st.sampled_from(["", "", "valid", "unauthorised"]),
        "reported": st.none() | st.tuples(st.integers(-20, 30), st.integers(1, 60), st.integers(-90, 90), st.booleans()),
    }
)


@pytest.fixture
def undone() -> Any:
    """A transaction that is always taken back, so that each example begins with the same tables."""

    class Undone(Exception):
        pass

    def run(example: Any) -> None:
        try:
            with transaction.atomic():
                example()
                raise Undone
        except Undone:
            pass

    return run


def happened(cast: Any, sami: Person, place: int, event: CalendarEvent, what: dict[str, Any]) -> None:
    if what["reported"]:
        starts, length, made, withdrawn = what["reported"]
        opens = event.starts_at + timedelta(minutes=starts)
        taken_back = {"withdrawn_at": opens, "withdrawn_by": cast["amira"]} if withdrawn else {}
        report(sami, cast["amira"], opens, opens + timedelta(minutes=length), at=event.starts_at + timedelta(minutes=made), **taken_back)
    if what["leave"] and place % 3 == 0:
        grant_leave(sami, cast["amira"], event)
    if what["taken"]:
        call = take(event, [sami], cast["anna"], late_is_unauthorised=what["late_counts"], reports_are_judged=what["judged_reports"])
        if any(what["seen"]):
            mark(call, sami, **dict(zip(SEEN, what["seen"], strict=True)))
        if what["verdict"]:
            judge(call, sami, cast["anna"], what["verdict"])


@given(st.lists(lesson, min_size=1, max_size=9))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sums_are_the_time_offered(cast: Any, at: Any, undone: Any, lessons: list[dict[str, Any]]) -> None:
    at(18, 0, day=MONDAY + timedelta(days=4))
    people = {key: getattr(cast, key) for key in ("amira", "anna", "sami")}
    sami, activity = people["sami"], CalendarEvent.objects.filter(activity__groups__name="4A")[0].activity

    def example() -> None:
        RollCall.objects.filter(roster__contains=[sami.pk]).delete()
        for place, what in enumerate(lessons):
            starts_at = days.moment(MONDAY + timedelta(days=place // 3), datetime.time(8 + 3 * (place % 3), 7))
            event = CalendarEvent.objects.create(activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=LENGTH))
            happened(people, sami, place, event, what)
        sami.is_mentored = False
        sheet = reads.attendance_of(sami, Actor(people["amira"].pk, Role.GUARDIAN, Level.E_ID), MONDAY.replace(day=1))
        holds(sheet, sum(LENGTH for what in lessons if what["taken"]))

    undone(example)


def holds(sheet: reads.Attendance, offered: int) -> None:
    months = [sums for _month, sums in sheet.term_months]
    for sums in (sheet.sums, sheet.term_sums, *months, *[row.sums for row in sheet.days]):
        assert sums.offered == sums.present + sums.valid + sums.unauthorised + sums.other
        assert min(sums.present, sums.valid, sums.unauthorised, sums.other) >= 0
        assert sum(part.minutes for part in sums.parts) == sums.offered
    assert sheet.sums.offered == sheet.term_sums.offered == offered
    assert sum(row.sums.offered for row in sheet.days) == sum(sums.offered for sums in months) == offered
    lines = [line for row in sheet.days for line in row.lines]
    assert all(line.minutes == line.present + line.valid + line.unauthorised + line.other for line in lines)
    assert all(line.called or line.mark not in {Mark.PRESENT, Mark.VALID, Mark.UNAUTHORISED} for line in lines)
