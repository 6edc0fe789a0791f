"""A further language is a catalogue, not code."""

from __future__ import annotations

from pathlib import Path

import pytest

from dexter.lib.languages import languages_in


def catalogue(folder: Path, name: str, header: str) -> None:
    path = folder / name / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(f'msgid ""\nmsgstr ""\n{header}\n', encoding="utf-8")


def test_each_catalogue_is_a_language_under_its_own_name(tmp_path: Path) -> None:
    for name, own in (("so", "Soomaali"), ("sv", "Svenska"), ("sv_Simple", "Lätt svenska"), ("ar", "العربية")):
        catalogue(tmp_path, name, f'"X-Language-Name: {own}\\n"')
    assert languages_in(tmp_path, first="sv") == [
        ("sv", "Svenska"), ("en", "English"), ("ar", "العربية"), ("so", "Soomaali"), ("sv-simple", "Lätt svenska"),
    ]  # fmt: skip


def test_a_catalogue_without_a_name_is_told(tmp_path: Path) -> None:
    catalogue(tmp_path, "fi", '"Language: fi\\n"')
    with pytest.raises(ValueError, match="fi: the catalogue's header lacks X-Language-Name"):
        languages_in(tmp_path, first="sv")
