"""The office closes a day and opens it again, as a person would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days

pytestmark = pytest.mark.journey


def test_a_day_is_closed_with_its_lessons_and_opened_again(visitor: Callable[..., Any]) -> None:
    page = visitor("phone").identify("Pekka Niemi").open("/lasar/dagar/").page
    page.locator("[name=kind]").select_option("staff_day")
    page.locator("[name=name]").fill("Planering i arbetslag")
    page.locator("[name=start_date]").fill(str(days.today() + timedelta(days=3)))
    page.locator("main form button").last.click()
    page.locator("main [role=alert]").wait_for()
    page.locator("[name=lessons][value=cancel]").check()
    page.locator("main form button").last.click()
    row = page.locator("main tr", has_text="Planering i arbetslag")
    row.wait_for()
    row.locator("a").click()
    page.locator("main form button").last.click()
    page.wait_for_url("**/lasar/")
    assert page.locator("main tr", has_text="Planering i arbetslag").count() == 0
