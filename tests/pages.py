"""What a page says. Its tokens and keys are random letters: a short name or class looked for in all of it is found by chance."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

SPOKEN = {"alt", "aria-label", "placeholder", "title"}  # attributes that somebody sees or hears
UNSEEN = {"script", "style"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.unseen += tag in UNSEEN
        self.found += [value for name, value in attrs if value and name in SPOKEN]
        if tag == "input" and given.get("type", "text") != "hidden" and given.get("value"):
            self.found.append(str(given["value"]))

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.found.append(data)


def visible(page: Any) -> str:
    """Of an answer or its text: what is seen, heard or filled in, with one space between words."""
    parser = _Words()
    parser.feed(page if isinstance(page, str) else page.content.decode())
    return " ".join(" ".join(parser.found).split())
