"""The office makes groups, fills them and appoints mentors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from registry.models import AssignmentRole, Duty, Group, GroupMembership, SchoolUnit

TODAY = days.today()


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def make(office: Any, **changes: str) -> Any:
    unit = str(SchoolUnit.objects.get(name="Granskolan").pk)
    fields = {"school_unit": unit, "name": "Kör", "group_type": "Övrigt", "school_type": "GR", "start_date": str(TODAY)}
    return office.send("/grupper/ny/", {**fields, **changes})


def members(group: Group) -> set[Any]:
    return set(GroupMembership.objects.filter(group=group).values_list("person_id", flat=True))


def test_a_group_is_made_filled_and_emptied(cast: Any, office: Any) -> None:
    assert make(office).status_code == 302
    group = Group.objects.get(name="Kör")
    page = f"/grupper/{group.pk}/medlemmar/?klass={cast.group('4A').pk}"
    assert "Sami Haddad" in office.get(page).content.decode()
    assert "Kim Ek" not in office.get(page).content.decode()
    chosen = {"pupils": [str(cast.id("sami")), str(cast.id("elsa"))], "first_day": str(TODAY)}
    assert office.send(page, chosen).status_code == 302
    assert office.send(page, chosen).status_code == 302  # once more changes nothing
    assert members(group) == {cast.id("sami"), cast.id("elsa")}
    membership = GroupMembership.objects.get(group=group, person=cast.sami)
    office.send(f"/medlemskap/{membership.pk}/avsluta/", {"last_day": str(TODAY)})
    membership.refresh_from_db()
    assert membership.end_date == TODAY
    other = GroupMembership.objects.get(group=group, person=cast.elsa)
    office.send(f"/medlemskap/{other.pk}/avsluta/", {"last_day": str(TODAY - timedelta(days=1))})
    assert members(group) == {cast.id("sami")}


@pytest.mark.parametrize("key", ["kim", "leila", "amira"])
def test_injected_ids_put_nobody_into_a_group(cast: Any, office: Any, key: str) -> None:
    make(office)
    group = Group.objects.get(name="Kör")
    page = f"/grupper/{group.pk}/medlemmar/?klass={cast.group('4A').pk}"
    answer = office.send(page, {"pupils": [str(cast.id("sami")), str(cast.id(key))], "first_day": str(TODAY)})
    assert answer.status_code == 422
    assert members(group) == set()


def test_a_name_stands_for_one_group_at_a_time(cast: Any, office: Any) -> None:
    assert make(office, name="4a").status_code == 422
    assert make(office, name=" ").status_code == 422
    assert make(office, school_unit=str(SchoolUnit.objects.get(name="Åsenskolan").pk)).status_code == 422


def test_a_class_is_left_to_the_pupils_page(cast: Any, office: Any) -> None:
    page = f"/grupper/{cast.group('4B').pk}/medlemmar/?klass={cast.group('4A').pk}"
    assert office.send(page, {"pupils": [str(cast.id("sami"))], "first_day": str(TODAY)}).status_code == 422
    assert not GroupMembership.objects.filter(group=cast.group("4B"), person=cast.sami).exists()


def test_a_mentor_reads_from_the_first_day_to_the_last(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    group, maja = cast.group("5A"), client_as("maja", Role.STAFF)
    viggo = f"/elever/{cast.id('viggo')}/"
    assert maja.get(viggo).status_code == 404
    duty = str(Duty.objects.get(person=cast.maja).pk)
    assert office.send(f"/grupper/{group.pk}/mentor/", {"duty": duty, "first_day": str(TODAY)}).status_code == 302
    assert maja.get(viggo).status_code == 200
    assert office.send(f"/grupper/{group.pk}/mentor/", {"duty": duty, "first_day": str(TODAY)}).status_code == 422
    foreign = str(Duty.objects.get(person=cast.lars).pk)
    assert office.send(f"/grupper/{group.pk}/mentor/", {"duty": foreign, "first_day": str(TODAY)}).status_code == 422
    assignment = AssignmentRole.objects.get(group=group, duty=duty)
    before = {"last_day": str(TODAY - timedelta(days=1))}
    assert office.send(f"/uppdrag/{assignment.pk}/avsluta/", before).status_code == 302
    assert maja.get(viggo).status_code == 404


def test_the_page_of_a_group_takes_a_constant_number_of_statements(cast: Any, office: Any, statements: Callable[..., int]) -> None:
    office.get("/om-dexter/")
    small = Group.objects.create(name="Tom", group_type="Övrigt", school_unit=SchoolUnit.objects.get(name="Granskolan"), start_date=TODAY)
    full = f"/grupper/{cast.group('4A').pk}/"
    assert statements(lambda: office.get(f"/grupper/{small.pk}/")) == statements(lambda: office.get(full)) <= 3 + 8
