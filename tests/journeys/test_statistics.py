"""A principal asks the statistics, sees that chart and table agree, and takes the figures along."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from absence.models import Deviation, RollCall
from absence.tables.statistics import per_cent
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Person

pytestmark = pytest.mark.journey
AGO = 4  # days, whose lessons have roll-calls


@pytest.fixture
def taken(system: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some days of 4A with a roll-call in each lesson, and somebody away from every other."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's own loop runs in this thread
    with django_db_blocker.unblock():
        first, yesterday = days.today() - timedelta(days=AGO), days.today() - timedelta(days=1)
        lessons = CalendarEvent.objects.filter(activity__groups__name="4A", day__range=(first, yesterday)).with_activity()
        for number, lesson in enumerate(lessons.exclude(roll_call__isnull=False)):
            roster = list(registry.roster_of(lesson).values_list("pk", flat=True))
            teacher = lesson.activity.duty_assignments.all()[0].duty.person_id
            made = RollCall.objects.create(
                lesson=lesson,
                school_unit=lesson.activity.school_unit,
                taken_by_id=teacher,
                taken_at=lesson.ends_at,
                submission=uuid.uuid4(),
                roster=roster,
                lesson_starts_at=lesson.starts_at,
                lesson_minutes=lesson.minutes,
            )
            if number % 2:
                pupil = Person.objects.unmarked().filter(pk__in=roster)[number % 3].pk
                Deviation.objects.create(roll_call=made, pupil_id=pupil, absent_minutes=10 + number)


@pytest.mark.usefixtures("taken")
def test_a_principal_reads_statistics_and_takes_them_out(visitor: Callable[..., Any]) -> None:
    ingrid = visitor("desk").identify("Ingrid Sjöberg").open("/start/")
    ingrid.press("Frånvarostatistik", "link")
    assert ingrid.heading == "Frånvarostatistik"
    ingrid.page.get_by_label("Klass").select_option(label="4A")
    ingrid.page.get_by_label("Efter").select_option(label="Ämne")
    ingrid.press("Visa")
    table = ingrid.page.locator("table.ds-table")
    in_table = dict(
        zip(
            table.locator("tbody tr td:nth-child(1)").all_inner_texts(),
            table.locator("tbody tr td:nth-child(4)").all_inner_texts(),
            strict=True,
        )
    )
    chart = ingrid.page.locator("svg.chart").first
    in_chart = dict(
        zip(chart.locator("text.chart__label").all_text_contents(), chart.locator("text.chart__figure").all_text_contents(), strict=True)
    )
    assert len(in_table) > 3
    assert list(in_chart.values()) == list(in_table.values())
    ingrid.press("Frånvaro", "link")
    assert list(in_table.values()) != []
    with ingrid.page.expect_download() as fetched:
        ingrid.page.get_by_role("link", name="xlsx").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(fetched.value.path().read_bytes())).active.iter_rows(values_only=True))
    shares = {row[0]: per_cent(float(row[-1])) for row in rows[1:]}
    assert shares == in_table
