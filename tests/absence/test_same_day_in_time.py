"""The same-day notice around the cut-off, on days of another length, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest

from absence.actions import same_day
from absence.models import UnauthorisedDay
from absence.tasks import same_day as tasks
from dexter.lib import days
from registry.models import CalendarEvent
from tests.notices.servers import Gateway, MailServer

from .same_day import AWAY, SchoolDay, told


@pytest.fixture
def day(cast: Any, gateway: Gateway, mail_server: MailServer) -> Iterator[SchoolDay]:
    played = SchoolDay(cast)
    yield played
    played.stop()


@pytest.fixture
def lessons(cast: Any) -> list[CalendarEvent]:
    return list(CalendarEvent.objects.filter(activity__groups__name="4A", day=days.today(), cancelled=False).order_by("starts_at"))


def test_a_worker_that_was_down_over_the_cut_off_sends_one_message(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.sleep_until(10, 10).mark("anna", lessons[1], sami=AWAY)
    day.sleep_until(17, 40)
    day.work()
    day.at(23, 45)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
    assert UnauthorisedDay.objects.get().told_lessons == [lessons[0].pk, lessons[1].pk]


@pytest.mark.parametrize("sunday", [date(2027, 3, 28), date(2027, 10, 31)], ids=["23 hours", "25 hours"])
def test_the_school_s_clock_holds_on_days_of_another_length(
    cast: Any, gateway: Gateway, mail_server: MailServer, lessons: Any, sunday: date
) -> None:
    starts = days.moment(sunday, time(8, 10))
    made = [
        CalendarEvent.objects.create(activity=lessons[0].activity, starts_at=starts + gap, ends_at=starts + gap + timedelta(minutes=50))
        for gap in (timedelta(0), timedelta(hours=2))
    ]
    played = SchoolDay(cast, sunday)
    try:
        played.at(8, 20).mark("anna", made[0], elsa=AWAY)
        played.at(10, 20).mark("anna", made[1], elsa=AWAY)
        played.at(16, 59)
        assert [kind for kind, _who in told(cast.id("elsa"))] == ["first"]
        played.at(17)
        assert [kind for kind, _who in told(cast.id("elsa"))] == ["first", "closing"]
        assert "kl. 08:10" in gateway.requests[0]["text"]
    finally:
        played.stop()


def test_it_costs_little(cast: Any, day: SchoolDay, lessons: Any, statements: Any) -> None:
    day.at(8, 10)
    lesson = CalendarEvent.objects.with_activity().get(pk=lessons[0].pk)
    everyone = [cast.id(key) for key in ("sami", "elsa", "kim")]
    day.mark("anna", lessons[0])
    assert statements(lambda: same_day.follow_up(lesson, [])) == 0
    assert statements(lambda: same_day.follow_up(lesson, everyone)) == 1
    day.mark("anna", lessons[0], sami=AWAY, elsa=AWAY)
    lesson.settings_held = None
    assert statements(lambda: same_day.follow_up(lesson, everyone[:1])) == 2
    assert statements(lambda: same_day.follow_up(lesson, everyone)) == 2
    day.at(8, 26)
    few = statements(lambda: tasks.follow_days(timestamp=0))
    day.mark("anna", lessons[1], sami=AWAY, elsa=AWAY, kim=AWAY)
    assert statements(lambda: tasks.follow_days(timestamp=0)) == few == 5
