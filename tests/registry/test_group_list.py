from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Group, GroupMembership, Person


def test_own_groups_with_their_members(cast: Any, teacher: Any) -> None:
    page = teacher.get("/grupper/").content.decode()
    assert {name for name in ("4A", "4B", "5A", "8A") if f">{name}</a>" in page} == {"4A", "4B"}
    detail = teacher.get(f"/grupper/{cast.group('4A').pk}/").content.decode()
    assert "Sami Haddad" in detail
    assert "Anna Lindqvist" in detail


def test_who_leads_sees_all_groups_of_the_unit(cast: Any, client_as: Callable[..., Any]) -> None:
    page = client_as("ingrid", Role.STAFF).get("/grupper/").content.decode()
    assert page.count('href="/grupper/') >= 14
    assert ">8A</a>" not in page


def test_who_has_no_groups_is_told_so(client_as: Callable[..., Any]) -> None:
    assert "Du har inga grupper just nu" in client_as("maja", Role.STAFF).get("/grupper/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_take_a_constant_number_of_statements(cast: Any, teacher: Any, statements: Any, rows: int) -> None:
    group = cast.group("4A")
    made = Person.objects.bulk_create(Person(given_name="Ny", family_name=str(n)) for n in range(rows))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=person, start_date=days.today()) for person in made)
    Group.objects.filter(name="4B").update(name="4 B")
    teacher.get("/om-dexter/")
    assert statements(lambda: teacher.get("/grupper/")) == 3 + 4
    assert statements(lambda: teacher.get(f"/grupper/{group.pk}/")) == 5 + 6


def test_the_list_sorts_and_narrows(cast: Any, client_as: Callable[..., Any]) -> None:
    office = client_as("ingrid", Role.STAFF)
    rows = [row.record for row in office.get("/grupper/?group_type=Klass&sort=-name").context["table"].rows]
    assert [group.name for group in rows] == [*(f"{year}{letter}" for year in range(6, 0, -1) for letter in "BA"), "FB", "FA"]
    assert {group.group_type for group in rows} == {"Klass"}
    assert {row.record.name for row in office.get("/grupper/?name=4a").context["table"].rows} == {"4A"}
    counts = [row.record.member_count for row in office.get("/grupper/?sort=member_count").context["table"].rows]
    assert counts == sorted(counts)


def test_classes_stand_as_a_school_counts_them(cast: Any) -> None:
    names = ["FA", "FB", "F-klass C", "1A", "2B", "9C", "10A", "10B", "Ängen 2", "Ängen 10", "Språkval franska 8", "Fotboll"]
    in_order = ["F-klass C", "FA", "FB", "1A", "2B", "9C", "10A", "10B", "Fotboll", "Språkval franska 8", "Ängen 2", "Ängen 10"]
    unit = cast.group("4A").school_unit
    Group.objects.bulk_create(
        Group(name=f"{name}", group_type="Övrigt", school_unit=unit, start_date=days.today(), source="order") for name in names
    )
    assert list(Group.objects.filter(source="order").values_list("name", flat=True)) == in_order


def test_a_preschool_class_is_known_by_its_form_of_schooling(cast: Any) -> None:
    Group.objects.filter(name="4A").update(school_type="FKLASS", name="Solen")
    unit = cast.group("4B").school_unit
    assert list(Group.objects.filter(school_unit=unit).values_list("name", flat=True)[:4]) == ["FA", "FB", "Solen", "1A"]
