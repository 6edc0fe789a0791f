"""The substitute at half past seven."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import Deviation, RollCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import CalendarEvent, Duty, Person, SchoolUnit, TeacherException


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture(autouse=True)
def nobody_stands_in_yet(cast: Any) -> None:
    TeacherException.objects.all().delete()


def duty(cast: Any, key: str) -> str:
    return str(Duty.objects.get(person=getattr(cast, key)).pk)


def hand_over(office: Any, cast: Any, **changes: str) -> Any:
    return office.send("/vikarier/", {"absent": duty(cast, "anna"), "day": str(days.today()), "substitute": duty(cast, "maja"), **changes})


def test_a_day_is_handed_over_and_ends_at_midnight(cast: Any, office: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(7, 30)
    lesson = cast.lesson("4A")
    roll_call, maja = f"/lektioner/{lesson.pk}/narvaro/", client_as("maja", Role.STAFF)
    assert maja.get(roll_call).status_code == 404
    assert hand_over(office, cast).status_code == 302
    assert maja.get(roll_call).status_code == 200
    assert roll_call in maja.get("/start/").content.decode()
    assert roll_call not in client_as("anna", Role.STAFF).get("/start/").content.decode()
    at(23, 59)
    assert maja.get(roll_call).status_code == 200
    at(0, 1, day=days.today() + timedelta(days=1))
    assert maja.get(roll_call).status_code == 404


def test_handed_over_again_and_taken_back(cast: Any, office: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(7, 30)
    hand_over(office, cast)
    count = TeacherException.objects.count()
    assert hand_over(office, cast, substitute=duty(cast, "erik")).status_code == 302
    assert TeacherException.objects.count() == count
    lesson = f"/lektioner/{cast.lesson('4A').pk}/narvaro/"
    assert client_as("maja", Role.STAFF).get(lesson).status_code == 404
    assert client_as("erik", Role.STAFF).get(lesson).status_code == 200
    assert "Erik Nilsson-Berg" in office.get("/vikarier/").content.decode()
    assert office.send(f"/vikarier/{duty(cast, 'anna')}/{days.today()}/ta-tillbaka/").status_code == 302
    assert not TeacherException.objects.exists()
    assert Entry.objects.filter(action="registry.take_back_lessons").count() == 1


def test_somebody_new_gets_a_duty_of_that_day(cast: Any, office: Any, at: Any) -> None:
    at(7, 30)
    assert hand_over(office, cast, substitute="", given_name="Tom", family_name="Timvikarie").status_code == 302
    new = Duty.objects.get(person__family_name="Timvikarie")
    assert (new.start_date, new.end_date) == (days.today(), days.today())
    assert "Tom Timvikarie" in office.get("/vikarier/").content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"substitute": ""},
        {"day": str(days.today() - timedelta(days=1))},
        {"day": "i morgon"},
        {"absent": "00000000-0000-7000-8000-000000000000"},
        {"substitute": "x"},
    ],
)
def test_what_cannot_be_is_refused(cast: Any, office: Any, at: Any, changes: dict[str, str]) -> None:
    at(7, 30)
    people = Person.objects.count()
    assert hand_over(office, cast, **changes).status_code == 422
    assert not TeacherException.objects.exists()
    assert Person.objects.count() == people


def test_an_office_hands_over_at_its_own_school_alone(cast: Any, office: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(7, 30)
    assert hand_over(office, cast, absent=duty(cast, "lars")).status_code == 422
    assert hand_over(client_as("hassan", Role.STAFF), cast).status_code == 422
    assert hand_over(client_as("anna", Role.STAFF), cast).status_code == 403
    assert client_as("hassan", Role.STAFF).send(f"/vikarier/{duty(cast, 'anna')}/{days.today()}/ta-tillbaka/").status_code == 404
    assert not TeacherException.objects.exists()


def test_a_colleague_takes_over_where_the_unit_allows_it(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(7, 30)
    lesson, maja = cast.lesson("4A"), client_as("maja", Role.STAFF)
    assert f"/lektioner/{lesson.pk}/ta-over/" in maja.get("/lektioner/ta-over/").content.decode()
    assert maja.send(f"/lektioner/{lesson.pk}/ta-over/").status_code == 302
    assert maja.get(f"/lektioner/{lesson.pk}/narvaro/").status_code == 200
    other = CalendarEvent.objects.filter(activity__groups__name="8A", day=days.today()).first()
    assert maja.send(f"/lektioner/{other.pk}/ta-over/").status_code == 404
    tomorrow = cast.lesson("4B", day=days.today() + timedelta(days=1))
    assert maja.send(f"/lektioner/{tomorrow.pk}/ta-over/").status_code == 404
    SchoolUnit.objects.update(colleagues_may_stand_in=False)
    second = cast.lesson("4A", number=1)
    assert maja.send(f"/lektioner/{second.pk}/ta-over/").status_code == 404
    assert "Ingen lektion att ta över" in maja.get("/lektioner/ta-over/").content.decode()


def test_the_list_on_paper_holds_names_and_nothing_more(cast: Any, teacher: Any) -> None:
    text = teacher.get(f"/lektioner/{cast.lesson('4A').pk}/lista/").content.decode()
    assert "Sami Haddad" in text
    assert "Kim Ek" in text
    assert "Hemlig" not in text
    assert Entry.objects.filter(action="registry.lesson_roster").count() == 1


def test_the_page_takes_a_constant_number_of_statements(cast: Any, office: Any, statements: Callable[..., int], at: Any) -> None:
    at(7, 30)
    office.get("/om-dexter/")
    empty = statements(lambda: office.get("/vikarier/"))
    hand_over(office, cast)
    hand_over(office, cast, absent=duty(cast, "erik"))
    assert statements(lambda: office.get("/vikarier/")) <= empty + 1 <= 3 + 8  # one to forget the message that was shown


def test_what_stood_on_paper_is_entered_afterwards_by_the_office(cast: Any, office: Any, at: Any, client_as: Callable[..., Any]) -> None:
    """Nothing worked at eight; the list was kept on paper, and the office enters who was away."""
    lesson = cast.lesson("4A")
    at(22, 30)
    assert f"/lektioner/{lesson.pk}/narvaro/" in office.get(f"/schema/grupp/{cast.group('4A').pk}/").content.decode()
    answer = office.send(f"/lektioner/{lesson.pk}/narvaro/", {"version": 0, "submission": uuid.uuid4(), "absent": [str(cast.id("sami"))]})
    assert answer.status_code == 302
    call = RollCall.objects.get(lesson=lesson)
    assert call.taken_by_id == cast.id("pekka")
    assert {row.pupil_id for row in Deviation.objects.filter(roll_call=call)} == {cast.id("sami")}
    assert client_as("hassan", Role.STAFF).send(f"/lektioner/{lesson.pk}/narvaro/", {"version": 1}).status_code == 404
