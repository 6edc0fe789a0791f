"""The teacher's two taps, and two teachers at once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import requests
from playwright.sync_api import expect

from tests import database

from .conftest import NAME, SCREENSHOTS
from .test_every_page import inspect

pytestmark = pytest.mark.journey


def at_the_first_lesson(visitor: Callable[..., Any], who: str = "Anna Lindqvist", **options: Any) -> Any:
    teacher = visitor(**options).identify(who).open("/lektioner/")
    teacher.page.locator("main .timeline a").first.click()
    teacher.page.wait_for_url("**/narvaro/**")  # with its scripts, before which no key must come
    return teacher


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_everyone_present_but_one_takes_two_taps(visitor: Callable[..., Any], script: bool) -> None:
    anna = at_the_first_lesson(visitor, java_script_enabled=script)
    expect(anna.page.get_by_text("Inte tagen")).to_be_visible()
    anna.page.locator(".roster label", has_text="Sami Haddad").click()
    anna.press("Spara närvaron")
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    expect(anna.page.get_by_text("Tagen kl.")).to_be_visible()
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(1)


def test_a_roll_call_by_keyboard_alone(visitor: Callable[..., Any]) -> None:
    anna = at_the_first_lesson(visitor, size="desk")
    anna.page.get_by_role("checkbox").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Space", "Enter"):
        anna.page.keyboard.press(key)
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(anna.page.get_by_role("checkbox").nth(1)).to_be_checked()
    anna.page.wait_for_load_state()
    anna.page.get_by_role("checkbox").nth(2).focus()
    anna.page.keyboard.press("l")  # late until now, in a lesson that goes on; else the field to write it in
    anna.page.keyboard.type("7")
    anna.page.get_by_role("button", name="Spara ändringen").focus()
    anna.page.keyboard.press("Enter")
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    expect(anna.page.locator(".roster__mark").nth(2)).to_have_attribute("data-present", re.compile("^Sen"))


def test_two_pages_of_one_lesson_the_second_sees_both(visitor: Callable[..., Any]) -> None:
    first, second = at_the_first_lesson(visitor), at_the_first_lesson(visitor, "Maja Holm")
    first.page.locator(".roster label", has_text="Sami Haddad").click()
    first.press("Spara närvaron")
    second.page.locator(".roster label", has_text="Elsa Sandström").click()
    second.press("Spara närvaron")
    expect(second.page.get_by_text("Någon annan har sparat närvaron")).to_be_visible()
    expect(second.page.get_by_text("Sparad som frånvarande")).to_be_visible()
    second.press("Spara ändringen")
    expect(second.page.get_by_text("Närvaron är sparad")).to_be_visible()


@pytest.mark.parametrize("version", [0, 1], ids=["first", "corrected"])
@pytest.mark.parametrize(("same_form", "expected"), [(False, [302, 409, 409, 409]), (True, [302, 302, 302, 302])])
def test_four_saves_at_the_same_moment_are_one(visitor: Callable[..., Any], same_form: bool, expected: list[int], version: int) -> None:
    anna = at_the_first_lesson(visitor)
    if version:
        anna.press("Alla är här, spara")
        expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
        anna.open(anna.path.split("?")[0])
    pupil = anna.page.get_by_role("checkbox").first.get_attribute("value")
    cookies = {cookie["name"]: cookie["value"] for cookie in anna.page.context.cookies()}
    token = anna.page.locator("main input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    shared = str(uuid.uuid4())

    def save(_number: int) -> int:
        form = {
            "csrfmiddlewaretoken": token,
            "_role": "staff",
            "version": version,
            "absent": pupil,
            "submission": shared if same_form else str(uuid.uuid4()),
        }
        answer = requests.post(anna.page.url, form, cookies=cookies, headers={"Referer": anna.page.url}, allow_redirects=False, timeout=20)
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, range(4))) == expected


def test_minutes_without_javascript(visitor: Callable[..., Any]) -> None:
    anna = at_the_first_lesson(visitor, java_script_enabled=False)
    row = anna.page.locator(".roster__row", has_text="Sami Haddad")
    row.locator("summary").click()
    row.get_by_label("Kom sent").fill("10")
    inspect_look(anna, "roll-call-minutes-plain")
    anna.press("Spara närvaron")
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    assert mark_of(anna, "Sami Haddad") == "Sen 10 min"


def test_the_whole_roll_call_by_keys(visitor: Callable[..., Any]) -> None:
    anna = at_the_first_lesson(visitor, size="desk")
    keyboard = anna.page.keyboard
    anna.page.get_by_role("checkbox").first.focus()
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    keyboard.press("l")
    if anna.page.evaluate("document.activeElement.name").startswith("late-"):  # the lesson is not going on: how late is asked
        keyboard.type("7")
    inspect_look(anna, "roll-call-keys")
    keyboard.press("Enter")
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(1)
    assert anna.page.locator(".roster__row").nth(2).locator(".roster__mark").get_attribute("data-present").startswith("Sen ")
    assert anna.page.get_by_role("checkbox").nth(1).is_checked()


def test_the_line_drops_and_comes_back(visitor: Callable[..., Any]) -> None:
    anna = at_the_first_lesson(visitor)
    anna.page.locator(".roster label", has_text="Sami Haddad").click()
    anna.page.context.set_offline(True)
    anna.press("Spara närvaron")
    expect(anna.page.get_by_text("Inte sparat än: ingen förbindelse")).to_be_visible()
    inspect_look(anna, "roll-call-offline")
    kept = anna.page.evaluate("JSON.stringify(sessionStorage)")
    assert "Sami" not in kept
    anna.page.locator(".roster label", has_text="Elsa Sandström").click()
    anna.page.context.set_offline(False)
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(2)
    assert anna.page.evaluate("sessionStorage.length") == 0


def test_what_was_marked_is_there_again_after_the_page_was_lost(visitor: Callable[..., Any]) -> None:
    anna = at_the_first_lesson(visitor)
    lesson = anna.path
    anna.page.locator(".roster label", has_text="Sami Haddad").click()
    anna.open("/start/").open(lesson)
    expect(anna.page.get_by_text("Det du markerade förut finns här igen")).to_be_visible()
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(1)
    anna.press("Kasta det som inte är sparat")
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(0)
    anna.page.locator(".roster label", has_text="Sami Haddad").click()
    anna.page.locator("details.menu summary").click()
    anna.page.get_by_role("button", name="Logga ut").click()
    anna.page.wait_for_url("**/utloggad/")
    assert anna.page.evaluate("sessionStorage.length") == 0


def test_minutes_by_thumb_and_a_correction_that_tells_its_history(visitor: Callable[..., Any]) -> None:
    anna = at_the_first_lesson(visitor)
    row = anna.page.locator(".roster__row", has_text="Sami Haddad")
    row.locator("label").first.click()
    row.locator("summary").click()
    row.locator(".roster__part", has_text="Kom sent").get_by_role("button", name="15").click()
    assert not row.get_by_role("checkbox").is_checked()
    inspect_look(anna, "roll-call-thumb")
    anna.press("Spara närvaron")
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    anna.page.locator(".roster label", has_text="Sami Haddad").click()
    anna.press("Spara ändringen")
    expect(anna.page.get_by_text("1 ändring")).to_be_visible()
    assert inspect(anna, anna.path.split("?")[0], "roll-call-corrected") == []
    anna.page.locator("details.history summary").click()
    anna.page.locator(".roster__more summary").first.click()
    inspect_look(anna, "roll-call-history")
    expect(anna.page.locator("details.history")).to_contain_text("Sen 15 min")


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_a_class_is_called_for_the_day(visitor: Callable[..., Any], by_day: None, size: str, scheme: str) -> None:
    anna = visitor(size, scheme).identify("Anna Lindqvist").open("/lektioner/")
    anna.page.locator("main .timeline a", has_text="4A").first.click()
    assert anna.heading == "4A"
    anna.page.locator(".roster label", has_text="Elsa Sandström").click()
    row = anna.page.locator(".roster__row", has_text="Sami Haddad")
    row.locator("summary").click()
    row.get_by_label("Kom kl.").fill("0930")
    inspect_look(anna, f"day-call-{size}")
    anna.press("Spara närvaron")
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    assert mark_of(anna, "Sami Haddad") == "Kom 09:30"
    assert inspect(anna, anna.path.split("?")[0], f"day-call-taken-{size}-{scheme}") == []
    anna.page.locator("main .list a").nth(0).click()
    expect(anna.page.get_by_text("Tagen för hela klassen")).to_be_visible()
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(2)


@pytest.fixture
def by_day(system: str) -> Iterator[None]:
    """Granskolan calls its classes once a day, for as long as the test runs."""
    with psycopg.connect(dbname=NAME, user="dexter_web", host=str(database.server()), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO absence_unitsettings (id, school_unit_id, start_date, roll_call_mode, grace_minutes, remind_at, cut_off_at, open_days,"
            " report_ahead_days, reports_are_judged, late_is_unauthorised, both_guardians_sign_leave, consent_days, delegated_leave_days,"
            " missing_after_minutes) SELECT gen_random_uuid(), id, '2020-01-01', 'day', 15, '15:30', '17:00', 14, 180, false, true, false, 7, 3, 30"
            " FROM registry_schoolunit WHERE name = 'Granskolan'"
        )
        yield
        connection.execute("DELETE FROM absence_unitsettings")


def mark_of(reader: Any, name: str) -> str:
    mark = reader.page.locator(".roster__row", has_text=name).locator(".roster__mark")
    return str(mark.get_attribute("data-present"))


def inspect_look(reader: Any, name: str) -> None:
    """A picture to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    reader.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
