"""An office sends a list in, watches it being read by the worker, and carries it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.lib import days

from .test_every_page import inspect

pytestmark = pytest.mark.journey
HEADINGS = "Personnummer;Förnamn;Efternamn;Skolenhetskod;Skolform;Årskurs;Klass;Startdatum;Vårdnadshavare 1 personnummer;Vårdnadshavare 1 förnamn;Vårdnadshavare 1 efternamn"


def table(*rows: str) -> bytes:
    return "\n".join([HEADINGS, *rows]).encode("cp1252")


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desk", "light")])
def test_a_list_becomes_pupils(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    pekka = visitor(size, scheme).identify("Pekka")
    number = {"phone": "11", "desk": "12"}[size]
    rows = [
        f"20150323TF{number};Åsa;Ö{size};90000000;GR;4;4A;{days.today()};19820101TF{number};Maria;Ek",
        "20150323-0000;Bo;Ek;90000000;GR;4;4A;2026-08-17;;;",
    ]
    assert inspect(pekka, "/import/", f"import_list-{size}-{scheme}") == []
    assert inspect(pekka, "/import/ny/", f"import_upload-{size}-{scheme}") == []
    pekka.page.get_by_label("Fil", exact=True).set_input_files({"name": "elever.csv", "mimeType": "text/csv", "buffer": table(*rows)})
    pekka.press("Läs listan")
    pekka.page.get_by_role("button", name="Genomför").wait_for(timeout=30_000)
    assert "1 avvisad rad" in pekka.text
    assert inspect(pekka, pekka.path, f"import_detail-{size}-{scheme}") == []
    pekka.press("Genomför")
    assert "Kryssa för" in pekka.text
    pekka.page.get_by_label("Gå vidare utan").check()
    pekka.press("Genomför")
    pekka.page.get_by_text("Vad som gjordes").wait_for(timeout=30_000)
    pekka.open("/personer/").page.get_by_label("Namn").fill(f"Åsa Ö{size}")
    pekka.press("Sök")
    assert f"Åsa Ö{size}" in pekka.text
