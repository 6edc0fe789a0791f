"""The teacher's two taps, and two teachers at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def at_the_first_lesson(visitor: Callable[..., Any], who: str = "Anna Lindqvist", **options: Any) -> Any:
    teacher = visitor(**options).identify(who).open("/lektioner/")
    teacher.page.locator("main .timeline a").first.click()
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
    anna.page.keyboard.press("Space")
    anna.page.get_by_role("button", name="Spara närvaron").focus()
    anna.page.keyboard.press("Enter")
    expect(anna.page.get_by_role("checkbox", checked=True)).to_have_count(1)


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


@pytest.mark.parametrize(("same_form", "expected"), [(False, [302, 409, 409, 409]), (True, [302, 302, 302, 302])])
def test_four_saves_at_the_same_moment_are_one_roll_call(visitor: Callable[..., Any], same_form: bool, expected: list[int]) -> None:
    anna = at_the_first_lesson(visitor)
    cookies = {cookie["name"]: cookie["value"] for cookie in anna.page.context.cookies()}
    token = anna.page.locator("main input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    shared = str(uuid.uuid4())

    def save(_number: int) -> int:
        form = {"csrfmiddlewaretoken": token, "_role": "staff", "version": 0, "submission": shared if same_form else str(uuid.uuid4())}
        answer = requests.post(anna.page.url, form, cookies=cookies, headers={"Referer": anna.page.url}, allow_redirects=False, timeout=20)
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, range(4))) == expected
