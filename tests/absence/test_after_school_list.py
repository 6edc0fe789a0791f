"""The after-school centre's list: who is not coming and until when the others are at school, and no more."""

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
from registry.models import DutyAssignment, Group, GroupMembership, Person
from tests.conftest import OVERHEAD
from tests.pages import visible

from .school_days import report


@pytest.fixture
def group(cast: Any) -> Group:
    return Group.objects.get(name="Fritids Norrskenet")


@pytest.fixture
def path(group: Group) -> str:
    return f"/fritids/{group.pk}/"


def seen(cast: Any, number: int, **minutes: int) -> None:
    """The roll-call of 1A's lesson with Noor's minutes."""
    lesson = cast.lesson("1A", number=number)
    call = RollCall.objects.create(
        lesson=lesson,
        school_unit=lesson.activity.school_unit,
        taken_by=cast.erik,
        taken_at=days.now(),
        submission=uuid.uuid4(),
        roster=list(GroupMembership.objects.filter(group__name="1A").values_list("person_id", flat=True)),
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=lesson.minutes,
    )
    if minutes:
        Deviation.objects.create(roll_call=call, pupil=cast.noor, **{f"{name}_minutes": count for name, count in minutes.items()})


def state(page: str, name: str) -> str:
    return page.split(f"<strong>{name}</strong>")[1].split("</li>")[0]


def test_at_school_until_the_last_lesson_ends(cast: Any, client_as: Callable[..., Any], path: str, at: Any) -> None:
    at(13, 0)
    ends = cast.lesson("1A", number=6).ends_at.astimezone(days.STOCKHOLM).strftime("%H:%M")
    page = client_as("tove", Role.STAFF).get(path).content.decode()
    assert f"I skolan till {ends}" in state(page, "Noor Haddad")
    assert Entry.objects.filter(action="absence.after_school_list", subjects__contains=[cast.id("noor")]).count() == 1


def test_reported_left_early_and_absent_in_the_latest_lesson(cast: Any, client_as: Callable[..., Any], path: str, at: Any) -> None:
    at(7, 40)
    report(client_as("pekka", Role.STAFF), cast.id("alva"))
    at(8, 40)
    tove = client_as("tove", Role.STAFF)
    seen(cast, 0, left_early=20)
    page = tove.get(path).content.decode()
    assert "Anmäld frånvarande" in state(page, "Alva Nilsson-Berg")
    left = (cast.lesson("1A").ends_at - timedelta(minutes=20)).astimezone(days.STOCKHOLM).strftime("%H:%M")
    assert f"Gick kl. {left}" in state(page, "Noor Haddad")
    at(10, 40)
    seen(cast, 1, absent=50)
    assert "Frånvarande på senaste lektionen" in state(tove.get(path).content.decode(), "Noor Haddad")
    at(12, 40)
    seen(cast, 2)
    assert "I skolan till" in state(tove.get(path).content.decode(), "Noor Haddad")


def test_it_tells_nothing_else(cast: Any, client_as: Callable[..., Any], path: str, at: Any) -> None:
    at(13, 0)
    page = client_as("tove", Role.STAFF).get(path).content.decode()
    for more in ("/personer/", "/elever/", "tel:", "Amira", "Matematik"):
        assert more not in page.split("<main")[1].split("</main>")[0]
    assert "1A" not in visible(page)


def test_a_protected_pupil_stands_under_the_agreed_name(cast: Any, client_as: Callable[..., Any], path: str, group: Group) -> None:
    GroupMembership.objects.create(group=group, person=cast.kim, start_date=days.today())
    page = client_as("tove", Role.STAFF).get(path).content.decode()
    assert "Kim Ek" in page
    assert "Hemlig" not in page
    assert str(cast.id("kim")) not in page


def test_who_works_in_the_group_today(cast: Any, client_as: Callable[..., Any], path: str) -> None:
    for who, role, status in (
        ("tove", Role.STAFF, 200),
        ("ingrid", Role.STAFF, 200),
        ("anna", Role.STAFF, 404),
        ("maja", Role.STAFF, 404),
        ("hassan", Role.STAFF, 404),
        ("amira", Role.GUARDIAN, 404),
        ("noor", Role.PUPIL, 404),
    ):
        assert client_as(who, role).get(path).status_code == status, who
    assert path in client_as("tove", Role.STAFF).get("/start/").content.decode()
    DutyAssignment.objects.filter(duty__person=cast.tove).update(end_date=days.today() - timedelta(days=1))
    assert client_as("tove", Role.STAFF).get(path).status_code == 403


def test_a_class_is_no_after_school_group(cast: Any, client_as: Callable[..., Any]) -> None:
    assert client_as("ingrid", Role.STAFF).get(f"/fritids/{cast.group('1A').pk}/").status_code == 404
    assert client_as("ingrid", Role.STAFF).get(f"/fritids/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("pupils", [1, 3, 30])
def test_the_same_statements_for_any_number_of_pupils(
    cast: Any, client_as: Callable[..., Any], statements: Any, path: str, group: Group, pupils: int
) -> None:
    extra = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=days.today()) for pupil in extra)
    tove = client_as("tove", Role.STAFF)
    tove.get("/om-dexter/")
    assert statements(lambda: tove.get(path)) == 8 + OVERHEAD
