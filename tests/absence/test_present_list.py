"""Who is at school now, at an alarm: everyone of the staff may print it, nobody else; no reasons."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Duty, DutyRole, GroupMembership, Person
from tests.conftest import OVERHEAD

from .school_days import report, take

LIST = "/narvarande-nu/"


@pytest.fixture
def taken(cast: Any, client_as: Callable[..., Any]) -> Callable[..., None]:
    return partial(take, cast, client_as)


def part_of(page: str, class_name: str) -> str:
    return next(part for part in page.split("<section")[1:] if re.search(rf"<h2[^>]*>{class_name} ", part))


def ticked(part: str) -> list[str]:
    return re.findall(r'<input class="ds-input" type="checkbox" autocomplete="off"> <span>([^<]+)<', part)


def test_present_unknown_and_absent_by_class(cast: Any, client_as: Callable[..., Any], taken: Any, at: Any) -> None:
    at(8, 40)
    taken("sami")
    page = client_as("maja", Role.STAFF).get(LIST).content.decode()
    fours, ones = part_of(page, "4A"), part_of(page, "1A")
    assert "Elsa Sandström" in ticked(fours)
    assert "Sami Haddad" not in ticked(fours)
    assert "Sami Haddad" in fours.split("Frånvarande</h3>")[1]
    assert "Noor Haddad" in ticked(ones)
    assert "vet inte" in ones


def test_a_protected_pupil_stands_under_the_agreed_name_unmarked(cast: Any, client_as: Callable[..., Any], taken: Any, at: Any) -> None:
    at(8, 40)
    taken("sami")
    page = client_as("maja", Role.STAFF).get(LIST).content.decode()
    assert "Kim Ek" in ticked(part_of(page, "4A"))
    for secret in ("Robin", "Hemlig", "Sekretess", str(cast.id("kim"))):
        assert secret not in page


def test_no_reason_is_told_and_a_reported_pupil_stands_apart(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(7, 40)
    report(client_as("pekka", Role.STAFF), cast.id("noor"))
    at(8, 40)
    page = client_as("maja", Role.STAFF).get(LIST).content.decode()
    assert "Noor Haddad" not in ticked(part_of(page, "1A"))
    assert "Noor Haddad" in part_of(page, "1A")
    assert "Anmäld" not in page


def test_who_was_seen_stays_on_it_although_reported_for_later(cast: Any, client_as: Callable[..., Any], taken: Any, at: Any) -> None:
    at(8, 40)
    report(client_as("pekka", Role.STAFF), cast.id("sami"), starts="09:00", ends="12:00")
    taken()
    at(9, 30)
    assert "Sami Haddad" in ticked(part_of(client_as("maja", Role.STAFF).get(LIST).content.decode(), "4A"))


def test_one_tap_from_the_start_page_and_one_row_in_the_log(cast: Any, client_as: Callable[..., Any]) -> None:
    for who in ("anna", "maja", "sunna", "ingrid", "pekka", "lars", "tove"):
        assert f'href="{LIST}"' in client_as(who, Role.STAFF).get("/start/").content.decode(), who
    assert f'href="{LIST}"' not in client_as("birgitta", Role.STAFF).get("/start/").content.decode()
    client_as("maja", Role.STAFF).get(LIST)
    (row,) = Entry.objects.filter(action="absence.present_list")
    assert cast.id("sami") in row.subjects


def test_of_the_own_school_alone(cast: Any, client_as: Callable[..., Any]) -> None:
    here, there = cast.group("4A").school_unit_id, cast.group("8A").school_unit_id
    lars = client_as("lars", Role.STAFF)
    assert lars.get(f"{LIST}{here}/").status_code == 404
    assert "Sami Haddad" not in lars.get(LIST).content.decode()
    for who, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL), ("birgitta", Role.STAFF)):
        assert client_as(who, role).get(LIST).status_code == 404
        assert client_as(who, role).get(f"{LIST}{here}/").status_code == 404
    assert lars.get(f"{LIST}{uuid.uuid4()}/").status_code == 404
    Duty.objects.create(person=cast.lars, school_unit_id=here, duty_role=DutyRole.TEACHER, start_date=days.today())
    page = lars.get(f"{LIST}{there}/").content.decode()
    assert f"{LIST}{here}/" in page
    assert lars.get(f"{LIST}{here}/").status_code == 200


@pytest.mark.parametrize("pupils", [30, 300])
def test_seven_statements_for_any_number_of_pupils(
    cast: Any,
    client_as: Callable[..., Any],
    statements: Any,
    at: Any,
    pupils: int,
) -> None:
    unit = cast.group("4A").school_unit
    extra = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
    GroupMembership.objects.bulk_create(GroupMembership(group=cast.group("4A"), person=pupil, start_date=days.today()) for pupil in extra)
    unit.enrolments.bulk_create(
        unit.enrolments.model(pupil=pupil, school_unit=unit, school_type="GR", start_date=days.today()) for pupil in extra
    )
    at(8, 40)
    maja = client_as("maja", Role.STAFF)
    maja.get("/om-dexter/")
    assert statements(lambda: maja.get(LIST)) == 7 + OVERHEAD
