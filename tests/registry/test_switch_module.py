"""A school switches modules on and off, from a day on; what disappears is said before, and nothing is removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.actions.modules import switch_module, take_back_module_switch
from registry.models import Module, ModuleSwitch, SchoolUnit, units_with

TODAY = days.today()


@pytest.fixture
def unit(cast: Any) -> SchoolUnit:
    return cast.group("4A").school_unit


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def page(unit: SchoolUnit, module: str = "") -> str:
    return f"/skolor/{unit.pk}/moduler/" + (f"{module}/" if module else "")


def send(browser: Any, unit: SchoolUnit, module: str, *, on: bool, day: Any = TODAY, **more: Any) -> Any:
    return browser.send(page(unit, module), {"is_on": "1" if on else "0", "start_date": str(day), **more})


def on_days(unit: SchoolUnit, module: Module, *ahead: int) -> list[bool]:
    return [units_with(module, TODAY + timedelta(days=days_ahead)).filter(pk=unit.pk).exists() for days_ahead in ahead]


@pytest.mark.parametrize("key", ["ingrid", "pekka"])
def test_who_leads_the_school_switches_and_nobody_else(cast: Any, client_as: Callable[..., Any], unit: SchoolUnit, key: str) -> None:
    refused = {"anna": 403, "maja": 403, "nina": 404, "hassan": 404, "birgitta": 404}
    assert {who: send(client_as(who, Role.STAFF), unit, "planning", on=False).status_code for who in refused} == refused
    assert not ModuleSwitch.objects.exists()
    assert send(client_as(key, Role.STAFF), unit, "planning", on=False).status_code == 302
    assert on_days(unit, Module.PLANNING, 0, 400) == [False, False]
    entry = Entry.objects.get(action="registry.switch_module")
    assert (entry.actor_id, entry.object_id) == (cast.id(key), unit.pk)
    assert entry.details == {"module": "planning", "on": False, "from": TODAY.isoformat()}


def test_it_says_before_what_disappears_and_for_whom(principal: Any, unit: SchoolUnit) -> None:
    text = principal.get(page(unit, "larande")).content.decode()
    for words in ("Det här försvinner från dagen du väljer", "Vårdnadshavare", "Elever", "Lärare", "Inget tas bort"):
        assert words in text
    assert " elever" in text  # how many


def test_a_change_to_come_holds_from_its_day_and_is_taken_back(principal: Any, unit: SchoolUnit) -> None:
    later = TODAY + timedelta(days=10)
    assert send(principal, unit, "planning", on=False, day=later).status_code == 302
    assert on_days(unit, Module.PLANNING, 0, 9, 10) == [True, True, False]
    assert "Slås av" in principal.get(page(unit)).content.decode()
    switch = ModuleSwitch.objects.get()
    assert principal.send(f"/skolor/moduler/{switch.pk}/ta-tillbaka/").status_code == 302
    assert on_days(unit, Module.PLANNING, 0, 10, 400) == [True, True, True]
    assert Entry.objects.filter(action="registry.take_back_module_switch").count() == 1


def test_periods_never_overlap_and_what_was_decided_for_later_stays(principal: Any, unit: SchoolUnit) -> None:
    send(principal, unit, "planning", on=False)
    send(principal, unit, "planning", on=True, day=TODAY + timedelta(days=20))
    send(principal, unit, "planning", on=False, day=TODAY + timedelta(days=30))
    assert on_days(unit, Module.PLANNING, 0, 19, 20, 29, 30, 500) == [False, False, True, True, False, False]
    middle = ModuleSwitch.objects.get(start_date=TODAY + timedelta(days=20))
    principal.send(f"/skolor/moduler/{middle.pk}/ta-tillbaka/")
    assert on_days(unit, Module.PLANNING, 0, 19, 20, 29, 30) == [False, False, False, False, False]
    assert send(principal, unit, "planning", on=True).status_code == 302  # the same day: rewritten
    assert on_days(unit, Module.PLANNING, 0, 29, 30) == [True, True, False]


@pytest.mark.parametrize(
    "bad",
    [{"start_date": str(TODAY - timedelta(days=1))}, {"start_date": ""}, {"start_date": "x"}, {"start_date": "9999-12-31"}, {"is_on": "1"}, {"is_on": "2"}, {"is_on": ""}],
)  # fmt: skip
def test_what_cannot_be_is_refused(principal: Any, unit: SchoolUnit, bad: dict[str, str]) -> None:
    assert send(principal, unit, "planning", on=False, **bad).status_code == 422
    assert not ModuleSwitch.objects.exists()


def test_two_who_press_at_once_do_not_switch_it_back(principal: Any, client_as: Callable[..., Any], unit: SchoolUnit) -> None:
    assert send(principal, unit, "planning", on=False).status_code == 302
    second = send(client_as("pekka", Role.STAFF), unit, "planning", on=False)
    assert second.status_code == 422
    assert "Så är det redan den dagen." in second.content.decode()
    assert on_days(unit, Module.PLANNING, 0) == [False]


@pytest.mark.parametrize("module", ["absence", "LARANDE", "x", "larande-x"])
def test_a_module_that_is_none_is_no_page(principal: Any, unit: SchoolUnit, module: str) -> None:
    assert principal.get(page(unit, module)).status_code == 404


def test_what_holds_already_is_not_taken_back(
    cast: Any, actor: Callable[..., Any], principal: Any, client_as: Callable[..., Any], unit: SchoolUnit
) -> None:
    given = switch_module(actor=actor("ingrid", Role.STAFF), school_unit=unit, module=Module.LARANDE, is_on=False, start_date=TODAY)
    with pytest.raises(ValidationError):
        take_back_module_switch(actor=actor("ingrid", Role.STAFF), switch=given)
    with pytest.raises(PermissionDenied):
        take_back_module_switch(actor=actor("anna", Role.STAFF), switch=given)
    assert principal.send(f"/skolor/moduler/{given.pk}/ta-tillbaka/").status_code == 302
    assert client_as("nina", Role.STAFF).send(f"/skolor/moduler/{given.pk}/ta-tillbaka/").status_code == 404
    assert client_as("anna", Role.STAFF).send(f"/skolor/moduler/{given.pk}/ta-tillbaka/").status_code == 403
    assert on_days(unit, Module.LARANDE, 0) == [False]


def test_a_part_is_off_with_the_whole_and_on_again_with_it(principal: Any, unit: SchoolUnit) -> None:
    send(principal, unit, "larande", on=False)
    text = principal.get(page(unit)).content.decode()
    assert text.count("Av tillsammans med helheten") == 3
    assert on_days(unit, Module.PLANNING, 0) == [False]
    send(principal, unit, "larande", on=True)
    assert on_days(unit, Module.PLANNING, 0) == [True]
    assert "Av tillsammans med helheten" not in principal.get(page(unit)).content.decode()


def test_self_assessment_waits_to_be_switched_on(principal: Any, unit: SchoolUnit) -> None:
    assert on_days(unit, Module.SELF_ASSESSMENT, 0) == [False]
    assert send(principal, unit, "self_assessment", on=True).status_code == 302
    assert on_days(unit, Module.SELF_ASSESSMENT, 0) == [True]


def test_another_school_is_untouched(cast: Any, principal: Any, unit: SchoolUnit) -> None:
    send(principal, unit, "larande", on=False)
    other = cast.group("8A").school_unit
    assert on_days(other, Module.LARANDE, 0) == [True]
    assert send(principal, other, "larande", on=False).status_code == 404


def test_the_list_takes_the_same_statements_whatever_is_decided(principal: Any, unit: SchoolUnit, statements: Any) -> None:
    principal.get("/om-dexter/")
    empty = statements(lambda: principal.get(page(unit)))
    for ahead, on in ((0, False), (10, True), (20, False)):
        send(principal, unit, "planning", on=on, day=TODAY + timedelta(days=ahead))
    principal.get(page(unit))  # the receipts of the presses
    assert statements(lambda: principal.get(page(unit))) == empty == 3 + 4
