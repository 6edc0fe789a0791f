"""What a home meets is there in every language that has a catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dexter.home.texts import OF_DJANGO, SINGLE, WAY, all_texts, texts_in, texts_of_fields, texts_on_the_way, untranslated
from dexter.lib.access import Role

FOLDERS = sorted(path.parent.parent.name for path in (settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))


def test_the_way_is_found() -> None:
    assert len(texts_on_the_way()) > 150
    assert all(list(settings.BASE_DIR.glob(pattern)) for pattern in WAY)


def test_texts_of_templates_and_of_code_are_found(tmp_path: Path) -> None:
    page, code = tmp_path / "page.html", tmp_path / "code.py"
    page.write_text('{% translate "One" %}{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}')
    code.write_text('_("Two"); pgettext_lazy("role", "Three")')
    assert list(texts_in(page)) == [("", "One"), ("", ("%(n)s day", "%(n)s days"))]
    assert list(texts_in(code)) == [("", "Two"), ("role", "Three")]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_language_is_whole_on_the_way_of_a_home(folder: str) -> None:
    assert untranslated(folder) == []
    assert untranslated(folder, texts_of_fields(folder)) == []


def test_what_django_says_of_a_field_is_ours_where_django_lacks_the_language() -> None:
    assert len(texts_of_fields("so")) == len(OF_DJANGO)
    assert texts_of_fields("ar") == texts_of_fields("sv_Simple") == []


def test_single_texts_stand_in_the_files_that_are_named() -> None:
    for name, texts in SINGLE.items():
        assert set(texts) <= {text for _context, text in texts_in(settings.BASE_DIR / name)}


@pytest.mark.parametrize(
    ("who", "role", "path", "words"),
    [
        ("amira", Role.GUARDIAN, "/start/", "Hubi xogtaada xiriirka"),
        ("amira", Role.GUARDIAN, "/mina-uppgifter/", "Bedel ama xaqiiji iimaylka"),
        ("amira", Role.GUARDIAN, "/franvaro/", "Xilli-dugsiyeedka"),
        ("fadumo", Role.PUPIL, "/start/", "Casharradayda maanta"),
        (None, None, "/logga-in/elev/", "Furaha sirta ah"),
    ],
)
def test_what_a_home_reads_is_in_its_language(
    client: Client, client_as: Callable[..., Any], who: str | None, role: Role | None, path: str, words: str
) -> None:
    reader = client_as(who, role) if who else client
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "so"
    assert words in reader.get(path).content.decode()


def test_a_field_complains_in_the_language_of_the_home(guardian: Any, db: None) -> None:
    guardian.cookies[settings.LANGUAGE_COOKIE_NAME] = "so"
    assert "Waa in halkan la buuxiyo." in guardian.send("/ledighet/ansok/", {"pupils": ""}).content.decode()


def test_the_swedish_catalogue_holds_every_text_there_is() -> None:
    texts = all_texts()
    assert len(texts) > 2000
    assert untranslated("sv", texts) == []


@pytest.mark.parametrize(("code", "direction"), [("ar", ' dir="rtl"'), ("so", ""), ("sv-simple", ""), ("sv", ""), ("en", "")])
def test_a_page_says_its_language_and_direction(client: Client, db: None, code: str, direction: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = code
    page = client.get("/").content.decode()
    assert f'<html lang="{code}"{direction} ' in page
    assert ("dir=" in page) == bool(direction)
    assert client.get("/personuppgifter/").status_code == 200
