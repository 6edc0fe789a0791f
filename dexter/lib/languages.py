"""The languages of the pages: English, in which the texts are written, and each catalogue in `locale/`.

A further language is a catalogue and nothing else: its header says what the language calls itself (`X-Language-Name`).
What a catalogue lacks is shown in the language of the site.
"""

from __future__ import annotations

import re
from pathlib import Path

NAME = re.compile(r'^"X-Language-Name: (?P<name>.+?)\\n"$', re.M)
SOURCE = ("en", "English")
HEADER = 2000  # characters at the beginning of a catalogue within which its header stands


def code_of(folder: str) -> str:
    """`sv_Simple` of the catalogues is `sv-simple` of pages (BCP 47)."""
    return folder.replace("_", "-").lower()


def languages_in(folder: Path, first: str) -> list[tuple[str, str]]:
    """Code and own name of each language, `first` and English before the others. Raises ValueError for a catalogue without a name."""
    found = {code_of(path.parent.parent.name): _name_in(path) for path in folder.glob("*/LC_MESSAGES/django.po")}
    leading = {code: found.pop(code) for code in (first,) if code in found}
    return [*leading.items(), SOURCE, *sorted(found.items())]


def _name_in(catalogue: Path) -> str:
    with catalogue.open(encoding="utf-8") as file:
        match = NAME.search(file.read(HEADER))
    if match is None:
        raise ValueError(f"{catalogue.parent.parent.name}: the catalogue's header lacks X-Language-Name.")
    return match["name"]
