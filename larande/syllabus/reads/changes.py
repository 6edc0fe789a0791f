"""What one version of a subject says that another did not, point by point."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from larande.syllabus.models import SubjectVersion
from larande.syllabus.models.content import Part


class How(StrEnum):
    ADDED = "added"
    REWORDED = "reworded"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Some words that both texts have, or one alone."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Change:
    """One point. `before` and `after` are None where the version has none."""

    how: How
    before: Any = None
    after: Any = None

    @property
    def part(self) -> Any:
        return self.after or self.before

    @property
    def told_before(self) -> list[Piece]:
        return _pieces(self.before.text, self.after.text)[0]

    @property
    def told_after(self) -> list[Piece]:
        return _pieces(self.before.text, self.after.text)[1]


@dataclass(frozen=True)
class Changes:
    purpose: tuple[list[Piece], list[Piece]] | None  # before and after, where they differ
    abilities: list[Change]
    items: list[Change]
    criteria: list[Change]

    @property
    def total(self) -> int:
        return len(self.abilities) + len(self.items) + len(self.criteria) + (self.purpose is not None)


def changes(former: SubjectVersion, version: SubjectVersion) -> Changes:
    """Points are the same by their keys (docs/decisions/0010); what only changed its place in the list is no change."""
    before, after = "\n".join(former.purpose), "\n".join(version.purpose)
    return Changes(
        purpose=_pieces(before, after) if before != after else None,
        abilities=_changed(former.abilities.all(), version.abilities.all(), lambda _part: ()),
        items=_changed(former.content_items.all(), version.content_items.all(), lambda item: (item.area,)),
        criteria=_changed(former.criteria.all(), version.criteria.all(), lambda _part: ()),
    )


def _changed(former: Iterable[Part], now: Iterable[Part], place: Callable[[Any], tuple[str, ...]]) -> list[Change]:
    before, after = {part.key: part for part in former}, {part.key: part for part in now}
    found = [Change(How.ADDED, after=part) for key, part in after.items() if key not in before]
    both = [(before[key], part) for key, part in after.items() if key in before]
    found += [Change(How.REWORDED, old, new) for old, new in both if old.text != new.text]
    found += [Change(How.MOVED, old, new) for old, new in both if old.text == new.text and place(old) != place(new)]
    return found + [Change(How.REMOVED, before=part) for key, part in before.items() if key not in after]


def _pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they differ, at whole words."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    told: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, i, j, k, m in matcher.get_opcodes():
        for pieces, text in ((told[0], "".join(old[i:j])), (told[1], "".join(new[k:m]))):
            if text:
                pieces.append(Piece(text, differs=tag != "equal"))
    return told
