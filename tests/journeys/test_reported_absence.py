"""The main path: a guardian reports two children for tomorrow, the other guardian and the teacher see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from dexter.lib import days

pytestmark = pytest.mark.journey


def tomorrow_path() -> str:
    return f"/lektioner/{days.today() + timedelta(days=1)}/"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_two_children_are_reported_in_three_interactions_and_the_teacher_sees_it(
    visitor: Callable[..., Any], size: str, script: bool
) -> None:
    amira = visitor(size, java_script_enabled=script).identify("Amira Haddad – vårdnadshavare")
    form = amira.page.locator("form", has=amira.page.get_by_role("checkbox"))
    form.get_by_text("Noor Haddad").click()  # 1
    form.get_by_text("Sami Haddad").click()  # 2
    form.get_by_role("button", name="i morgon").click()  # 3
    assert amira.heading == "Frånvaron är anmäld"
    assert "Noor Haddad" in amira.text
    assert "Sami Haddad" in amira.text
    assert "I morgon" in amira.text

    jonas = visitor(size, java_script_enabled=script).identify("Jonas Haddad")
    expect(jonas.page.locator("main")).to_contain_text("I morgon")
    assert "Amira" not in jonas.text
    assert jonas.page.get_by_role("button", name="Ta tillbaka").count() == 0

    anna = visitor(size, java_script_enabled=script).identify("Anna Lindqvist").open(tomorrow_path())
    anna.page.locator("main .timeline a").first.click()
    row = anna.page.locator(".roster li", has_text="Sami Haddad")
    expect(row).to_contain_text("Anmäld hela dagen")
    expect(row.get_by_role("checkbox")).to_be_checked()
    assert "Anmäld" not in anna.page.locator(".roster li", has_text="Elsa Sandström").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_three_children_are_reported_in_two_interactions_and_one_child_in_one(visitor: Callable[..., Any], script: bool) -> None:
    amira = visitor(java_script_enabled=script).identify("Amira Haddad – vårdnadshavare")
    amira.page.get_by_text("Alla", exact=True).click()  # 1
    amira.press("Frånvarande i morgon")  # 2
    assert amira.heading == "Frånvaron är anmäld"
    assert all(name in amira.text for name in ("Leila Haddad", "Noor Haddad", "Sami Haddad"))
    karin = visitor(java_script_enabled=script).identify("Karin Sandström").press("Frånvarande i morgon")  # 1
    assert karin.heading == "Frånvaron är anmäld"


def test_a_report_is_taken_back_and_one_more_day_is_one_tap(visitor: Callable[..., Any]) -> None:
    karin = visitor().identify("Karin Sandström")
    karin.press("Frånvarande i morgon")
    karin.page.get_by_role("button", name="En dag till").click()
    assert karin.heading == "Frånvaron är anmäld"
    karin.page.get_by_role("button", name="Ta tillbaka").first.click()
    assert karin.heading == "Anmälan är tillbakatagen"
    karin.open("/franvaro/")
    assert karin.page.get_by_role("button", name="Ta tillbaka").count() == 1


def test_part_of_another_day_by_the_long_form(visitor: Callable[..., Any]) -> None:
    amira = visitor().identify("Amira Haddad – vårdnadshavare").open("/franvaro/anmal/")
    amira.press("Anmäl frånvaro")
    expect(amira.page.get_by_text("Välj minst ett barn")).to_be_visible()
    amira.page.get_by_label("Leila Haddad").check()
    amira.page.get_by_label("Första dagen").fill(str(days.today() + timedelta(days=2)))
    amira.page.get_by_text("Bara en del av dagen").click()
    amira.page.get_by_label("Från", exact=True).fill("10:00")
    amira.page.get_by_label("Till", exact=True).fill("12:00")
    amira.press("Anmäl frånvaro")
    assert "10:00–12:00" in amira.text
    amira.open("/start/")
    assert "10:00–12:00" in amira.text
