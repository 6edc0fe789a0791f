"""Lärande's start for staff: today's plans, what is due, drafts, and how far the classes have come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib.access import Role
from registry.models import (
    TeacherException,
)
from tests.conftest import OVERHEAD
from tests.pages import visible

from . import made
from .weeks import TODAY, plan, task, text


@pytest.mark.parametrize("count", [1, 3])
def test_a_teachers_start_takes_the_same_statements_for_any_number_of_plans(
    cast: Any, teacher: Any, statements: Any, at: Any, count: int
) -> None:
    at(8, 20)
    for number, subject in enumerate(["GRGRMAT01", "GRGRSVE01", "GRGRENG01"][:count]):
        task(plan(cast.anna, f"Plan {number}", subject=subject).plan, f"Uppgift {number}")
        made.plan(cast.anna, made.activity("4B", subject), title=f"Utkast {number}")
    teacher.get("/om-dexter/")
    assert statements(lambda: teacher.get("/larande/")) == OVERHEAD + 15


def test_a_teacher_sees_todays_plans_what_is_due_and_drafts(cast: Any, teacher: Any) -> None:
    task(plan(cast.anna, "Bråk i vardagen").plan, "Räkna sidan 12")
    made.plan(cast.anna, made.activity("4B"), title="Ett utkast")
    page = text(teacher, "/larande/")
    assert "Bråk i vardagen" in page
    assert "Räkna sidan 12" in page
    assert "Ett utkast" in page
    assert "Mina planeringar som inte är publicerade" in page
    assert "ämnen har en publicerad planering" not in page


def test_a_principal_sees_how_far_each_class_has_come(cast: Any, client_as: Callable[..., Any]) -> None:
    plan(cast.anna, "Bråk i vardagen")
    page = text(client_as("ingrid", Role.STAFF), "/larande/")
    assert "1 av 7 ämnen har en publicerad planering" in page
    assert "8A" not in visible(page)


def test_who_stands_in_today_sees_the_plan_on_the_start_page_and_not_the_day_after(
    cast: Any, client_as: Callable[..., Any], at: Any
) -> None:
    at(7, 40)
    lesson = cast.lesson("4A")
    TeacherException.objects.update(calendar_event=lesson)
    made.plan(cast.anna, lesson.activity, published=True, title="Bråk i vardagen")
    made.plan(cast.anna, lesson.activity, title="Ett utkast")
    maja = client_as("maja", Role.STAFF)
    for path in ("/start/", "/larande/"):
        page = text(maja, path)
        assert "Bråk i vardagen" in page
        assert "Ett utkast" not in page
    at(7, 40, day=TODAY + timedelta(days=1))
    for path in ("/start/", "/larande/"):
        assert "Bråk i vardagen" not in text(maja, path)
