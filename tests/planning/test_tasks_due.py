"""What is due in a teacher's plans stands in the own calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client

from larande.planning.models import TaskKind
from registry.models import Duty, Module
from tests.larande import made
from tests.larande.weeks import TODAY, plan, switch_off, task
from tests.registry.test_timetable import feed


def due(teacher: Any) -> list[tuple[Any, str]]:
    events = icalendar.Calendar.from_ical(Client().get(feed(teacher)).content).walk("VEVENT")
    return [(event.decoded("dtstart"), str(event["summary"])) for event in events if event.get("transp") == "TRANSPARENT"]


def test_tasks_of_published_plans_stand_on_their_days(cast: Any, teacher: Any) -> None:
    fractions = plan(cast.anna, "Bråk i vardagen")
    name = fractions.activity.name
    task(fractions.plan, "Prov på bråk", day=TODAY + timedelta(days=3), kind=TaskKind.TEST)
    task(fractions.plan, "Räkna sidan 12")
    task(plan(cast.anna, "Ett utkast", published=False).plan, "I utkastet")
    task(plan(cast.lars, "Rapparna i Rom", "8A", "GRGRSVE01").plan, "Läs kapitel 1")
    assert due(teacher) == [
        (TODAY, f"Räkna sidan 12 (Läxa, {name})"),
        (TODAY + timedelta(days=3), f"Prov på bråk (Prov, {name})"),
    ]


def test_a_task_for_one_group_names_that_group_alone(cast: Any, teacher: Any) -> None:
    fractions = plan(cast.anna, "Bråk i vardagen")
    other = made.place(fractions.plan, made.activity("4B"), cast.anna, published=True)
    task(fractions.plan, "Bara ni", teaching=other)
    task(fractions.plan, "Alla")
    names = [title.partition("(")[2] for _day, title in due(teacher)]
    assert sorted(name.count("4") for name in names) == [1, 2]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_feed_takes_a_constant_number_of_statements(cast: Any, teacher: Any, statements: Any, rows: int) -> None:
    for number in range(rows):
        task(plan(cast.anna, f"Plan {number}").plan, f"Uppgift {number}")
    address = feed(teacher)
    assert statements(lambda: Client().get(address)) == 6


def test_without_the_module_or_the_duty_there_is_none(cast: Any, teacher: Any) -> None:
    task(plan(cast.anna, "Bråk i vardagen").plan)
    assert len(due(teacher)) == 1
    switch_off(Module.PLANNING)
    assert due(teacher) == []
    address = feed(teacher)
    Duty.objects.filter(person=cast.anna).update(end_date=TODAY - timedelta(days=1))
    assert Client().get(address).status_code == 404
