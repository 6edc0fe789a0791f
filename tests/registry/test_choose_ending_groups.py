"""Groups beside the classes: those of a year end with it, the others go on; and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.lib.access import Role
from registry.actions.roll_over_effect import reverse_roll_over
from registry.models import AssignmentRole, Duty, Group, GroupMembership, RollOver

from .roll_overs import carry_out, days_around, draft, snapshot


@pytest.fixture
def pekka(actor: Callable[..., Any]) -> Any:
    return actor("pekka", Role.STAFF)


def group(cast: Any, name: str, kind: str) -> Group:
    """A group of the unit with Sami, and Anna answering for it."""
    four = cast.group("4A")
    made = Group.objects.create(name=name, group_type=kind, school_unit=four.school_unit, start_date=four.start_date)
    GroupMembership.objects.create(group=made, person=cast.sami, start_date=four.start_date)
    AssignmentRole.objects.create(
        group=made, duty=Duty.objects.get(person=cast.anna), assignment_role_type="Specialpedagog", start_date=four.start_date
    )
    return made


@pytest.fixture
def groups(cast: Any) -> tuple[Group, Group]:
    return group(cast, "Franska 4", "Undervisning"), group(cast, "Kör", "Övrigt")


def ends(made: Group) -> list[Any]:
    rows = [Group.objects.filter(pk=made.pk), GroupMembership.objects.filter(group=made), AssignmentRole.objects.filter(group=made)]
    return [found.values_list("end_date", flat=True).get() for found in rows]


def test_teaching_groups_end_by_the_rule_and_others_go_on(cast: Any, pekka: Any, groups: tuple[Group, Group]) -> None:
    before = snapshot()
    change = draft(pekka)
    eve, _first = days_around(change)
    assert carry_out(pekka, change)
    assert ends(groups[0]) == [eve] * 3
    assert ends(groups[1]) == [None] * 3
    change.refresh_from_db()
    reverse_roll_over(actor=pekka, roll_over=change)
    assert snapshot() == before


def test_the_office_chooses_otherwise(cast: Any, pekka: Any, groups: tuple[Group, Group], client_as: Callable[..., Any]) -> None:
    office, change = client_as("pekka", Role.STAFF), draft(pekka)
    path = f"/lasarsskifte/{change.pk}/grupper/"
    assert office.get(path).context["form"].initial["groups"] == [groups[0].pk, *office.get(path).context["form"].initial["groups"][1:]]
    assert office.send(path, {"version": change.version, "groups": [str(groups[1].pk)]}).status_code == 302
    assert office.send(path, {"version": change.version, "groups": []}).status_code == 422  # an older draft
    page = office.get(f"/lasarsskifte/{change.pk}/").content.decode()
    assert page.index("Kör") < page.index("Franska 4")  # ends, goes on
    assert carry_out(pekka, change)
    assert ends(groups[0]) == [None] * 3
    assert ends(groups[1])[0] is not None


def test_a_group_with_members_registered_ahead_goes_on_with_them_alone(cast: Any, pekka: Any, groups: tuple[Group, Group]) -> None:
    change = draft(pekka)
    eve, first = days_around(change)
    GroupMembership.objects.create(group=groups[0], person=cast.elsa, start_date=first)
    before = snapshot()
    assert carry_out(pekka, change)
    assert Group.objects.get(pk=groups[0].pk).end_date is None
    assert GroupMembership.objects.get(group=groups[0], person=cast.elsa).end_date is None
    assert GroupMembership.objects.get(group=groups[0], person=cast.sami).end_date == eve
    change.refresh_from_db()
    reverse_roll_over(actor=pekka, roll_over=change)
    assert snapshot() == before


def test_no_class_and_no_group_of_another_school_is_chosen(cast: Any, pekka: Any, client_as: Callable[..., Any]) -> None:
    office, change = client_as("pekka", Role.STAFF), draft(pekka)
    for name in ("4A", "8A"):
        answer = office.send(f"/lasarsskifte/{change.pk}/grupper/", {"version": change.version, "groups": [str(cast.group(name).pk)]})
        assert answer.status_code == 422
    assert client_as("hassan", Role.STAFF).get(f"/lasarsskifte/{change.pk}/grupper/").status_code == 404
    assert RollOver.objects.get(pk=change.pk).version == change.version
