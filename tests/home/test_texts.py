"""What a home meets is there in every language that has a catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from dexter.home.texts import WAY, all_texts, texts_in, texts_on_the_way, untranslated

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
