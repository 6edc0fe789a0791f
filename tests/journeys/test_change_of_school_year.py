"""August as the office does it: the draft of a new school year and a timetable from a file, on a phone and a desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days

from .test_every_page import LOOKS, walk

pytestmark = pytest.mark.journey
FILE = "klass;ämne;lärare;sal;veckodag;start;slut\n4A;MA;;;tis;08:10;09:00\n9Z;MA;;;tis;08:10;09:00\n"


def draft(office: Any) -> str:
    """The address of the school's draft; begun with two presses if there is none."""
    rows = office.open("/lasarsskifte/").page.locator("main .list a")
    if not rows.count():
        office.open("/lasarsskifte/nytt/").page.locator("main form button").click()
        office.page.wait_for_url("**/lasarsskifte/*-*/")
        rows = office.open("/lasarsskifte/").page.locator("main .list a")
    return str(rows.first.get_attribute("href"))


def dry_run(office: Any) -> str:
    page = office.open("/schema/importera/").page
    page.locator("input[type=date]").fill(str(days.today() + timedelta(days=1)))
    page.locator("input[type=file]").set_input_files({"name": "schema.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.locator("main form button").click()
    page.wait_for_url("**/schema/importera/*-*/")
    return str(page.url.split("/", 3)[3])


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_august(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    pekka = visitor(size, scheme).identify("Pekka Niemi")
    page = draft(pekka)
    step = pekka.open(page).page.locator("main .list a").first.get_attribute("href")
    paths = [
        "/lasarsskifte/",
        "/lasarsskifte/nytt/",
        page,
        step,
        f"{page}grupper/",
        f"{page}klass/",
        f"{page}elev/",
        f"{page}genomfor/",
        f"{page}angra/",
    ]
    group = pekka.open("/grupper/").page.locator(".ds-table td a").first.get_attribute("href")
    paths += ["/schema/importera/", f"/{dry_run(pekka)}", group.replace("/grupper/", "/klasser/") + "konton/"]
    assert walk(pekka, paths, "august", size, scheme) == ""
