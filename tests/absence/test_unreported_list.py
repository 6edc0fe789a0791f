"""Lessons of mine that nobody has taken the roll-call of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import RollCall, UnitSettings
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import CalendarEvent, GroupMembership
from tests.conftest import OVERHEAD

PATH = "/lektioner/orapporterade/"


@pytest.fixture
def untaken(cast: Any, at: Any) -> list[CalendarEvent]:
    """Of Anna's lessons with 4A the two of this morning are over and not taken; all before them are."""
    at(11, 0)
    return [cast.lesson("4A", number=number) for number in (0, 1)]


def taken(lesson: CalendarEvent) -> str:
    return f"/lektioner/{lesson.pk}/narvaro/"


def test_those_that_are_over_and_not_taken(cast: Any, teacher: Any, untaken: list[CalendarEvent]) -> None:
    page = teacher.get(PATH).content.decode()
    assert all(taken(lesson) in page for lesson in untaken)
    assert taken(cast.lesson("4A", number=2)) not in page
    assert taken(cast.lesson("8A")) not in page
    start = teacher.get("/start/").content.decode()
    assert "Mina orapporterade lektioner" in start
    assert taken(untaken[0]) in start


def test_all_are_reported(cast: Any, teacher: Any, at: Any) -> None:
    at(7, 30)
    assert "Alla dina lektioner är rapporterade" in teacher.get(PATH).content.decode()
    assert "Mina orapporterade lektioner" not in teacher.get("/start/").content.decode()


def test_no_longer_than_the_lesson_can_be_taken(cast: Any, teacher: Any, untaken: list[CalendarEvent], at: Any) -> None:
    lesson = untaken[0]
    UnitSettings.objects.create(school_unit=lesson.activity.school_unit, start_date=lesson.day, open_days=2)
    at(7, 30, day=lesson.day + timedelta(days=2))
    assert "Sista dagen" in teacher.get(PATH).content.decode()
    at(7, 30, day=lesson.day + timedelta(days=3))
    assert taken(lesson) not in teacher.get(PATH).content.decode()


def test_neither_cancelled_lessons_nor_those_without_pupils(cast: Any, teacher: Any, untaken: list[CalendarEvent]) -> None:
    CalendarEvent.objects.filter(pk=untaken[0].pk).update(cancelled=True)
    assert taken(untaken[0]) not in teacher.get(PATH).content.decode()
    GroupMembership.objects.filter(group=cast.group("4A")).update(end_date=days.today() - timedelta(days=1))
    assert taken(untaken[1]) not in teacher.get(PATH).content.decode()


def test_a_colleague_who_stood_in_today_sees_it_and_another_school_does_not(client_as: Any, untaken: list[CalendarEvent]) -> None:
    assert taken(untaken[0]) in client_as("maja", Role.STAFF).get(PATH).content.decode()
    assert taken(untaken[1]) not in client_as("maja", Role.STAFF).get(PATH).content.decode()
    assert taken(untaken[0]) not in client_as("lars", Role.STAFF).get(PATH).content.decode()


def test_where_classes_are_called_the_class_stands_there(cast: Any, teacher: Any, untaken: list[CalendarEvent]) -> None:
    UnitSettings.objects.create(school_unit=untaken[0].activity.school_unit, start_date=days.today(), roll_call_mode="half_day")
    assert f"/klasser/{cast.group('4A').pk}/narvaro/{days.today()}/formiddag/" in teacher.get(PATH).content.decode()


@pytest.mark.parametrize("extra", [0, 30])
def test_the_start_page_and_the_list_take_the_same_statements_for_any_number(
    cast: Any, teacher: Any, untaken: list[CalendarEvent], statements: Callable[..., int], extra: int
) -> None:
    first = untaken[0]
    before = [first.starts_at - timedelta(minutes=5 * number + 5) for number in range(extra)]
    CalendarEvent.objects.bulk_create(
        CalendarEvent(activity=first.activity, starts_at=opens, ends_at=opens + timedelta(minutes=5)) for opens in before
    )
    teacher.get("/om-dexter/")
    assert statements(lambda: teacher.get(PATH)) - OVERHEAD == 2
    start = teacher.get("/start/").content.decode()
    assert start.count('class="muted small">') >= 4 or not extra
    assert RollCall.objects.filter(lesson__in=untaken).count() == 0
