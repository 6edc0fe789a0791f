"""What everybody may read, and what the municipality says of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateWorker

from dexter.audit.models import Entry
from dexter.home import reads
from dexter.home.models import Municipality, SiteText
from dexter.jobs import reads as jobs
from dexter.lib import days
from dexter.lib.access import Role

LINKS = [
    "Grundskola: närvaro, betyg och omdömen (Dexter och Lärande)",
    "Dexter: inloggning för elever",
    "Inloggning för personal",
    "Frågor och kontakt",
    "Tillgänglighetsredogörelse",
    "Så behandlar vi personuppgifter",
]


@pytest.mark.parametrize("path", ["/", "/dexter/"])
def test_the_front_page_offers_the_municipalitys_links(client: Client, db: None, path: str) -> None:
    page = client.get(path).content.decode()
    assert all(link in page for link in LINKS)
    assert '<html lang="sv"' in page


def test_the_statement_tells_how_to_report_faults_and_who_supervises(client: Client, db: None) -> None:
    page = client.get("/tillganglighet/").content.decode()
    assert "Rapportera brister" in page
    assert 'href="https://www.digg.se/tdosanmalan"' in page


def test_every_page_carries_the_strict_headers(client: Client, db: None) -> None:
    for path in ("/", "/finns-inte/", "/start/"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "HX-Request" in headers["Vary"]


def test_an_administrator_changes_the_contact_and_the_second_saver_loses_nothing(
    cast: Any, client_as: Callable[..., Any], client: Client
) -> None:
    pekka, path = client_as("pekka", Role.STAFF), "/installningar/kontakt/"
    version = reads.municipality().version
    values = {
        "name": "Älvsunda kommun",
        "contact_name": "<b>Anna</b>",
        "contact_email": "a@example.org",
        "contact_phone": "08-1",
        "version": version,
    }
    assert pekka.send(path, values).url == "/kontakt/"
    assert "&lt;b&gt;Anna&lt;/b&gt;" in client.get("/kontakt/").content.decode()
    second = pekka.send(path, {**values, "contact_name": "Mitt förslag"})
    assert second.status_code == 422
    assert "Mitt förslag" in second.content.decode()
    assert "Någon annan har sparat" in second.content.decode()
    assert Municipality.objects.get().contact_name == "<b>Anna</b>"
    assert pekka.send(path, {**values, "contact_email": "ingen adress"}).status_code == 422
    assert Entry.objects.filter(action="home.edit_contact").count() == 1
    assert client_as("anna", Role.STAFF).send(path, values).status_code == 403


def test_an_administrator_changes_a_text_in_plain_words(cast: Any, client_as: Callable[..., Any], client: Client) -> None:
    pekka, path = client_as("pekka", Role.STAFF), "/installningar/texter/tillganglighet/"
    text = "## Rubrik\n\nEn <script>alert(1)</script> rad.\n\nSe https://example.org/a?b=1&c=2 ."
    assert pekka.send(path, {"text": text, "version": 0}).url == "/tillganglighet/"
    page = client.get("/tillganglighet/").content.decode()
    assert ">Rubrik</h2>" in page
    assert "<script>alert" not in page
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page
    second = pekka.send(path, {"text": "Min text", "version": 0})
    assert (second.status_code, "Min text" in second.content.decode()) == (422, True)
    assert "Det som är sparat nu" in second.content.decode()
    assert SiteText.objects.get().version == 1
    assert pekka.get("/installningar/texter/annat/").status_code == 404


def test_the_health_page_tells_of_the_worker_and_the_queue(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ProcrastinateWorker.objects.count() == 0
    assert client.get("/halsa/").status_code == 503
    now = days.now()
    monkeypatch.setattr(jobs, "worker_heartbeat", lambda: now)
    assert client.get("/halsa/").json() == {
        "database": "ok",
        "worker_heartbeat_seconds": 0,
        "imports": "ok",
        "notices_not_proven": 0,
        "queue_age_seconds": 0,
    }
    monkeypatch.setattr(jobs, "oldest_waiting", lambda: now - timedelta(hours=1))
    late = client.get("/halsa/")
    assert (late.status_code, late.json()["queue_age_seconds"]) == (503, 3600)


def test_a_broken_page_tells_nothing_of_the_inside(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False

    def broken(*_args: Any) -> None:
        raise RuntimeError("hemligt")

    monkeypatch.setattr("dexter.home.reads.site_text", broken)
    response = client.get("/tillganglighet/")
    assert response.status_code == 500
    assert "Något gick sönder" in response.content.decode()
    assert "hemligt" not in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_english_is_complete_and_swedish_is_the_default(client: Client, db: None) -> None:
    client.post("/sprak/", {"language": "en", "next": "/om-dexter/"})
    assert "About Dexter and Lärande" in client.get("/om-dexter/").content.decode()
    client.post("/sprak/", {"language": "xx"})
    assert "About Dexter" in client.get("/om-dexter/").content.decode()
    for kind in SiteText.Kind.values:
        assert reads.site_text(kind, "en").text != reads.site_text(kind, "sv").text


def test_every_icon_that_a_page_names_exists() -> None:
    import re

    from dexter.lib.templatetags.dexter import icon

    templates = Path(__file__).resolve().parent.parent.parent / "templates"
    used = {name for path in templates.rglob("*.html") for name in re.findall(r'{% icon "([^"]+)" %}', path.read_text(encoding="utf-8"))}
    assert all("<svg" in icon(name) for name in used)
    for bad in ("../../../etc/passwd", "Nej", ""):
        with pytest.raises(FileNotFoundError):
            icon(bad)


@pytest.mark.parametrize("path", ["/kontakt/", "/tillganglighet/", "/personuppgifter/"])
def test_only_who_may_change_a_public_page_is_led_there(client: Client, client_as: Any, path: str) -> None:
    assert "/installningar/" in client_as("pekka", Role.STAFF).get(path).content.decode()
    for reader in (client, client_as("anna", Role.STAFF), client_as("amira", Role.GUARDIAN)):
        assert "/installningar/" not in reader.get(path).content.decode()
