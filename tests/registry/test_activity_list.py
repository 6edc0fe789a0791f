"""What is taught at the own schools: found, made, given teachers and groups, and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.models import RollCall
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Activity, ActivityGroup, CalendarEvent, Duty, DutyAssignment, Person, SchoolUnit, Syllabus

TODAY = days.today()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture
def swedish(cast: Any) -> Activity:
    return Activity.objects.get(name="Svenska 4A")


def main(response: Any) -> str:
    return str(response.content.decode().split("<main")[1].split("</main")[0])


def duty(cast: Any, key: str) -> Duty:
    return Duty.objects.get(person=getattr(cast, key))


def make(browser: Any, cast: Any, **changes: Any) -> Any:
    unit = str(SchoolUnit.objects.get(name="Granskolan").pk)
    fields = {
        "school_unit": unit,
        "name": "Schack",
        "activity_type": "Undervisning",
        "groups": [str(cast.group("4A").pk)],
        "start_date": str(TODAY),
    }
    return browser.send("/undervisning/ny/", {**fields, **changes})


def test_the_list_of_the_own_schools_by_class_and_subject(cast: Any, client_as: Callable[..., Any]) -> None:
    anna = client_as("anna", Role.STAFF)
    text = main(anna.get("/undervisning/")) + main(anna.get("/undervisning/?page=2"))
    assert "Svenska 4A</a>" in text
    assert "Svenska 8A</a>" not in text
    last = anna.get("/undervisning/?sort=-name&subject=Svenska").context["table"]
    assert [row.record.name for row in last.rows] == sorted((row.record.name for row in last.rows), reverse=True)
    assert "Anna Lindqvist" in text
    chosen = main(anna.get(f"/undervisning/?group={cast.group('4A').pk}&subject=Matematik"))
    assert "Matematik 4A</a>" in chosen
    assert "Svenska 4A</a>" not in chosen
    assert "Matematik 1A</a>" not in chosen
    foreign = main(anna.get(f"/undervisning/?group={cast.group('8A').pk}&subject=' OR 1=1"))
    assert "8A</a>" not in foreign


def test_a_protected_colleague_is_named_nowhere(cast: Any, swedish: Activity, client_as: Callable[..., Any]) -> None:
    Person.objects.filter(pk=cast.id("anna")).update(security_marking="Sekretessmarkering", agreed_name="Ann Avtalad")
    browser = client_as("ingrid", Role.STAFF)
    for path in ("/undervisning/", f"/undervisning/{swedish.pk}/", f"/schema/grupp/{cast.group('4A').pk}/"):
        text = main(browser.get(path))
        assert "Anna Lindqvist" not in text
        assert "Avtalad" not in text


def test_the_office_makes_teaching_with_groups_and_a_teacher(cast: Any, office: Any) -> None:
    syllabus = Syllabus.objects.get(subject_name="Bild")
    assert make(office, cast, syllabus=str(syllabus.pk)).status_code == 302
    made = Activity.objects.get(name="Schack")
    assert list(made.groups.values_list("name", flat=True)) == ["4A"]
    give = {"duty": str(duty(cast, "maja").pk), "first_day": str(TODAY), "grader": "on"}
    assert office.send(f"/undervisning/{made.pk}/larare/", give).status_code == 302
    assert office.send(f"/undervisning/{made.pk}/larare/", give).status_code == 422
    assert "Maja Holm" in main(office.get(f"/undervisning/{made.pk}/"))
    assert DutyAssignment.objects.get(activity=made).grader


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"name": "svenska 4a"}, {"end_date": str(YESTERDAY)}, {"groups": []}, {"start_date": "x"}]
)
def test_what_cannot_be_is_refused(cast: Any, office: Any, changes: dict[str, Any]) -> None:
    assert make(office, cast, **changes).status_code == 422
    assert not Activity.objects.filter(name="Schack").exists()


def test_foreign_ids_and_foreign_offices(cast: Any, office: Any, swedish: Activity, client_as: Callable[..., Any]) -> None:
    hassan, anna = client_as("hassan", Role.STAFF), client_as("anna", Role.STAFF)
    assert make(office, cast, groups=[str(cast.group("4A").pk), str(cast.group("8A").pk)]).status_code == 422
    assert make(hassan, cast).status_code == 422
    assert make(anna, cast).status_code == 403
    lars = {"duty": str(duty(cast, "lars").pk), "first_day": str(TODAY)}
    assert office.send(f"/undervisning/{swedish.pk}/larare/", lars).status_code == 422
    assert office.send(f"/undervisning/{swedish.pk}/grupper/", {"group": str(cast.group("8A").pk)}).status_code == 422
    for verb in ("larare/", "grupper/", "uppgifter/", "lektion/", f"grupper/{cast.group('4A').pk}/ta-bort/"):
        assert hassan.send(f"/undervisning/{swedish.pk}/{verb}").status_code == 404, verb
        assert anna.send(f"/undervisning/{swedish.pk}/{verb}").status_code == 403, verb
    assert not Activity.objects.filter(name="Schack").exists()


def test_a_teacher_reaches_the_pupils_from_the_first_day_to_the_last(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    SchoolUnit.objects.update(teacher_days_after=0)
    activity, maja, viggo = Activity.objects.get(name="Svenska 5A"), client_as("maja", Role.STAFF), f"/elever/{cast.id('viggo')}/"
    assert maja.get(viggo).status_code == 404
    give = {"duty": str(duty(cast, "maja").pk), "first_day": str(TODAY)}
    assert office.send(f"/undervisning/{activity.pk}/larare/", {**give, "first_day": str(YESTERDAY)}).status_code == 422
    assert office.send(f"/undervisning/{activity.pk}/larare/", give).status_code == 302
    assert maja.get(viggo).status_code == 200
    assignment = DutyAssignment.objects.get(activity=activity, duty=duty(cast, "maja"))
    assert office.send(f"/undervisning/larare/{assignment.pk}/avsluta/", {"last_day": str(YESTERDAY)}).status_code == 302
    assert not DutyAssignment.objects.filter(pk=assignment.pk).exists()  # it had not begun by then
    assert maja.get(viggo).status_code == 404


def test_the_past_of_a_teacher_stays(cast: Any, swedish: Activity, office: Any) -> None:
    assignment = DutyAssignment.objects.get(activity=swedish)
    end = f"/undervisning/larare/{assignment.pk}/avsluta/"
    assert office.send(end, {"last_day": str(TODAY - timedelta(days=2))}).status_code == 422
    assert office.send(end, {"last_day": str(YESTERDAY)}).status_code == 302
    assignment.refresh_from_db()
    assert assignment.end_date == YESTERDAY
    assert office.send(end, {"last_day": str(TOMORROW)}).status_code == 422  # what is over is not reopened
    assignment.refresh_from_db()
    assert assignment.end_date == YESTERDAY


def test_a_duty_that_is_over_by_then_teaches_nothing(cast: Any, swedish: Activity, office: Any) -> None:
    Duty.objects.filter(person=cast.maja).update(end_date=TODAY)
    give = {"duty": str(duty(cast, "maja").pk), "first_day": str(TOMORROW)}
    assert office.send(f"/undervisning/{swedish.pk}/larare/", give).status_code == 422
    assert not DutyAssignment.objects.filter(activity=swedish, duty__person=cast.maja).exists()
    assert office.send(f"/undervisning/{swedish.pk}/larare/", {**give, "first_day": str(TODAY)}).status_code == 302


def test_a_group_comes_and_goes_until_lessons_are_held(cast: Any, swedish: Activity, office: Any) -> None:
    added = {"group": str(cast.group("4B").pk)}
    assert office.send(f"/undervisning/{swedish.pk}/grupper/", added).status_code == 302
    remove = f"/undervisning/{swedish.pk}/grupper/{cast.group('4B').pk}/ta-bort/"
    assert office.send(remove).status_code == 422
    assert ActivityGroup.objects.filter(activity=swedish).count() == 2
    CalendarEvent.objects.filter(activity=swedish, starts_at__lte=days.now()).update(cancelled=True)
    assert office.get(remove).status_code == 200
    assert ActivityGroup.objects.filter(activity=swedish).count() == 2
    assert office.send(remove).status_code == 302
    assert [link.group.name for link in ActivityGroup.objects.filter(activity=swedish)] == ["4A"]
    assert office.send(remove).status_code == 404


def edit(browser: Any, activity: Activity, **changes: str) -> Any:
    fields = {"name": activity.name, "syllabus": str(activity.syllabus_id), "version": activity.modified_at.isoformat()}
    return browser.send(f"/undervisning/{activity.pk}/uppgifter/", {**fields, **changes})


def test_teaching_that_ends_takes_its_later_lessons_with_it(cast: Any, swedish: Activity, office: Any) -> None:
    later = CalendarEvent.objects.filter(activity=swedish, day__gt=TODAY, cancelled=False)
    lesson = later[0]
    assert edit(office, swedish, end_date=str(TODAY - timedelta(days=2))).status_code == 422
    roll_call = RollCall.objects.create(
        lesson=lesson,
        taken_by=cast.anna,
        taken_at=days.now(),
        submission=lesson.pk,
        roster=[],
        school_unit=lesson.activity.school_unit,
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=50,
    )
    assert edit(office, swedish, end_date=str(TODAY)).status_code == 422
    assert later.exists()
    roll_call.delete()
    assert edit(office, swedish, end_date=str(TODAY)).status_code == 302
    assert not later.exists()


def test_the_second_saver_loses_nothing(swedish: Activity, office: Any) -> None:
    assert edit(office, swedish, name="Svenska för 4A").status_code == 302
    second = edit(office, swedish, name="Svenska grupp 4A")
    assert second.status_code == 422
    assert "Svenska för 4A" in second.content.decode()
    assert 'value="Svenska grupp 4A"' in second.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_take_a_constant_number_of_statements(
    cast: Any, swedish: Activity, office: Any, statements: Callable[..., int], rows: int
) -> None:
    office.get("/om-dexter/")
    for key in ("maja", "erik", "sunna")[:rows]:
        DutyAssignment.objects.create(activity=swedish, duty=duty(cast, key), start_date=TODAY)
    for name in ("4B", "5A", "5B")[:rows]:
        ActivityGroup.objects.create(activity=swedish, group=cast.group(name))
    assert statements(lambda: office.get(f"/undervisning/?group={cast.group('4A').pk}")) == 3 + 8
    assert statements(lambda: office.get(f"/undervisning/{swedish.pk}/")) == 3 + 9
