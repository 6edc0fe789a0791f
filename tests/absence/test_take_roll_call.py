"""The roll-call: two taps, saved once, and nothing that was injected."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import Deviation, RollCall
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import CalendarEvent, GroupMembership, Person, TeacherException
from tests.conftest import OVERHEAD


@pytest.fixture
def lesson(cast: Any, at: Any) -> CalendarEvent:
    at(8, 5)
    return cast.lesson("4A")


def path(lesson: CalendarEvent) -> str:
    return f"/lektioner/{lesson.pk}/narvaro/"


def form(*absent: Any, version: int = 0) -> dict[str, Any]:
    return {"absent": [str(pupil) for pupil in absent], "version": version, "submission": str(uuid.uuid4())}


def test_all_present_but_one(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    assert "Inte tagen" in teacher.get(path(lesson)).content.decode()
    response = teacher.send(path(lesson), form(cast.id("sami")), follow=True)
    assert "Närvaron är sparad" in response.content.decode()
    taken = RollCall.objects.get(lesson=lesson)
    assert [row.pupil_id for row in taken.deviations.all()] == [cast.id("sami")]
    assert cast.id("kim") in taken.roster
    assert (taken.lesson_minutes, taken.taken_by_id) == (50, cast.id("anna"))
    assert "Tagen kl. 08:05 av Anna Lindqvist" in response.content.decode()


def test_the_start_page_opens_on_the_lesson_going_on(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    page = teacher.get("/start/").content.decode()
    assert page.index(path(lesson)) < page.index("Mina lektioner idag")
    assert "Närvaron är inte tagen" in page


def test_a_protected_pupil_stands_under_the_agreed_name_without_a_link(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    page = teacher.get(path(lesson)).content.decode()
    assert "Kim Ek" in page
    assert "Hemlig" not in page
    assert "Robin" not in page
    assert f"/elever/{cast.id('kim')}/" not in page
    assert "/elever/" not in page  # links for the others would mark the one without
    names = re.findall(r'roster__name">\s*([^<]+?)\s*<', page)
    assert names == sorted(names, key=lambda name: name.split()[-1])


def test_the_same_form_twice_is_one_roll_call(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    sent = form(cast.id("sami"))
    teacher.send(path(lesson), sent)
    assert teacher.send(path(lesson), sent).status_code == 302
    assert RollCall.objects.get(lesson=lesson).version == 1


def test_of_two_savers_the_second_sees_both_and_nothing_is_lost(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    teacher.send(path(lesson), form(cast.id("sami")))
    for version in (0, 7):
        response = teacher.send(path(lesson), form(cast.id("elsa"), version=version))
        page = response.content.decode()
        assert response.status_code == 409
        assert page.count("Sparad som frånvarande") == 1
        assert page.count("Sparad som närvarande") == 1
        assert f'value="{cast.id("elsa")}" checked' in page
    assert Deviation.objects.get(roll_call__lesson=lesson).pupil_id == cast.id("sami")
    assert teacher.send(path(lesson), form(cast.id("elsa"), version=1)).status_code == 302
    assert Deviation.objects.get(roll_call__lesson=lesson).pupil_id == cast.id("elsa")


def test_injected_foreign_repeated_and_broken_ids_are_refused_whole(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    sami = cast.id("sami")
    for bad in ([sami, cast.id("leila")], [sami, uuid.uuid4()], [sami, sami], [sami, "x"], ["' OR 1=1 --"]):
        assert teacher.send(path(lesson), form(*bad)).status_code == 422
        assert not RollCall.objects.filter(lesson=lesson).exists()
    for broken in ({"version": "-1"}, {"version": "x"}, {"submission": ""}):
        assert teacher.send(path(lesson), {**form(sami), **broken}).status_code == 422
    assert not RollCall.objects.filter(lesson=lesson).exists()


def test_the_roster_is_frozen_when_it_is_first_saved(cast: Any, teacher: Any, lesson: CalendarEvent) -> None:
    teacher.send(path(lesson), form())
    GroupMembership.objects.filter(person=cast.id("sami"), in_class=True).update(end_date=days.today() - timedelta(days=1))
    assert "Sami Haddad" in teacher.get(path(lesson)).content.decode()
    assert teacher.send(path(lesson), form(cast.id("sami"), version=1)).status_code == 302


def test_who_may_take_it(cast: Any, client_as: Callable[..., Any], teacher: Any, lesson: CalendarEvent) -> None:
    tomorrow, eights = cast.lesson("4A", days.today() + timedelta(days=1)), cast.lesson("8A")
    assert teacher.get(path(tomorrow)).status_code == 200
    assert teacher.send(path(tomorrow), form()).status_code == 403
    assert teacher.get(path(eights)).status_code == 404
    assert teacher.send(path(eights), form()).status_code == 404
    assert client_as("ingrid", Role.STAFF).get(path(lesson)).status_code == 200
    assert client_as("ingrid", Role.STAFF).send(path(lesson), form()).status_code == 403
    assert client_as("lars", Role.STAFF).get(path(lesson)).status_code == 404
    assert client_as("sami", Role.PUPIL).send(path(lesson), form()).status_code == 404
    assert client_as("amira", Role.GUARDIAN).get(path(lesson)).status_code == 404
    assert client_as("anna", Role.STAFF, Level.PASSWORD).send(path(lesson), form()).url == "/bekrafta/"
    assert not RollCall.objects.filter(lesson=lesson).exists()


def test_a_substitute_takes_it_on_the_day_and_not_after(cast: Any, client_as: Callable[..., Any], lesson: CalendarEvent) -> None:
    maja = client_as("maja", Role.STAFF)
    page = maja.get(path(lesson)).content.decode()
    assert "Sami Haddad" in page
    assert f"/elever/{cast.id('sami')}/" not in page
    assert maja.send(path(lesson), form(cast.id("sami"))).status_code == 302
    yesterday = cast.lesson("4A", days.today() - timedelta(days=1))
    TeacherException.objects.update(calendar_event=yesterday)
    assert maja.get(path(yesterday)).status_code == 404
    assert maja.get(path(lesson)).status_code == 404


@pytest.mark.parametrize("pupils", [30, 300])
def test_view_and_save_take_eight_statements_for_any_number_of_pupils(
    cast: Any, teacher: Any, lesson: CalendarEvent, statements: Any, pupils: int
) -> None:
    group = cast.group("4A")
    extra = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=days.today()) for pupil in extra)
    teacher.get("/om-dexter/")
    assert statements(lambda: teacher.get(path(lesson))) <= 8 + OVERHEAD
    assert statements(lambda: teacher.send(path(lesson), form(*[pupil.pk for pupil in extra]))) <= 8 + OVERHEAD
    assert statements(lambda: teacher.send(path(lesson), form(*[pupil.pk for pupil in extra], version=1))) <= 8 + OVERHEAD
    assert Deviation.objects.filter(roll_call__lesson=lesson).count() == pupils
