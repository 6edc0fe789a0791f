"""Teachers are reminded of the day's lessons without roll-call: once, at the unit's hour, at the work address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest

from absence.models import TeacherReminder, UnitSettings
from absence.tasks import same_day as tasks
from dexter.lib import days
from dexter.notices import tasks as notices
from dexter.notices.models import Delivery
from registry.models import CalendarEvent, TeacherException
from tests.notices.servers import MailServer

from .same_day import SchoolDay


@pytest.fixture
def day(cast: Any, mail_server: MailServer) -> Iterator[SchoolDay]:
    played = SchoolDay(cast)
    yield played
    played.stop()


def remind(day: SchoolDay, hour: int, minute: int = 0) -> None:
    day.sleep_until(hour, minute)
    tasks.remind_teachers(timestamp=0)
    for key in Delivery.objects.filter(notice__kind="absence.unreported_lessons", state="queued").values_list("pk", flat=True):
        notices.send_notice(delivery_id=str(key))


def mine(cast: Any) -> list[CalendarEvent]:
    return list(
        CalendarEvent.objects.filter(activity__duty_assignments__duty__person=cast.anna, day=days.today(), cancelled=False).order_by(
            "starts_at"
        )
    )


def to(mail_server: MailServer, who: str) -> list[Any]:
    pairs = zip(mail_server.recipients, mail_server.letters, strict=True)
    return [letter for address, letter in pairs if address == f"{who}@skola.example.org"]


def test_once_a_day_at_the_units_hour(cast: Any, day: SchoolDay, mail_server: MailServer) -> None:
    remind(day, 15, 15)
    assert mail_server.letters == []
    remind(day, 15, 30)
    remind(day, 15, 45)
    remind(day, 23)
    [letter] = to(mail_server, "anna")
    assert letter["Subject"] == "Närvaro som inte är tagen"
    assert "/lektioner/" in letter.get_content()
    assert TeacherReminder.objects.filter(teacher=cast.anna).count() == 1


def test_who_has_taken_all_is_not_reminded_and_a_substitute_is(cast: Any, day: SchoolDay, mail_server: MailServer) -> None:
    lessons = mine(cast)
    standing_in = TeacherException.objects.filter(calendar_event__day=days.today(), participates=True, duty__person=cast.maja)
    handed = set(standing_in.values_list("calendar_event", flat=True))
    day.sleep_until(15)
    for lesson in lessons:
        if lesson.pk not in handed and lesson.ends_at <= days.now():
            day.mark("anna", lesson)
    remind(day, 15, 30)
    told = to(mail_server, "anna")
    assert len(to(mail_server, "maja")) == (1 if handed else 0)
    unreported = [lesson for lesson in lessons if lesson.ends_at <= days.now() and not hasattr(lesson, "roll_call")]
    assert bool(told) == bool(unreported)


def test_what_is_taken_between_queueing_and_sending_is_not_mentioned(cast: Any, day: SchoolDay, mail_server: MailServer) -> None:
    day.sleep_until(15, 30)
    tasks.remind_teachers(timestamp=0)
    for lesson in mine(cast):
        if lesson.ends_at <= days.now():
            day.mark("anna", lesson)
    for key in Delivery.objects.filter(notice__kind="absence.unreported_lessons").values_list("pk", flat=True):
        notices.send_notice(delivery_id=str(key))
    assert to(mail_server, "anna") == []


def test_the_unit_chooses_the_hour(cast: Any, day: SchoolDay, mail_server: MailServer) -> None:
    UnitSettings.objects.create(school_unit=cast.group("4A").school_unit, start_date=days.today(), remind_at=time(12))
    remind(day, 12)
    assert len(to(mail_server, "anna")) == 1


def test_nothing_is_written_the_day_after(cast: Any, day: SchoolDay, mail_server: MailServer) -> None:
    day.sleep_until(15, 30)
    tasks.remind_teachers(timestamp=0)
    day.clock.shift(timedelta(hours=10))
    for key in Delivery.objects.values_list("pk", flat=True):
        notices.send_notice(delivery_id=str(key))
    assert mail_server.letters == []


def test_the_same_statements_for_any_number_of_lessons(cast: Any, day: SchoolDay, statements: Any) -> None:
    remind(day, 15, 30)
    assert statements(lambda: tasks.remind_teachers(timestamp=0)) <= 6
