"""Purpose, abilities and points of the central content, out of their HTML texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from .markup import Block, Kind, blocks
from .parsed import LeftOut, ParsedItem, Unreadable
from .variants import variant_in, variant_of

LEAD = "a line that leads in"
LONGEST_AREA = 200  # a longer heading is read as a point
LONGEST_BARE_AREA = 120  # a paragraph before a list; Gy25 marks its areas so
YEARS = re.compile(r"(\d{1,2})(?:\s*[-–—]\s*(\d{1,2}))?")
SPAN_HEADING = re.compile(r"årskurs(?:erna)?\s+\d", re.IGNORECASE)
LEAD_IN = re.compile(r":$|centralt? innehåll", re.IGNORECASE)
ABILITIES_FOLLOW = re.compile(r"utveckla(?: följande)?\s*:?$", re.IGNORECASE)


def years(text: object) -> tuple[int, int] | None:
    """»4-6« and »årskurs 9« as first and last year; nothing where none is said. Raises Unreadable for what is no year."""
    said = str(text or "").strip()
    if said in {"", "-"}:
        return None
    found = YEARS.search(said)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last <= 13:
        raise Unreadable(f"»{said[:40]}« is no span of school years.")
    return first, last


def purpose(markup: str) -> tuple[list[str], list[str]]:
    """The paragraphs, and the abilities: the points of the list that follows words such as »ska utveckla«.

    Those words come last among the paragraphs, so that they lead on to the abilities.
    """
    paragraphs, abilities, lead, leads = list[str](), list[str](), "", list[str]()
    for block in blocks(markup):
        if block.kind is not Kind.ITEM:
            lead = block.text
            paragraphs.append(lead)
        elif ABILITIES_FOLLOW.search(lead):
            abilities.append(block.text)
            leads = leads if lead in leads else [*leads, lead]
        else:
            paragraphs.append(f"– {block.text}")
    return [text for text in paragraphs if text not in leads] + leads, abilities


def content(entry: Mapping[str, Any]) -> tuple[list[ParsedItem], list[LeftOut]]:
    """The points of one text of central content; its headings are their areas."""
    reader = _ContentReader(years(entry.get("year")), variant_of(entry, "typeOfCentralContent"))
    found = blocks(str(entry.get("text") or ""))
    for block, following in zip_longest(found, found[1:]):
        reader.read(block, following)
    return reader.items, reader.left_out


class _ContentReader:
    def __init__(self, span: tuple[int, int] | None, variant: str) -> None:
        self.items: list[ParsedItem] = []
        self.left_out: list[LeftOut] = []
        self._span, self._variant = span, variant
        self._headings: dict[int, str] = {}

    def read(self, block: Block, following: Block | None) -> None:
        if block.kind is Kind.HEADING and len(block.text) <= LONGEST_AREA:
            self._heading(block.text, block.level)
        elif block.kind is Kind.PARAGRAPH and following and following.kind is Kind.ITEM and _opens_list(block.text):
            self._heading(block.text, 7)
        else:
            self.items.append(ParsedItem(block.text, self._area(), self._span, self._variant))

    def _heading(self, text: str, level: int) -> None:
        variant = variant_in(text)
        self._variant = variant if variant and not self._variant else self._variant
        if SPAN_HEADING.search(text) and not self._span:
            self._span = years(text)
        self._headings = {one: said for one, said in self._headings.items() if one < level}
        if variant or SPAN_HEADING.search(text) or LEAD_IN.search(text):
            self.left_out.append(LeftOut(LEAD, text))
        else:
            self._headings[level] = text

    def _area(self) -> str:
        return " – ".join(self._headings[level] for level in sorted(self._headings))[:LONGEST_AREA]


def _opens_list(text: str) -> bool:
    return text.endswith(":") or (len(text) <= LONGEST_BARE_AREA and not text.endswith("."))
