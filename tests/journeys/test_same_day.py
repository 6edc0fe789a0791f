"""A teacher marks a child absent; the guardian's message leads to the day; what did not get through is phoned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from dexter.lib import embedded_database
from tests import database

from .conftest import NAME
from .test_every_page import LOOKS, inspect
from .test_roll_call import at_the_first_lesson

pytestmark = pytest.mark.journey
NO_GRACE = """
INSERT INTO absence_unitsettings (id, school_unit_id, start_date, grace_minutes, remind_at, cut_off_at, open_days, report_ahead_days,
  reports_are_judged, late_is_unauthorised, both_guardians_sign_leave, consent_days, delegated_leave_days, missing_after_minutes, roll_call_mode)
SELECT gen_random_uuid(), id, %s, 0, '15:30', '17:00', 14, 180, false, true, false, 7, 3, 30, 'lesson' FROM registry_schoolunit
WHERE name = 'Granskolan'
"""
NO_ADDRESS = """
DELETE FROM {table} WHERE person_id IN (SELECT id FROM registry_person WHERE given_name = 'Karin' AND family_name = 'Sandström')
"""


@pytest.fixture
def without_grace(system: str) -> None:
    with psycopg.connect(embedded_database.superuser_url(database.server(), NAME), autocommit=True) as connection:
        connection.execute(NO_GRACE, [date(2020, 1, 1)])


@pytest.fixture
def without_address(system: str) -> None:
    """Karin has a number at home that takes no text messages, and no e-mail."""
    with psycopg.connect(embedded_database.superuser_url(database.server(), NAME), autocommit=True) as connection:
        connection.execute(NO_ADDRESS.format(table="registry_emailaddress"))
        connection.execute("UPDATE registry_phonenumber SET mobile = false, value = '0911-123 45' WHERE person_id IN "
                           "(SELECT id FROM registry_person WHERE given_name = 'Karin' AND family_name = 'Sandström')")  # fmt: skip


def marked(visitor: Callable[..., Any], name: str, **options: Any) -> Any:
    anna = at_the_first_lesson(visitor, **options)
    anna.page.locator(".roster label", has_text=name).click()
    anna.press("Spara närvaron")
    expect(anna.page.get_by_text("Närvaron är sparad")).to_be_visible()
    return anna


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_message_leads_to_the_day(visitor: Callable[..., Any], without_grace: None, size: str, scheme: str) -> None:
    anna = marked(visitor, "Sami Haddad", size=size, scheme=scheme)
    amira = visitor(size, scheme).identify("Amira Haddad – vårdnadshavare")
    message = amira.open("/demo/meddelanden/").page.locator("main article", has_text="Sami har ogiltig frånvaro").first
    for _attempt in range(40):
        if message.count():
            break
        amira.page.wait_for_timeout(500)
        amira.open("/demo/meddelanden/")
    link = next(word for word in message.inner_text().split() if "/franvaro/dag/" in word)
    path = link.removeprefix(amira.base)
    assert path.startswith("/franvaro/dag/")
    assert inspect(amira, path, f"same_day-guardian-{size}-{scheme}") == []
    assert amira.heading == "Sami Haddad"
    expect(amira.page.get_by_text("Ogiltig frånvaro, ").first).to_be_visible()
    expect(amira.page.get_by_text("Första beskedet")).to_have_count(1)
    assert inspect(anna, path, f"same_day-mentor-{size}-{scheme}") == []
    expect(anna.page.get_by_text("Jonas Haddad")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_who_cannot_be_written_to_is_phoned(
    visitor: Callable[..., Any], without_grace: None, without_address: None, size: str, scheme: str
) -> None:
    marked(visitor, "Elsa Sandström")
    pekka = visitor(size, scheme).identify("Pekka Niemi")
    assert inspect(pekka, "/start/", f"same_day-office-{size}-{scheme}") == []
    for _attempt in range(40):
        if pekka.open("/franvaro/ringlista/").page.get_by_text("Elsa Sandström").count():
            break
        pekka.page.wait_for_timeout(500)
    assert inspect(pekka, "/franvaro/ringlista/", f"phone_list-{size}-{scheme}") == []
    pekka.page.get_by_role("button", name="Inget svar: Karin Sandström").click()
    expect(pekka.page.get_by_text("Samtalet är antecknat")).to_be_visible()
    pekka.page.get_by_role("button", name="Nådd: Karin Sandström").click()
    expect(pekka.page.get_by_text("Underrättad")).to_be_visible()
    assert inspect(pekka, "/franvaro/ringlista/", f"phone_list-done-{size}-{scheme}") == []
