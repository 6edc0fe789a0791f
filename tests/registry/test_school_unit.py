"""A principal decides what the unit decides itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import DutyAssignment, SchoolUnit

FIELDS = {
    "phone": "0123-456 78",
    "weekdays": ["1", "2", "3", "4", "5"],
    "teacher_days_before": "30",
    "teacher_days_after": "60",
    "leavers_read_days": "180",
    "colleagues_may_stand_in": "on",
}


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def save(principal: Any, **changes: Any) -> Any:
    unit = SchoolUnit.objects.get(name="Granskolan")
    version = changes.pop("version", unit.modified_at.isoformat())
    return principal.send(f"/skolor/{unit.pk}/", {**FIELDS, **changes, "version": version})


def test_settings_act_at_the_next_request(cast: Any, principal: Any, teacher: Any) -> None:
    DutyAssignment.objects.filter(duty__person=cast.anna).update(end_date=days.today() - timedelta(days=10))
    cast.group("4A").assignment_roles.all().update(end_date=days.today() - timedelta(days=10))
    assert teacher.get(f"/elever/{cast.id('sami')}/").status_code == 200
    assert save(principal, teacher_days_after="5").status_code == 302
    assert teacher.get(f"/elever/{cast.id('sami')}/").status_code == 404
    assert Entry.objects.get(action="registry.edit_school_unit").details["changed"].count("teacher_days_after") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"weekdays": []},
        {"weekdays": ["8"]},
        {"teacher_days_before": "-1"},
        {"leavers_read_days": "99999"},
        {"teacher_days_after": "x"},
        {"phone": "1" * 31},
    ],
)
def test_what_cannot_be_is_refused(cast: Any, principal: Any, changes: dict[str, Any]) -> None:
    before = SchoolUnit.objects.get(name="Granskolan").modified_at
    assert save(principal, **changes).status_code == 422
    assert SchoolUnit.objects.get(name="Granskolan").modified_at == before


def test_the_second_saver_is_told(cast: Any, principal: Any) -> None:
    version = SchoolUnit.objects.get(name="Granskolan").modified_at.isoformat()
    save(principal, phone="1")
    answer = save(principal, phone="2", version=version)
    assert answer.status_code == 422
    assert SchoolUnit.objects.get(name="Granskolan").phone == "1"


def test_the_office_looks_and_the_principal_decides(cast: Any, client_as: Callable[..., Any]) -> None:
    unit = SchoolUnit.objects.get(name="Granskolan")
    assert client_as("pekka", Role.STAFF).send(f"/skolor/{unit.pk}/", FIELDS).status_code == 403
    assert client_as("nina", Role.STAFF).send(f"/skolor/{unit.pk}/", FIELDS).status_code == 404
