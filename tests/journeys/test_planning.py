"""A plan from last year's, in six clicks at most; content picked, a file added, withdrawn; and every page of the room in four looks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import expect

from dexter.lib import days, embedded_database
from tests import database

from .conftest import NAME, Visitor
from .test_every_page import LOOKS, walk

pytestmark = pytest.mark.journey
MOST_CLICKS = 6
VERSION = """
INSERT INTO syllabus_subjectversion (id, school_type, subject_code, course_code, name, designation, curriculum, number, valid_from, purpose,
  is_example, digest, source) VALUES (%s, 'GR', 'GRGRMAT01', '', 'Matematik', 'MA', 'Prov', 900, '2022-07-01', '{}', false, 'x', '{}')
"""
POINT = """
INSERT INTO syllabus_centralcontentitem (id, version_id, key, position, text, start_year, end_year, area, variant)
VALUES (%s, %s, %s, %s, %s, 4, 6, %s, '')
"""
CRITERION = """
INSERT INTO syllabus_criterion (id, version_id, key, position, text, kind, year, step, aspect, variant)
VALUES (%s, %s, %s, %s, %s, 'grade', 6, %s, 0, '')
"""
POINTS = [
    ("tal-1", "Taluppfattning", "Bråk och decimaltal och hur de används i vardagen."),
    ("tal-2", "Taluppfattning", "Rimlighet vid uppskattningar och beräkningar."),
    ("geo-1", "Geometri", "Skala och hur den används i vardagliga situationer."),
    ("geo-2", "Geometri", "Hur omkrets och area av olika figurer bestäms och uppskattas."),
]


@pytest.fixture(autouse=True)
def curriculum(system: str) -> Iterator[None]:
    """Mathematics of years 4 to 6, and no plan that is left behind."""
    with psycopg.connect(embedded_database.superuser_url(database.server(), NAME), autocommit=True) as connection:
        version = uuid.uuid4()
        connection.execute(VERSION, [version])
        for place, (key, area, text) in enumerate(POINTS):
            connection.execute(POINT, [uuid.uuid4(), version, key, place, text, area])
        for place, step in enumerate("ECA"):
            words = f"Eleven löser uppgifter med {['i huvudsak', 'relativt', 'väl'][place]} fungerande metoder."
            connection.execute(CRITERION, [uuid.uuid4(), version, f"6-{step}", place, words, step])
        yield
        connection.execute("TRUNCATE planning_lessonplan CASCADE")
        for table in ("centralcontentitem", "criterion"):
            connection.execute(f"DELETE FROM syllabus_{table} WHERE version_id = %s", [version])
        connection.execute("DELETE FROM syllabus_subjectversion WHERE id = %s", [version])


def last_years(anna: Visitor) -> None:
    """A plan for 4A a year ago, with content chosen from the search and by a whole section."""
    anna.open("/larande/planeringar/").press("Ny planering", "link")
    page, first = anna.page, days.today() - timedelta(days=364)
    page.get_by_label("Rubrik").fill("Bråk i vardagen")
    page.get_by_label("Vad vi ska göra").fill("Vi delar pizzor, mäter upp och jämför.\nVi räknar i par och redovisar för klassen.")
    page.get_by_label("Varför").fill("För att kunna dela rättvist och förstå recept.")
    page.get_by_label("Mål", exact=True).fill("Jag kan dela en helhet i lika delar\nJag kan jämföra två bråk")
    page.get_by_label("Matematik 4A").check()
    page.get_by_label("Första dagen").first.fill(str(first))
    page.get_by_label("Sista dagen").first.fill(str(first + timedelta(days=25)))
    anna.press("Spara och välj innehåll")
    anna.with_scripts("Sök").page.get_by_label("Sök").press_sequentially("skala")
    expect(page.get_by_text("Rimlighet vid uppskattningar")).not_to_be_visible()
    page.get_by_label("Skala och hur").check()
    page.get_by_label("Sök").fill("")
    expect(page.get_by_text("Rimlighet vid uppskattningar")).to_be_visible()
    page.get_by_label("Hela avsnittet Taluppfattning").check()
    page.get_by_label("E Eleven löser").check()
    anna.press("Spara")
    expect(page.get_by_text("Innehåll och kriterier är sparade.")).to_be_visible()
    expect(page.get_by_text("3 punkter ur det centrala innehållet")).to_be_visible()


def test_from_last_years_plan_to_both_homes_in_six_clicks(visitor: Callable[..., Visitor]) -> None:
    anna = visitor("desk").identify("Anna Lindqvist")
    last_years(anna)
    anna.open("/larande/planeringar/")
    clicks = [
        lambda: anna.page.get_by_role("link", name="Kopiera Bråk i vardagen").click(),
        lambda: anna.page.locator("main form").get_by_role("button", name="Kopiera").click(),
        lambda: anna.press("Publicera"),
    ]
    for click in clicks:
        click()
    assert len(clicks) <= MOST_CLICKS
    expect(anna.page.get_by_text("Publicerad. Elever och vårdnadshavare i 4A, 4B läser den nu")).to_be_visible()
    amira = visitor("phone").identify("Amira Haddad – vårdnadshavare").open(anna.path)
    assert amira.heading == "Bråk i vardagen"
    assert "4B" not in amira.text
    assert "Jag kan jämföra två bråk" in amira.text

    anna.press("Ändra", "link")
    anna.press("Lägg till en fil")
    anna.page.get_by_label("Fil", exact=True).set_input_files(
        {"name": "blad.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 prov"}
    )
    anna.press("Spara")
    anna.press("Lägg till en uppgift")
    anna.page.get_by_label("Rubrik").fill("Prov om bråk")
    anna.page.get_by_label("Dag", exact=True).fill(str(days.today() + timedelta(days=9)))
    anna.page.get_by_label("Typ", exact=True).select_option("test")
    anna.press("Spara")
    amira.open(amira.path)
    with amira.page.expect_download() as saved:
        amira.press("blad.pdf", "link")
    assert saved.value.suggested_filename == "blad.pdf"
    assert "Prov om bråk" in amira.text


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_of_the_room(visitor: Callable[..., Visitor], size: str, scheme: str) -> None:
    anna = visitor(size, scheme).identify("Anna Lindqvist")
    last_years(anna)
    old = anna.path
    anna.open(f"{old}kopiera/").press("Kopiera")
    plan = anna.path
    anna.open(f"{plan}uppgifter/")
    anna.page.get_by_label("Rubrik").fill("Läxa: sidan 12")
    anna.page.get_by_label("Dag", exact=True).fill(str(days.today() + timedelta(days=9)))
    anna.press("Spara")
    task = anna.page.get_by_role("link", name="Läxa: sidan 12").get_attribute("href") or ""
    year = anna.open(plan).press("Läsåret", "link").path
    faults = walk(anna, [f"{plan}ta-bort/"], "plan-draft", size, scheme)
    anna.open(plan).press("Publicera").press("Dra tillbaka", "link")
    withdraw = anna.path
    verbs = ("", "andra/", "innehall/", "kopiera/", "uppgifter/", "lankar/", "filer/")
    paths = ["/larande/planeringar/", "/larande/planeringar/ny/", *(f"{plan}{verb}" for verb in verbs), task, year, withdraw]
    assert (faults + walk(anna, paths, "planner", size, scheme)) == ""
    amira = visitor(size, scheme).identify("Amira Haddad – vårdnadshavare")
    assert walk(amira, [plan], "plan-home", size, scheme) == ""
