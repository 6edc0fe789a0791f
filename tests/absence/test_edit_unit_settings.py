"""A principal decides how the school handles absence, from a day on; what was registered keeps what held then."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence import reads
from absence.models import Effective, UnitSettings
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import SchoolUnit

FORM = {
    "roll_call_mode": "lesson", "open_days": "14", "missing_after_minutes": "30", "late_is_unauthorised": "on", "report_ahead_days": "180",
    "grace_minutes": "15", "remind_at": "15:30", "cut_off_at": "17:00", "consent_days": "7", "delegated_leave_days": "3",
    "leave_notice_days": "0",
}  # fmt: skip


@pytest.fixture
def unit(cast: Any) -> SchoolUnit:
    return cast.group("4A").school_unit


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def send(browser: Any, unit: SchoolUnit, **more: Any) -> Any:
    from absence.actions.settings import version_of

    version = version_of(UnitSettings.objects.filter(school_unit=unit))
    return browser.send(f"/skolor/{unit.pk}/franvaro/", {**FORM, "start_date": str(days.today()), "version": version, **more})


def test_without_a_decision_the_defaults_hold(principal: Any, unit: SchoolUnit) -> None:
    assert reads.settings_of(unit.pk, days.today()).grace_minutes == 15
    assert "Inget är beslutat ännu" in principal.get(f"/skolor/{unit.pk}/franvaro/").content.decode()


def test_a_decision_holds_from_its_day(principal: Any, unit: SchoolUnit) -> None:
    coming = days.today() + timedelta(days=10)
    assert send(principal, unit, grace_minutes="5").status_code == 302
    assert send(principal, unit, grace_minutes="30", start_date=str(coming)).status_code == 302
    assert send(principal, unit, grace_minutes="20", start_date=str(days.today() + timedelta(days=3))).status_code == 302
    found = [reads.settings_of(unit.pk, days.today() + timedelta(days=ahead)).grace_minutes for ahead in (0, 2, 3, 9, 10, 400)]
    assert found == [5, 5, 20, 20, 30, 30]
    assert send(principal, unit, grace_minutes="6").status_code == 302
    assert reads.settings_of(unit.pk, days.today()).grace_minutes == 6
    assert UnitSettings.objects.filter(school_unit=unit).count() == 3
    page = principal.get(f"/skolor/{unit.pk}/franvaro/").content.decode()
    assert page.count("Kommande") == 2
    assert "Gäller nu" in page


@pytest.mark.parametrize(
    "bad",
    [
        {"start_date": "2020-01-01"}, {"start_date": ""}, {"grace_minutes": "-1"}, {"grace_minutes": "900"}, {"delegated_leave_days": "11"},
        {"roll_call_mode": "never"}, {"remind_at": "18:00"}, {"open_days": "0"}, {"cut_off_at": "x"}, {"version": "2020-01-01T00:00:00+00:00"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_kept_in_the_form(principal: Any, unit: SchoolUnit, bad: dict[str, str]) -> None:
    assert send(principal, unit, **bad).status_code == 422
    assert not UnitSettings.objects.exists()


def test_of_two_who_decide_the_second_sees_it_and_saves_again(principal: Any, unit: SchoolUnit) -> None:
    assert send(principal, unit, grace_minutes="5").status_code == 302
    refused = send(principal, unit, grace_minutes="25", version="")
    assert refused.status_code == 422
    assert "Någon annan har sparat" in refused.content.decode()
    form = refused.context["form"]
    assert form["grace_minutes"].value() == "25"
    assert send(principal, unit, grace_minutes="25", version=form["version"].value()).status_code == 302
    assert reads.settings_of(unit.pk, days.today()).grace_minutes == 25


def test_the_same_form_after_a_time_out_is_one_decision(principal: Any, unit: SchoolUnit) -> None:
    assert [send(principal, unit, grace_minutes="5", version="").status_code for _time in range(2)] == [302, 302]
    assert UnitSettings.objects.get(school_unit=unit).grace_minutes == 5


def test_what_is_decided_for_a_day_to_come_is_changed_from_its_own_values(principal: Any, unit: SchoolUnit) -> None:
    coming = days.today() + timedelta(days=10)
    assert send(principal, unit, grace_minutes="44", start_date=str(coming)).status_code == 302
    path = f"/skolor/{unit.pk}/franvaro/"
    assert f"?fran={coming}" in principal.get(path).content.decode()
    for day, grace in ((coming, 44), (days.today(), 15)):
        form = principal.get(f"{path}?fran={day}").context["form"]
        assert (form["start_date"].value(), form["grace_minutes"].value()) == (day, grace)


def test_a_late_arrival_keeps_what_counted_on_its_day(cast: Any, principal: Any, teacher: Any, unit: SchoolUnit, at: Any) -> None:
    at(8, 20)
    lesson = cast.lesson("4A")
    send(principal, unit, late_is_unauthorised="")
    late = {f"late-{cast.id('sami')}": "10", "version": 0, "submission": str(uuid.uuid4())}
    assert teacher.send(f"/lektioner/{lesson.pk}/narvaro/", late).status_code == 302
    send(principal, unit)
    row = Effective.objects.get(lesson=lesson)
    assert (row.late_minutes, row.unauthorised_minutes, row.present_minutes) == (10, 0, 50)


def test_only_the_principal_of_the_school_decides(client_as: Callable[..., Any], unit: SchoolUnit) -> None:
    for key, expected in {"pekka": 403, "anna": 403, "nina": 404, "birgitta": 404}.items():
        assert send(client_as(key, Role.STAFF), unit).status_code == expected
    assert not UnitSettings.objects.exists()
