"""The office's morning: a pupil is missing, is called about, is reported, leaves the list; and the list at an alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from dexter.lib import days, embedded_database
from tests import database

from .conftest import NAME
from .test_every_page import LOOKS, walk

pytestmark = pytest.mark.journey


@pytest.fixture
def begun(system: str) -> None:
    """The first lesson of 4A began half an hour ago or earlier, whatever the hour of the test is but the first after midnight."""
    midnight, long_ago = days.bounds(days.today())[0], days.now() - timedelta(minutes=31)
    if long_ago < midnight:
        pytest.skip("So early in the day nothing of it began half an hour ago.")
    first = "SELECT e.id FROM registry_calendarevent e JOIN registry_activitygroup a ON a.activity_id = e.activity_id "
    first += "JOIN registry_group g ON g.id = a.group_id WHERE g.name = '4A' AND e.day = %(day)s ORDER BY e.starts_at LIMIT 1"
    began = {"day": days.today(), "at": long_ago}
    with psycopg.connect(embedded_database.superuser_url(database.server(), NAME), autocommit=True) as connection:
        connection.execute(f"UPDATE registry_calendarevent SET starts_at = LEAST(starts_at, %(at)s) WHERE id = ({first})", began)


def test_a_missing_pupil_is_called_about_reported_and_gone_from_the_list(visitor: Callable[..., Any], begun: None) -> None:
    anna = visitor("desk").identify("Anna Lindqvist").open("/lektioner/")
    anna.page.locator("main .timeline a").first.click()
    anna.page.locator(".roster label", has_text="Sami Haddad").click()
    anna.press("Spara närvaron")
    office = visitor("desk").identify("Pekka Niemi")
    office.page.locator("main a.door", has_text="Skoldagen").click()
    first = office.page.locator(".alarm").first
    expect(first.get_by_role("link", name="Sami Haddad", exact=True)).to_be_visible()
    expect(first.get_by_text("Amira Haddad")).to_be_visible()
    first.get_by_role("button", name="Inget svar").click()
    expect(office.page.get_by_text("Samtalet om Sami Haddad är noterat")).to_be_visible()
    reached = office.page.locator(".alarm").get_by_role("button", name="Nådd")
    reached.focus()
    office.page.evaluate("document.getElementById('school_day').dataset.old = 'yes'")
    office.page.evaluate("htmx.ajax('GET', location.pathname, {target: '#school_day', swap: 'outerHTML'})")
    expect(office.page.locator("#school_day[data-old]")).to_have_count(0)
    expect(reached).to_be_focused()  # the page refreshes itself under who works by keyboard
    office.page.locator(".alarm").get_by_role("link", name="Anmäl nu").click()
    office.page.get_by_label("Amira Haddad").check()
    office.press("Anmäl frånvaro")
    expect(office.page.get_by_text("Sami Haddad är anmäld frånvarande")).to_be_visible()
    expect(office.page.locator(".alarm")).to_have_count(0)
    maja = visitor("phone").identify("Maja Holm")
    maja.page.locator("main a.door", has_text="Närvarande nu").click()
    fours = maja.page.locator("section.muster", has_text="4A")
    expect(fours.get_by_role("checkbox", name="Sami Haddad")).to_have_count(0)
    fours.get_by_role("checkbox", name="Elsa Sandström").check()
    maja.page.emulate_media(media="print")
    expect(fours.get_by_text("Elsa Sandström")).to_be_visible()
    expect(maja.page.get_by_role("button", name="Skriv ut")).to_be_hidden()


def test_three_presses_from_the_name_to_the_next_call(visitor: Callable[..., Any]) -> None:
    office = visitor("desk").identify("Pekka Niemi").open("/franvaro/telefon/")
    office.page.wait_for_load_state()
    office.page.keyboard.type("noor h")  # the field has the focus
    office.page.locator("#pupil_hits a", has_text="Noor Haddad").click()
    office.page.get_by_label("Jonas Haddad").check()
    office.press("Anmäl frånvaro")
    expect(office.page.get_by_label("Elevens namn")).to_be_focused()
    office.press("Ångra")
    expect(office.page.get_by_text("Ångrat: Noor Haddad")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_the_schools_day(visitor: Callable[..., Any], begun: None, size: str, scheme: str) -> None:
    anna = visitor(size, scheme).identify("Anna Lindqvist").open("/lektioner/")
    anna.page.locator("main .timeline a").first.click()
    for name in ("Sami Haddad", "Elsa Sandström"):
        anna.page.locator(".roster label", has_text=name).click()
    anna.press("Spara närvaron")
    office = visitor(size, scheme).identify("Pekka Niemi").open("/franvaro/telefon/")
    office.page.get_by_label("Elevens namn").fill("Elsa Sand")
    office.press("Sök")
    pupil = office.page.locator("#pupil_hits a").first.get_attribute("href")
    office.open(pupil).page.get_by_label("Någon annan").check()
    office.press("Anmäl frånvaro")
    group = office.open("/start/").page.locator("a.door[href^='/fritids/']").first.get_attribute("href")
    paths = ["/start/", "/franvaro/telefon/", pupil, "/skoldagen/", "/narvarande-nu/", group]
    assert walk(office, paths, "day", size, scheme) == ""
