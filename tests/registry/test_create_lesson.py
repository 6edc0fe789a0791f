"""Lessons are put into the timetable, moved, cancelled and restored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from absence.models import RollCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Activity, CalendarDay, CalendarEvent, Duty, DutyAssignment, Room, SchoolUnit, TeacherException
from tests.pages import visible

TODAY = days.today()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture
def swedish(cast: Any) -> Activity:
    return Activity.objects.get(name="Svenska 4A")


def add(browser: Any, activity: Activity, **changes: str) -> Any:
    fields = {"day": str(TOMORROW), "starts": "06:00", "ends": "06:50"}
    return browser.send(f"/undervisning/{activity.pk}/lektion/", {**fields, **changes})


def early(activity: Activity) -> list[date]:
    """The days on which the activity begins at six."""
    lessons = CalendarEvent.objects.filter(activity=activity, cancelled=False)
    return [row.day for row in lessons if row.starts_at.astimezone(days.STOCKHOLM).time() == time(6)]


def close(day: date, name: str = "Lov") -> CalendarDay:
    unit = SchoolUnit.objects.get(name="Granskolan")
    return CalendarDay.objects.create(
        organisation=unit.organisation, school_unit=unit, kind="holiday", name=name, start_date=day, end_date=day
    )


def take(lesson: CalendarEvent, by: Any) -> RollCall:
    return RollCall.objects.create(
        lesson=lesson,
        taken_by=by,
        taken_at=days.now(),
        submission=lesson.pk,
        roster=[],
        school_unit=lesson.activity.school_unit,
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=50,
    )


def move(browser: Any, lesson: CalendarEvent, **changes: str) -> Any:
    fields = {"day": str(lesson.day), "starts": "06:00", "ends": "06:50", "version": lesson.modified_at.isoformat()}
    return browser.send(f"/lektioner/{lesson.pk}/flytta/", {**fields, **changes})


def test_one_lesson_in_a_room(cast: Any, office: Any, swedish: Activity) -> None:
    room = Room.objects.filter(school_unit__name="Granskolan")[0]
    assert add(office, swedish, room=str(room.pk)).status_code == 302
    lesson = CalendarEvent.objects.get(activity=swedish, starts_at=days.moment(TOMORROW, time(6)))
    assert (lesson.room, lesson.minutes) == (room, 50)
    assert add(office, swedish, despite="on").status_code == 422  # once more


def test_every_week_but_on_holidays(cast: Any, office: Any, swedish: Activity) -> None:
    close(TOMORROW + timedelta(weeks=1))
    assert add(office, swedish, repeat_until=str(TOMORROW + timedelta(weeks=3, days=6))).status_code == 302
    assert early(swedish) == [TOMORROW, TOMORROW + timedelta(weeks=2), TOMORROW + timedelta(weeks=3)]
    assert Entry.objects.get(action="registry.create_lesson").details == {"lessons": 3}


def test_a_repeated_lesson_keeps_its_time_when_the_clocks_change(cast: Any, office: Any, swedish: Activity) -> None:
    assert add(office, swedish, repeat_until=str(TOMORROW + timedelta(weeks=30))).status_code == 302
    assert (
        len(early(swedish))
        == CalendarEvent.objects.filter(activity=swedish, day__in=early(swedish), ends_at__isnull=False)
        .filter(starts_at__in=[days.moment(day, time(6)) for day in early(swedish)])
        .count()
        > 20
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"day": str(TODAY - timedelta(days=1))},
        {"day": "2020-01-07"},
        {"ends": "06:00"},
        {"starts": "x"},
        {"repeat_until": str(TODAY)},
        {"repeat_until": str(TODAY + timedelta(days=800))},
        {"room": "00000000-0000-7000-8000-000000000000"},
    ],
)
def test_what_cannot_be_is_refused(cast: Any, office: Any, swedish: Activity, changes: dict[str, str]) -> None:
    before = CalendarEvent.objects.count()
    assert add(office, swedish, despite="on", **changes).status_code == 422
    assert CalendarEvent.objects.count() == before


def test_on_a_holiday_and_after_its_last_day_there_is_no_lesson(cast: Any, office: Any, swedish: Activity) -> None:
    closed = close(TOMORROW)
    assert add(office, swedish).status_code == 422
    closed.delete()
    Activity.objects.filter(pk=swedish.pk).update(end_date=TODAY)
    assert add(office, swedish).status_code == 422
    assert early(swedish) == []


def test_clashes_are_told_and_not_forbidden(cast: Any, office: Any, swedish: Activity) -> None:
    other = cast.lesson("4B", TOMORROW)  # the same teacher, Anna
    clock = {"starts": other.starts_at.astimezone(days.STOCKHOLM).strftime("%H:%M"), "ends": "21:59", "room": str(other.room_id)}
    told = add(office, swedish, **clock)
    assert told.status_code == 200
    warning = told.content.decode().split('role="alert"')[1].split("</div>")[0]
    assert other.activity.name in warning
    assert cast.lesson("4A", TOMORROW, 1).activity.name in warning  # the same pupils
    assert "5A" not in visible(warning)
    assert warning.count("<strong>") >= 3
    assert not CalendarEvent.objects.filter(activity=swedish, starts_at=other.starts_at).exists()
    assert add(office, swedish, despite="on", **clock).status_code == 302


def test_a_room_clash_and_a_pupil_clash_tell_themselves_apart(cast: Any, office: Any) -> None:
    chess = Activity.objects.create(name="Schack", school_unit=SchoolUnit.objects.get(name="Granskolan"), start_date=TODAY)
    taken = cast.lesson("5A", TOMORROW)
    clock = {
        "starts": taken.starts_at.astimezone(days.STOCKHOLM).strftime("%H:%M"),
        "ends": taken.ends_at.astimezone(days.STOCKHOLM).strftime("%H:%M"),
    }
    told = add(office, chess, room=str(taken.room_id), **clock)
    assert told.status_code == 200
    assert told.content.decode().split('role="alert"')[1].split("</div>")[0].count("<strong>") == 1
    DutyAssignment.objects.create(activity=chess, duty=DutyAssignment.objects.filter(activity=taken.activity)[0].duty, start_date=TODAY)
    assert (
        add(office, chess, room=str(taken.room_id), **clock).content.decode().split('role="alert"')[1].split("</div>")[0].count("<strong>")
        >= 2
    )
    assert add(office, chess, **{**clock, "starts": "05:00", "ends": "05:30"}).status_code == 302


def test_a_lesson_moves_and_the_substitute_of_the_former_day_goes(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    lesson, maja = cast.lesson("4A"), Duty.objects.get(person=cast.maja)
    TeacherException.objects.get_or_create(calendar_event=lesson, duty=maja, defaults={"participates": True})
    assert move(office, lesson, day=str(TOMORROW)).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.day, lesson.starts_at) == (TOMORROW, days.moment(TOMORROW, time(6)))
    assert not TeacherException.objects.filter(calendar_event=lesson).exists()


def test_what_is_registered_holds_a_lesson_where_it_is(cast: Any, office: Any) -> None:
    lesson = cast.lesson("4A", TOMORROW)
    roll_call = take(lesson, cast.anna)
    for refused in (move(office, lesson), office.send(f"/lektioner/{lesson.pk}/stall-in/")):
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
    unmoved = CalendarEvent.objects.get(pk=lesson.pk)
    assert (unmoved.starts_at, unmoved.cancelled) == (lesson.starts_at, False)
    roll_call.delete()
    assert move(office, lesson).status_code == 302


def test_the_second_mover_sees_where_it_is_now(cast: Any, office: Any) -> None:
    lesson = cast.lesson("4A", TOMORROW)
    assert move(office, lesson).status_code == 302
    second = move(office, lesson, starts="05:00", ends="05:30")
    assert second.status_code == 422
    assert "06:00–06:50" in second.content.decode()
    assert 'value="05:00"' in second.content.decode()


def test_a_lesson_moves_to_no_holiday_nor_into_the_past(cast: Any, office: Any) -> None:
    lesson = cast.lesson("4A", TOMORROW)
    close(TOMORROW + timedelta(days=1))
    for day in (TOMORROW + timedelta(days=1), TODAY - timedelta(days=1)):
        assert move(office, lesson, day=str(day)).status_code == 422
    same = CalendarEvent.objects.filter(activity=lesson.activity).exclude(pk=lesson.pk).filter(day__gt=TODAY)[0]
    clock = {"starts": same.starts_at.astimezone(days.STOCKHOLM).strftime("%H:%M"), "ends": "23:00", "day": str(same.day), "despite": "on"}
    assert move(office, lesson, **clock).status_code == 422


def test_cancelled_and_restored(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    lesson, sami = cast.lesson("4A", TOMORROW), client_as("sami", Role.PUPIL)
    week = f"/schema/{TOMORROW.isocalendar().year}-v{TOMORROW.isocalendar().week:02d}/"
    before = sami.get(week).content.decode().count('week__lesson"')
    assert office.get(f"/lektioner/{lesson.pk}/stall-in/").status_code == 200
    assert office.send(f"/lektioner/{lesson.pk}/stall-in/").status_code == 302
    assert sami.get(week).content.decode().count('week__lesson"') == before - 1
    assert f"/lektioner/{lesson.pk}/aterstall/" in office.get(f"/undervisning/{lesson.activity_id}/").content.decode()
    lesson.refresh_from_db()
    assert move(office, lesson).status_code == 422
    assert office.send(f"/lektioner/{lesson.pk}/aterstall/").status_code == 302
    assert sami.get(week).content.decode().count('week__lesson"') == before


def test_the_timetable_offers_it_to_who_leads_alone(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    page, lesson = f"/schema/grupp/{cast.group('4A').pk}/", cast.lesson("4A")
    assert f"/lektioner/{lesson.pk}/flytta/" in office.get(page).content.decode()
    assert "/flytta/" not in client_as("anna", Role.STAFF).get(page).content.decode()
    assert "/flytta/" not in client_as("sami", Role.PUPIL).get("/schema/").content.decode()


@pytest.mark.parametrize(("who", "role", "status"), [("hassan", Role.STAFF, 404), ("anna", Role.STAFF, 403), ("lars", Role.STAFF, 404)])
def test_nobody_else_touches_the_timetable(
    cast: Any, swedish: Activity, client_as: Callable[..., Any], who: str, role: Role, status: int
) -> None:
    browser, lesson = client_as(who, role), cast.lesson("4A", TOMORROW)
    assert move(browser, lesson).status_code == status
    assert add(browser, swedish).status_code == status
    for verb in ("stall-in", "aterstall"):
        assert browser.send(f"/lektioner/{lesson.pk}/{verb}/").status_code == status
    unmoved = CalendarEvent.objects.get(pk=lesson.pk)
    assert (unmoved.starts_at, unmoved.cancelled) == (lesson.starts_at, False)
    assert early(swedish) == []
