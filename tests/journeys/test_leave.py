"""Leave from end to end: two children in two schools, the other guardian, the mentor, two deciders, and the document."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from playwright.sync_api import expect
from pypdf import PdfReader

from dexter.lib import days, embedded_database
from tests import database

from .conftest import NAME
from .test_every_page import LOOKS, SCREENSHOTS, walk

pytestmark = pytest.mark.journey
BOTH_SIGN = """
INSERT INTO absence_unitsettings (id, school_unit_id, start_date, both_guardians_sign_leave, grace_minutes, remind_at, cut_off_at,
  open_days, report_ahead_days, reports_are_judged, late_is_unauthorised, consent_days, delegated_leave_days, missing_after_minutes,
  roll_call_mode)
SELECT gen_random_uuid(), id, current_date - 30, true, 15, '15:30', '17:00', 14, 180, false, true, 7, 3, 30, 'lesson'
FROM registry_schoolunit WHERE name = 'Granskolan'
"""


@pytest.fixture(autouse=True)
def granskolan_wants_both(system: str) -> Iterator[None]:
    with psycopg.connect(embedded_database.superuser_url(database.server(), NAME), autocommit=True) as connection:
        connection.execute(BOTH_SIGN)
        yield
        connection.execute("DELETE FROM absence_unitsettings")


def applied(visitor: Callable[..., Any], *children: str, **look: Any) -> Any:
    """Amira, who has applied for the children for two days in three weeks."""
    amira = visitor(**look).identify("Amira Haddad – vårdnadshavare").open("/ledighet/ansok/")
    for child in children:
        amira.page.get_by_label(child).check()
    first = days.today() + timedelta(days=21)
    amira.page.get_by_label("Första dagen").fill(str(first))
    amira.page.get_by_label("Sista dagen").fill(str(first + timedelta(days=1)))
    amira.page.get_by_label("Vad gäller ledigheten?").fill("Mormor fyller 80 i Kiruna")
    amira.press("Skicka ansökan")
    return amira


def test_two_children_in_two_schools_get_two_decisions(visitor: Callable[..., Any], tmp_path: Path) -> None:
    amira = applied(visitor, "Sami Haddad", "Leila Haddad")
    expect(amira.page.get_by_text("Ansökan är skickad till Granskolan och Åsenskolan")).to_be_visible()
    expect(amira.page.get_by_text("Väntar på den andra vårdnadshavaren")).to_be_visible()

    jonas = visitor().identify("Jonas Haddad")
    jonas.press("Svara", "link").press("Jag samtycker")
    expect(jonas.page.get_by_text("Du samtycker. Skolan ser det.")).to_be_visible()

    anna = visitor("desk").identify("Anna Lindqvist")
    anna.page.locator("main a.door", has_text="Ledighet").click()
    anna.press("Sami Haddad", "link").press("Skriv ett yttrande", "link")
    anna.page.get_by_label("Ditt yttrande").fill("Går bra i alla ämnen.")
    anna.press("Spara yttrandet")

    ingrid = visitor("desk").identify("Ingrid Sjöberg").open("/ledighet/")
    ingrid.press("Sami Haddad", "link")
    assert "Går bra i alla ämnen." in ingrid.text
    assert "Jonas Haddad: samtycker" in ingrid.text
    ingrid.press("Besluta", "link")
    ingrid.page.get_by_label("Beviljad", exact=True).check()
    ingrid.press("Besluta")
    expect(ingrid.page.get_by_text("Beslutet är fattat")).to_be_visible()

    lars = visitor("desk").identify("Lars Öberg").open("/ledighet/")
    lars.press("Leila Haddad", "link").press("Besluta", "link")
    lars.page.get_by_label("Avslag").check()
    lars.press("Besluta")
    expect(lars.page.get_by_text("Skriv skälen")).to_be_visible()
    lars.page.get_by_label("Skäl").fill("Nationella prov den veckan.")
    lars.press("Besluta")
    expect(lars.page.get_by_text("Beslutet är fattat")).to_be_visible()

    amira.open("/ledighet/")
    expect(amira.page.get_by_text("Avslag")).to_be_visible()
    amira.press("Sami Haddad", "link")
    with amira.page.expect_download() as download:
        amira.page.get_by_role("link", name="Beslutet som PDF").click()
    download.value.save_as(tmp_path / "beslut.pdf")
    text = " ".join(PdfReader(io.BytesIO((tmp_path / "beslut.pdf").read_bytes())).pages[0].extract_text().split())
    assert re.search(r"Diarienummer \d{4}:\d+", text)
    assert "Sami Haddad beviljas ledighet" in text
    amira.press("Lämna tillbaka dagar", "link").press("Lämna tillbaka valda dagar")
    assert amira.text.count("Tillbakalämnad") == 2


def test_four_presses_at_the_same_moment_are_one_decision(visitor: Callable[..., Any]) -> None:
    applied(visitor, "Leila Haddad")
    lars, nina = (visitor("desk").identify(who).open("/ledighet/") for who in ("Lars Öberg", "Nina Björk"))
    for decider in (lars, nina):
        decider.press("Leila Haddad", "link").press("Besluta", "link")

    def decide(number: int) -> int:
        decider, outcome = [(lars, "granted"), (nina, "refused")][number % 2]
        return requests.post(**forms[decider, outcome], allow_redirects=False, timeout=20).status_code

    forms = {(decider, outcome): form_of(decider, outcome) for decider, outcome in ((lars, "granted"), (nina, "refused"))}
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(decide, range(4)))
    assert statuses == [302, 302, 409, 409]  # whoever won pressed twice
    lars.page.reload()
    assert lars.text.count("Diarienummer") == 1


def form_of(decider: Any, outcome: str) -> dict[str, Any]:
    cookies = {cookie["name"]: cookie["value"] for cookie in decider.page.context.cookies()}
    token = decider.page.locator("main input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    data = {"csrfmiddlewaretoken": token, "_role": "staff", "outcome": outcome, "reasons": "Skäl"}
    return {"url": decider.page.url, "data": data, "cookies": cookies, "headers": {"Referer": decider.page.url}}


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_leave(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    amira = applied(visitor, "Sami Haddad", "Leila Haddad", size=size, scheme=scheme)
    sami, leila = (amira.page.get_by_role("link", name=name).get_attribute("href") for name in ("Sami Haddad", "Leila Haddad"))
    jonas = visitor(size, scheme).identify("Jonas Haddad")
    assert walk(jonas, ["/start/", f"{sami}svar/"], "leave-other", size, scheme) == ""
    jonas.open(f"{sami}svar/").press("Jag samtycker inte")
    assert walk(amira, ["/ledighet/", "/ledighet/ansok/", sami, f"{sami}ta-tillbaka/"], "leave-home", size, scheme) == ""
    anna = visitor(size, scheme).identify("Anna Lindqvist")
    assert walk(anna, ["/start/", "/ledighet/", f"{sami}yttrande/"], "leave-mentor", size, scheme) == ""
    lars = visitor(size, scheme).identify("Lars Öberg")
    assert walk(lars, [leila, f"{leila}beslut/", "/ledighet/?visa=avslutade"], "leave-decider", size, scheme) == ""
    lars.open(f"{leila}beslut/").page.get_by_label("Beviljad", exact=True).check()
    lars.press("Besluta")
    assert walk(amira, [leila, f"{leila}ta-tillbaka/"], "leave-decided", size, scheme) == ""


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desk", "light")])
def test_days_on_which_leave_is_seldom_granted(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    """The office says so; the home is told before it sends, and sends all the same."""
    pekka, name = visitor(size, scheme).identify("Pekka Niemi").open("/skolor/"), f"Nationella prov {size}"
    page = pekka.page.get_by_role("link", name="Ledighet Granskolan").get_attribute("href")
    pekka.open(page).page.get_by_label("Varför, med vanliga ord").fill(name)
    pekka.page.get_by_label("Första dagen").fill(str(days.today() + timedelta(days=20)))
    pekka.page.get_by_label("Sista dagen").fill(str(days.today() + timedelta(days=26)))
    pekka.page.get_by_label("Årskurs 4").check()
    pekka.press("Lägg till")
    expect(pekka.page.get_by_text(name)).to_be_visible()
    assert walk(pekka, [page], "blocked-office", size, scheme) == ""

    amira = applied(visitor, "Sami Haddad", size=size, scheme=scheme)
    expect(amira.page.get_by_role("alert")).to_contain_text(name)
    amira.page.screenshot(path=SCREENSHOTS / f"blocked-home-{size}-{scheme}.png", full_page=True)
    amira.press("Skicka ändå")
    expect(amira.page.get_by_text("Ansökan är skickad till Granskolan")).to_be_visible()
    assert walk(amira, ["/ledighet/ansok/"], "blocked-home", size, scheme) == ""
    sami = amira.open("/ledighet/").page.get_by_role("link", name="Sami Haddad").first.get_attribute("href")
    assert walk(visitor(size, scheme).identify("Ingrid Sjöberg"), [sami], "blocked-decider", size, scheme) == ""
    amira.open(f"{sami}ta-tillbaka/").page.locator("main form button").click()
    pekka.open(page).press(f"Ta bort från listan: {name}")
    expect(pekka.page.get_by_text(name)).not_to_be_visible()
