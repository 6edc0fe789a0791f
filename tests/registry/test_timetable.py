"""Weeks of persons, groups and rooms, and the same lessons as a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.days import Week
from registry.models import CalendarDay, Duty, FeedAddress, Organisation
from tests.pages import visible


def main(response: Any) -> str:
    return str(response.content.decode().split("<main")[1].split("</main")[0])


def test_each_sees_the_own_week(cast: Any, client_as: Callable[..., Any]) -> None:
    anna = main(client_as("anna", Role.STAFF).get("/schema/"))
    assert "4A" in visible(anna)
    assert "4B" in visible(anna)
    sami = main(client_as("sami", Role.PUPIL).get("/schema/"))
    assert "4A" in visible(sami)
    assert "4B" not in visible(sami)
    assert "Anna Lindqvist" in sami
    assert "/narvaro/" not in sami
    guardian = main(client_as("amira", Role.GUARDIAN).get(f"/schema/person/{cast.id('sami')}/"))
    assert "Sal " in guardian


def test_weeks_follow_each_other_over_the_turn_of_the_year(cast: Any, teacher: Any) -> None:
    text = main(teacher.get("/schema/2026-v53/"))
    assert "/schema/2027-v01/" in text
    assert "/schema/2026-v52/" in text
    for nonsense in ("2026-v54", "2026-v00", "2025-v53", "0001-v01", "9999-v52", "2026-34", "x"):
        assert teacher.get(f"/schema/{nonsense}/").status_code == 404


def test_a_holiday_stands_in_the_week(cast: Any, teacher: Any) -> None:
    monday = Week.of(days.today()).monday
    CalendarDay.objects.create(
        organisation=Organisation.objects.first(), kind="holiday", name="Sportlov", start_date=monday, end_date=monday
    )
    assert "Sportlov" in main(teacher.get("/schema/"))


def test_a_cancelled_lesson_is_gone_and_a_substitute_stands_there(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(7, 30)
    text = main(client_as("sami", Role.PUPIL).get("/schema/"))
    assert "Maja Holm" in text  # stands in for the first lesson today
    lesson = cast.lesson("4A", number=1)
    lesson.cancelled = True
    lesson.save()
    assert main(client_as("sami", Role.PUPIL).get("/schema/")).count('week__lesson"') == text.count('week__lesson"') - 1


@pytest.mark.parametrize(("who", "role"), [("karin", Role.GUARDIAN), ("elsa", Role.PUPIL), ("lars", Role.STAFF), ("hassan", Role.STAFF)])
def test_nobody_else_sees_a_pupils_week(cast: Any, client_as: Callable[..., Any], who: str, role: Role) -> None:
    browser = client_as(who, role)
    assert browser.get(f"/schema/person/{cast.id('sami')}/").status_code == 404
    assert browser.get(f"/schema/grupp/{cast.group('4A').pk}/").status_code == 404


def test_a_week_takes_a_constant_number_of_statements(cast: Any, client_as: Callable[..., Any], statements: Callable[..., int]) -> None:
    office = client_as("pekka", Role.STAFF)
    office.get("/om-dexter/")
    full, empty = f"/schema/grupp/{cast.group('4A').pk}/", f"/schema/grupp/{cast.group('4A').pk}/2000-v10/"
    assert statements(lambda: office.get(empty)) <= statements(lambda: office.get(full)) <= 3 + 8


def feed(teacher: Any) -> str:
    text = teacher.send("/kalender/").content.decode()
    return "/kalender/" + text.split(".ics")[0].split("/kalender/")[-1] + ".ics"


def test_the_calendar_holds_the_own_lessons_and_no_pupil(cast: Any, teacher: Any) -> None:
    answer = Client().get(feed(teacher))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    lesson = cast.lesson("4A", number=1)
    found = next(event for event in events if event["uid"] == f"{lesson.pk}@dexter")
    assert found.decoded("dtstart") == lesson.starts_at
    assert found.decoded("dtend") == lesson.ends_at
    assert str(found["summary"]) == lesson.activity.name
    assert str(found["location"]) == lesson.room.name
    assert b"Haddad" not in answer.content
    assert all("8A" not in str(event["summary"]) for event in events)


def test_an_address_ends_with_a_new_one_when_taken_back_and_with_the_duty(cast: Any, teacher: Any) -> None:
    first = feed(teacher)
    second = feed(teacher)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    Duty.objects.filter(person=cast.anna).update(end_date=days.today() - timedelta(days=1))
    assert Client().get(second).status_code == 404
    Duty.objects.filter(person=cast.anna).update(end_date=None)
    teacher.send("/kalender/ta-tillbaka/")
    assert Client().get(second).status_code == 404


def test_the_database_does_not_hold_the_secret(cast: Any, teacher: Any) -> None:
    secret = feed(teacher).split("/")[-1].removesuffix(".ics")
    row = FeedAddress.objects.get(person=cast.anna, revoked_at=None)
    assert secret.encode() not in bytes(row.token_hash)
    assert Client().get("/kalender/nonsense.ics").status_code == 404
    assert Client().get("/kalender/%00.ics").status_code == 404
