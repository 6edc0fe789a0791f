"""The HTML texts of the Syllabus API as headings, paragraphs and points. Markup never gets further than this module."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
PARAGRAPHS = {"p", "div", "section", "article", "blockquote", "table", "tr", "td", "th", "dt", "dd"}
LISTS = {"ul", "ol"}
SILENT = {"script", "style"}
LINE = "\x1e"  # stands between the lines of a point until the text is cleaned
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # soft hyphens and the like


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True)
class Block:
    kind: Kind
    text: str
    level: int = 0  # of a heading, 1 to 6


def blocks(markup: str) -> list[Block]:
    """What `markup` says, in its order. A list inside a point becomes lines of that point, each begun by a dash."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    reader.end_block()
    return reader.blocks


def plain(text: str) -> str:
    """Without invisible characters, white space collapsed; the lines of a point stand one under the other."""
    visible = "".join(sign if sign in {LINE, "\n", "\t"} or unicodedata.category(sign) not in {"Cc", "Cs"} else " " for sign in text)
    lines = (" ".join(line.split()) for line in visible.translate(INVISIBLE).split(LINE))
    return "\n".join(line for line in lines if line not in {"", "–"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._kind, self._level, self._parts = Kind.PARAGRAPH, 0, list[str]()
        self._lists, self._silent = 0, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent = tag
        elif tag in HEADINGS:
            self._lists = 0  # no heading stands in a list: the list was left open
            self._begin(Kind.HEADING, HEADINGS[tag])
        elif tag in LISTS:
            self._open_list()
        elif tag == "li":
            self._open_item()
        elif tag in PARAGRAPHS:
            self._break()
        elif tag == "br":
            self._parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif tag in HEADINGS:
            self._begin(Kind.PARAGRAPH)
        elif tag in LISTS:
            self._close_list()
        elif tag in PARAGRAPHS or tag == "li":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)

    def end_block(self) -> None:
        if text := plain("".join(self._parts)):
            self.blocks.append(Block(self._kind, text, self._level))
        self._parts.clear()

    def _begin(self, kind: Kind, level: int = 0) -> None:
        self.end_block()
        self._kind, self._level = kind, level

    def _break(self) -> None:
        """A new paragraph; inside a point, a new line of it."""
        if self._lists:
            self._parts.append(LINE)
        else:
            self._begin(Kind.PARAGRAPH)

    def _open_list(self) -> None:
        if not self._lists:
            self._begin(Kind.PARAGRAPH)
        self._lists += 1

    def _open_item(self) -> None:
        if self._lists > 1:
            self._parts.append(f"{LINE}– ")
        else:
            self._begin(Kind.ITEM)

    def _close_list(self) -> None:
        self._lists = max(0, self._lists - 1)
        if self._lists:
            self._parts.append(LINE)
        else:
            self._begin(Kind.PARAGRAPH)
