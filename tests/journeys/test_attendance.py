"""A home follows a child: chosen lessons reported and one taken back, the month, a correction asked for and answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from dexter.lib import days

from .test_every_page import LOOKS, walk

pytestmark = pytest.mark.journey


def absent_sami(maja: Any) -> None:
    """The substitute of today's lessons in 4A takes the first roll-call with Sami away."""
    maja.open("/lektioner/").page.locator("main .timeline a").first.click()
    maja.page.locator(".roster li", has_text="Sami Haddad").get_by_role("checkbox").first.check()
    maja.press("Spara")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_home_reports_lessons_looks_at_the_month_and_has_it_corrected(visitor: Callable[..., Any], script: bool) -> None:
    absent_sami(visitor().identify("Maja Holm"))

    amira = visitor(java_script_enabled=script).identify("Amira Haddad – vårdnadshavare").open("/franvaro/anmal/")
    amira.page.get_by_label("Sami Haddad").check()
    amira.page.get_by_label("Första dagen").fill(str(days.today() + timedelta(days=1)))
    amira.press("Välj lektioner")
    assert amira.heading == "Välj lektioner"
    boxes = amira.page.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(2).check()
    amira.press("Anmäl de valda lektionerna")
    assert amira.heading == "Frånvaron är anmäld"
    expect(amira.page.locator("main .list li")).to_have_count(2)
    amira.page.get_by_role("button", name="Ta tillbaka").first.click()
    assert amira.page.get_by_role("button", name="Ta tillbaka").count() == 1

    amira.open("/start/").page.get_by_role("link", name="Närvaro för Sami Haddad").click()
    today = amira.page.locator(f"#d{days.today()}")
    expect(amira.page.locator(".month [aria-current=date]")).to_contain_text("Ogiltig frånvaro")
    expect(today).to_contain_text("Borta")
    today.get_by_role("link", name="Begär rättelse").first.click()
    amira.page.get_by_label("Vad är fel?").fill("Sami var på biblioteket med sin klass.")
    amira.press("Skicka till skolan")
    expect(amira.page.locator("main")).to_contain_text("Väntar på skolans svar")

    anna = visitor("desk").identify("Anna Lindqvist")
    anna.page.get_by_role("link", name="Begäran om rättelse av närvaro").click()
    anna.page.get_by_role("link", name="Sami Haddad").first.click()
    assert "biblioteket" in anna.text
    anna.page.get_by_label("Svar till hemmet").fill("Det stämmer, vi rättar det i dag.")
    anna.press("Vi rättar")

    amira.open("/start/").page.get_by_role("link", name="Skolan har svarat").click()
    expect(amira.page.locator("main")).to_contain_text("Det stämmer, vi rättar det i dag.")
    expect(amira.page.locator("main")).to_contain_text("Skolan rättar")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_attendance(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    absent_sami(visitor().identify("Maja Holm"))
    amira = visitor(size, scheme).identify("Amira Haddad – vårdnadshavare")
    month = amira.page.get_by_role("link", name="Närvaro för Sami Haddad").get_attribute("href")
    ask = amira.open(month).page.get_by_role("link", name="Begär rättelse").first.get_attribute("href")
    lessons = f"/franvaro/anmal/lektioner/?pupils={month.split('/')[2]}&first={days.today() + timedelta(days=1)}"
    paths = [month, f"{month}{days.today() - timedelta(days=200):%Y-%m}/", ask, lessons, "/franvaro/", "/franvaro/anmal/"]
    assert walk(amira, paths, "home", size, scheme) == ""
    amira.open(ask).page.get_by_label("Vad är fel?").fill("Sami var med.")
    amira.press("Skicka till skolan")
    anna = visitor(size, scheme).identify("Anna Lindqvist").open("/franvaro/rattelser/")
    answer = anna.page.locator("main .list a").first.get_attribute("href")
    assert walk(anna, ["/start/", month, "/franvaro/rattelser/", answer], "mentor", size, scheme) == ""
    piera = visitor(size, scheme).identify("Piera Utsi").open("/start/")
    own = piera.page.get_by_role("link", name="Min närvaro").get_attribute("href")
    assert walk(piera, [own, "/franvaro/", "/franvaro/anmal/"], "adult", size, scheme) == ""
