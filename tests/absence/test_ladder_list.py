"""A school's ladder for absence: the common one until the school changes it, from a day on, one change at a time."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence import reads
from absence.models import AbsenceStep, LadderStep
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import SchoolUnit
from tests.conftest import OVERHEAD
from tests.pages import visible

ROOT = "/franvaro/trappa/"
WORDS = {"name": "Fika", "what": "Bjud på <b>fika</b>.", "who": "Mentor"}
TOMORROW = timedelta(days=1)


@pytest.fixture
def unit(cast: Any) -> SchoolUnit:
    return cast.group("4A").school_unit


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    """Pekka, administrator of the school."""
    return client_as("pekka", Role.STAFF)


def sent(unit: SchoolUnit, **more: Any) -> dict[str, str]:
    given = {"start_date": days.today(), "version": reads.ladder_of(unit).version, "submission": uuid.uuid4(), **more}
    return {name: str(value) for name, value in given.items()}


def names_at(unit: SchoolUnit, ahead: int = 0) -> list[str]:
    day = days.today() + timedelta(days=ahead)
    return list(reads.ladder_at(LadderStep.objects.all(), unit.pk, day).values_list("name", flat=True))


def test_a_step_is_added_and_the_ladder_becomes_the_schools_own(cast: Any, office: Any, unit: SchoolUnit) -> None:
    common = names_at(unit)
    assert "Gemensam" in office.get(ROOT).content.decode()
    form = sent(unit, **WORDS)
    assert office.send(f"{ROOT}{unit.pk}/nytt/", form).status_code == 302
    assert office.send(f"{ROOT}{unit.pk}/nytt/", form).status_code == 302
    assert names_at(unit) == [*common, "Fika"], "the same form twice is one step"
    assert names_at(cast.group("7B").school_unit) == common, "another school keeps the common ladder"
    page = office.get(ROOT).content.decode()
    assert "&lt;b&gt;fika" in page
    assert "Skolans egen" in page
    assert Entry.objects.filter(action="absence.add_ladder_step", object_id=unit.pk).count() == 2


def test_a_change_holds_from_its_day_and_taken_steps_keep_their_words(
    cast: Any, office: Any, client_as: Callable[..., Any], unit: SchoolUnit
) -> None:
    path, taken_at = f"{ROOT}{unit.pk}/home_contact/", f"/min-klass/elev/{cast.id('sami')}/steg/"
    teacher, before = client_as("anna", Role.STAFF), names_at(unit)
    assert office.send(path, sent(unit, **WORDS, start_date=days.today() + TOMORROW)).status_code == 302
    assert (names_at(unit), names_at(unit, 1)) == (before, [name if name != "Kontakt med hemmet" else "Fika" for name in before])
    assert "Fr" in visible(office.get(ROOT))
    step = reads.ladder_at(LadderStep.objects.all(), unit.pk, days.today()).get(code="home_contact")
    values = {"step": str(step.pk), "taken_on": days.today().isoformat(), "note": "", "submission": str(uuid.uuid4())}
    assert "Kontakt med hemmet" in teacher.get(taken_at).content.decode()
    assert teacher.send(taken_at, values).status_code == 302
    assert office.send(path, sent(unit, **{**WORDS, "name": "Brev"})).status_code == 302
    assert "Brev" in names_at(unit)
    assert AbsenceStep.objects.get().step.name == "Kontakt med hemmet"
    refused = teacher.send(taken_at, {**values, "submission": str(uuid.uuid4())})
    assert refused.status_code == 422, "a step that is in the ladder no more"
    assert "Brev" in visible(refused)
    assert office.send(path, sent(unit, **WORDS, start_date=days.today() - TOMORROW)).status_code == 422


def test_steps_change_places(office: Any, unit: SchoolUnit) -> None:
    before, path = names_at(unit), f"{ROOT}{unit.pk}/home_contact/flytta/"
    assert office.send(path, sent(unit, direction="up")).status_code == 302
    assert names_at(unit) == [before[1], before[0], *before[2:]]
    assert office.send(path, sent(unit, direction="up")).status_code == 302, "the first stays the first"
    assert names_at(unit)[0] == before[1]
    assert office.send(path, sent(unit, direction="down")).status_code == 302
    assert names_at(unit) == before
    assert office.send(path, sent(unit, direction="sideways")).status_code == 302
    assert names_at(unit) == before
    assert names_at(unit, 400) == before


def test_a_step_is_taken_out_and_the_last_one_brings_the_common_ladder_back(office: Any, unit: SchoolUnit) -> None:
    before = names_at(unit)
    assert office.send(f"{ROOT}{unit.pk}/body/ta-bort/", sent(unit, start_date=days.today() + TOMORROW)).status_code == 302
    assert names_at(unit) == before, "until the last day"
    assert len(names_at(unit, 1)) == len(before) - 1
    for code in list(LadderStep.objects.on(days.today()).filter(school_unit=None).values_list("code", flat=True)):
        office.send(f"{ROOT}{unit.pk}/{code}/ta-bort/", sent(unit))
    assert names_at(unit) == before
    assert not reads.ladder_of(unit).is_own
    assert office.get(f"{ROOT}{unit.pk}/finns-inte/").status_code == 404


def test_a_step_taken_today_ends_from_tomorrow(cast: Any, office: Any, unit: SchoolUnit) -> None:
    office.send(f"{ROOT}{unit.pk}/home_contact/", sent(unit, **WORDS))
    step = LadderStep.objects.get(school_unit=unit, name="Fika")
    common = {"pupil": cast.sami, "school_unit": unit, "taken_by": cast.anna, "taken_on": days.today(), "submission": uuid.uuid4()}
    AbsenceStep.objects.create(step=step, **common)
    path = f"{ROOT}{unit.pk}/home_contact/ta-bort/"
    assert "från i morgon" in office.send(path, sent(unit)).content.decode()
    assert office.send(path, sent(unit, start_date=days.today() + TOMORROW)).status_code == 302
    assert "Fika" in names_at(unit)
    assert "Fika" not in names_at(unit, 1)


def test_of_two_who_change_the_ladder_the_second_sees_both(office: Any, client_as: Callable[..., Any], unit: SchoolUnit) -> None:
    shown = sent(unit, **{**WORDS, "name": "Mitt steg"})
    assert office.send(f"{ROOT}{unit.pk}/pupil_talk/", sent(unit, **WORDS)).status_code == 302
    ingrid = client_as("ingrid", Role.STAFF)
    answer = ingrid.send(f"{ROOT}{unit.pk}/pupil_talk/", shown)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Någon annan" in page
    assert "Mitt steg" in page
    assert "Fika" in visible(page)
    again = {**shown, "version": re.search(r'name="version" value="([^"]+)"', page).group(1)}  # type: ignore[union-attr]
    assert ingrid.send(f"{ROOT}{unit.pk}/pupil_talk/", again).status_code == 302
    assert "Mitt steg" in names_at(unit)
    for path in ("nytt/", "pupil_talk/ta-bort/"):
        assert ingrid.send(f"{ROOT}{unit.pk}/{path}", shown).status_code == 422
    page = ingrid.send(f"{ROOT}{unit.pk}/pupil_talk/flytta/", {**shown, "direction": "down"}, follow=True).content.decode()
    assert "Någon annan ändrade trappan" in page
    assert names_at(unit)[0] == "Mitt steg"


def test_who_keeps_the_ladder(cast: Any, client_as: Callable[..., Any], unit: SchoolUnit) -> None:
    """Principal and administrator of the school; no teacher, nobody of another school or the body."""
    for key in ("anna", "lars", "hassan", "nina", "birgitta"):
        browser = client_as(key, Role.STAFF)
        assert browser.get(f"{ROOT}{unit.pk}/nytt/").status_code == 404
        assert browser.send(f"{ROOT}{unit.pk}/pupil_talk/", sent(unit, **WORDS)).status_code == 404
        assert browser.send(f"{ROOT}{unit.pk}/pupil_talk/ta-bort/", sent(unit)).status_code == 404
        assert browser.send(f"{ROOT}{unit.pk}/pupil_talk/flytta/", sent(unit, direction="up")).status_code == 404
    assert client_as("ingrid", Role.STAFF).get(f"{ROOT}{unit.pk}/pupil_talk/").status_code == 200
    assert client_as("anna", Role.STAFF).get(ROOT).status_code == 403
    assert not LadderStep.objects.filter(school_unit=unit).exists()


@pytest.mark.parametrize("bad", [{"name": ""}, {"what": "x" * 301}, {"who": "x" * 121}, {"start_date": "igår"}, {"submission": "1"}])
def test_what_is_refused_saves_nothing(office: Any, unit: SchoolUnit, bad: dict[str, str]) -> None:
    assert office.send(f"{ROOT}{unit.pk}/nytt/", sent(unit, **{**WORDS, **bad})).status_code == 422
    assert not LadderStep.objects.filter(school_unit=unit).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_statements(office: Any, unit: SchoolUnit, statements: Any, count: int) -> None:
    for number in range(count):
        assert office.send(f"{ROOT}{unit.pk}/nytt/", sent(unit, **{**WORDS, "name": f"Fika {number}"})).status_code == 302
    office.get(ROOT)
    assert statements(lambda: office.get(ROOT)) == 4 + OVERHEAD
