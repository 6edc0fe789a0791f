"""Days come into the school year and go again, and the lessons on them with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import RollCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import CalendarDay, CalendarEvent, SchoolUnit

TODAY = days.today()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def add(browser: Any, **changes: str) -> Any:
    unit = str(SchoolUnit.objects.get(name="Granskolan").pk)
    return browser.send(
        "/lasar/dagar/", {"school_unit": unit, "kind": "staff_day", "name": "Planering", "start_date": str(TOMORROW), **changes}
    )


def planned(school: str = "Granskolan") -> Any:
    return CalendarEvent.objects.filter(activity__school_unit__name=school, day=TOMORROW, cancelled=False)


def taken(lesson: CalendarEvent, by: Any) -> RollCall:
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


def test_planned_lessons_are_listed_before_anything_is_saved(cast: Any, office: Any) -> None:
    response = add(office)
    assert response.status_code == 200
    text = response.content.decode()
    assert f"{planned().count()} " in text.split('role="alert"')[1].split("</div>")[0]
    assert cast.lesson("1A", TOMORROW).activity.name in text
    assert not CalendarDay.objects.filter(name="Planering").exists()


def test_the_lessons_are_cancelled_with_the_day_and_come_back_with_it(cast: Any, office: Any) -> None:
    before, elsewhere = planned().count(), planned("Åsenskolan").count()
    own = cast.lesson("4A", TOMORROW)
    CalendarEvent.objects.filter(pk=own.pk).update(cancelled=True)  # by hand, earlier: it stays cancelled
    assert add(office, lessons="cancel").status_code == 302
    assert (planned().count(), planned("Åsenskolan").count()) == (0, elsewhere)
    day = CalendarDay.objects.get(name="Planering")
    assert Entry.objects.get(action="registry.add_calendar_day").details == {"kind": "staff_day", "cancelled": before - 1}
    assert str(before - 1) in office.get(f"/lasar/dagar/{day.pk}/ta-bort/").content.decode()
    assert CalendarDay.objects.filter(pk=day.pk).exists()
    assert office.send(f"/lasar/dagar/{day.pk}/ta-bort/").status_code == 302
    assert planned().count() == before - 1
    assert not CalendarDay.objects.filter(pk=day.pk).exists()


def test_the_lessons_may_stay(cast: Any, office: Any) -> None:
    before = planned().count()
    assert add(office, lessons="keep").status_code == 302
    assert planned().count() == before


def test_a_lesson_with_a_roll_call_stays(cast: Any, office: Any) -> None:
    lesson = cast.lesson("4A", TOMORROW)
    taken(lesson, cast.anna)
    add(office, lessons="cancel")
    assert list(planned()) == [lesson]


def test_an_extra_day_stays_when_something_is_registered_on_it(cast: Any, office: Any) -> None:
    assert add(office, kind="extra_day", name="Extra").status_code == 302
    day = CalendarDay.objects.get(name="Extra")
    roll_call = taken(cast.lesson("4A", TOMORROW), cast.anna)
    refused = office.send(f"/lasar/dagar/{day.pk}/ta-bort/")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert CalendarDay.objects.filter(pk=day.pk).exists()
    roll_call.delete()
    assert office.send(f"/lasar/dagar/{day.pk}/ta-bort/").status_code == 302


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"start_date": "x"}, {"end_date": str(TODAY)}, {"end_date": str(TODAY + timedelta(days=500))}, {"kind": "x"}]
)
def test_what_cannot_be_is_refused(cast: Any, office: Any, changes: dict[str, str]) -> None:
    before = CalendarDay.objects.count()
    assert add(office, lessons="cancel", **changes).status_code == 422
    assert CalendarDay.objects.count() == before
    assert planned().exists()


def test_a_double_press_adds_the_days_once(cast: Any, office: Any) -> None:
    assert add(office, lessons="keep").status_code == 302
    assert add(office, lessons="keep").status_code == 422
    assert CalendarDay.objects.filter(name="Planering").count() == 1


def test_each_keeps_to_the_own_schools(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    hassan, birgitta = client_as("hassan", Role.STAFF), client_as("birgitta", Role.STAFF)
    assert add(hassan, lessons="cancel").status_code == 422
    assert add(office, lessons="cancel", school_unit="").status_code == 422
    assert add(client_as("anna", Role.STAFF), lessons="cancel").status_code == 403
    assert add(client_as("karin", Role.GUARDIAN), lessons="cancel").status_code in {302, 404}
    assert not CalendarDay.objects.filter(name="Planering").exists()
    assert add(birgitta, lessons="cancel", school_unit="").status_code == 302
    assert not CalendarEvent.objects.filter(day=TOMORROW, cancelled=False).exists()
    day = CalendarDay.objects.get(name="Planering")
    assert office.send(f"/lasar/dagar/{day.pk}/ta-bort/").status_code == 403
    own = CalendarDay.objects.create(
        organisation=day.organisation,
        school_unit=SchoolUnit.objects.get(name="Granskolan"),
        kind="holiday",
        name="Lov",
        start_date=TODAY,
        end_date=TODAY,
    )
    assert hassan.send(f"/lasar/dagar/{own.pk}/ta-bort/").status_code == 404
    assert CalendarDay.objects.filter(pk=own.pk).exists()
