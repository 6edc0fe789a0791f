"""From the roll-call to the plan of its lesson."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.lib.access import Role
from registry.models import CalendarEvent, Module
from tests.larande import made
from tests.larande.weeks import plan, switch_off, text
from tests.pages import visible


@pytest.fixture
def lesson(cast: Any) -> CalendarEvent:
    """Of mathematics in 4A; Maja stands in today."""
    CalendarEvent.objects.filter(pk=cast.lesson("4A").pk).update(activity=made.activity())
    return cast.lesson("4A")  # type: ignore[no-any-return]


def path(lesson: CalendarEvent) -> str:
    return f"/larande/planeringar/lektion/{lesson.pk}/"


def roll_call(lesson: CalendarEvent) -> str:
    return f"/lektioner/{lesson.pk}/narvaro/"


def test_the_roll_call_leads_to_the_one_plan_of_its_lesson(cast: Any, client_as: Callable[..., Any], lesson: CalendarEvent) -> None:
    teaching = plan(cast.anna, "Bråk i vardagen")
    for key in ("anna", "maja"):  # who stands in, too
        browser = client_as(key, Role.STAFF)
        assert f'href="{path(lesson)}"' in browser.get(roll_call(lesson)).content.decode()
        assert browser.get(path(lesson)).url == f"/larande/planeringar/hem/{teaching.pk}/"


def test_several_are_named_and_none_is_said(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    assert "Ingen planering är publicerad för lektionens dag" in text(teacher, path(lesson))
    plan(cast.anna, "Ett utkast", published=False)
    assert "Ett utkast" not in text(teacher, path(lesson))
    plan(cast.anna, "Bråk i vardagen")
    plan(cast.anna, "Huvudräkning")
    page = visible(text(teacher, path(lesson)))
    assert [title in page for title in ("Bråk i vardagen", "Huvudräkning", "Ett utkast")] == [True, True, False]


def test_it_opens_for_those_of_the_lesson_alone(cast: Any, client_as: Callable[..., Any], lesson: CalendarEvent) -> None:
    plan(cast.anna, "Bråk i vardagen")
    for key in ("lars", "hassan", "birgitta", "erik"):
        assert client_as(key, Role.STAFF).get(path(lesson)).status_code == 404


def test_without_the_module_there_is_no_way(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    plan(cast.anna, "Bråk i vardagen")
    switch_off(Module.PLANNING)
    assert "Bråk i vardagen" not in text(teacher, path(lesson))
    switch_off(Module.LARANDE)
    assert path(lesson) not in teacher.get(roll_call(lesson)).content.decode()
    assert teacher.get(path(lesson)).status_code == 404
