from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from registry.models import CalendarEvent


def test_a_day_of_lessons_with_their_state(cast: Any, teacher: Any, at: Any) -> None:
    at(9, 0)
    page = teacher.get("/lektioner/").content.decode()
    assert page.count("/narvaro/") == 14
    assert page.count("Inte tagen") == 2
    yesterday = teacher.get(f"/lektioner/{days.today() - timedelta(days=1)}/").content.decode()
    assert yesterday.count("Tagen") == 14


def test_an_empty_day_and_days_that_are_none(teacher: Any) -> None:
    assert "Du har inga lektioner den här dagen" in teacher.get("/lektioner/2001-01-01/").content.decode()
    for nonsense in ("2026-13-40", "0000-00-00", "igår"):
        assert teacher.get(f"/lektioner/{nonsense}/").status_code == 404


@pytest.mark.parametrize("lessons", [1, 3])
def test_the_list_takes_two_statements(cast: Any, teacher: Any, statements: Any, lessons: int) -> None:
    keep = list(CalendarEvent.objects.filter(activity__groups__name="4A", day=days.today()).values_list("pk", flat=True)[:lessons])
    CalendarEvent.objects.filter(day=days.today()).exclude(pk__in=keep).update(cancelled=True)
    assert statements(lambda: teacher.get("/lektioner/")) == 2 + 3
