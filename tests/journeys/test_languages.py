"""The way of a home in each language: signed in, reported, received, with nothing clipped and no fault that axe finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .test_every_page import walk

pytestmark = pytest.mark.journey
REPORTS = {"ar": "غائب غداً", "so": "Maqan berri", "sv-simple": "Borta i morgon"}


@pytest.mark.parametrize("language", REPORTS)
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_absence_is_reported_in_the_language_of_the_home(visitor: Callable[..., Any], language: str, size: str) -> None:
    reader = visitor(size).open("/")
    reader.page.locator(f"footer button[value={language}]").click()
    assert reader.page.locator("html").get_attribute("lang") == language
    assert walk(reader, ["/", "/e-tjanst/", "/logga-in/e-legitimation/", "/logga-in/elev/"], f"public-{language}", size, "light") == ""
    reader.identify("Amira Haddad – vårdnadshavare")
    reader.page.locator("form label.choice").first.click()
    receipt = reader.press(REPORTS[language]).path
    assert walk(reader, ["/start/", receipt, "/franvaro/", "/franvaro/anmal/"], f"guardian-{language}", size, "light") == ""
    assert reader.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else None)
