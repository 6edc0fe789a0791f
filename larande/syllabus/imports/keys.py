"""Which point of a new version is which of the former, so that it keeps its key (docs/decisions/0010)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LIKE_IN_AREA = 0.6  # share of words in common, in their order, from which a point is the same one reworded
LIKE_ELSEWHERE = 0.8  # the same, when it moved to another area


@dataclass(frozen=True)
class Place:
    """Where a point stands: only within one `frame` (span of years, variant) can it be the same point."""

    frame: Hashable
    area: str
    text: str


def same_points(old: Sequence[Place], new: Sequence[Place]) -> dict[int, int]:
    """Which of `old` each of `new` is, by their numbers. First what reads the same, then the most alike; one to one."""
    pairs = [(_likeness(before, after), -abs(i - j), i, j) for i, before in enumerate(old) for j, after in enumerate(new)]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for likeness, _distance, i, j in sorted(pairs, reverse=True):
        if likeness > 0 and j not in found and i not in taken:
            found[j] = i
            taken.add(i)
    return found


def _likeness(old: Place, new: Place) -> float:
    """0 when they are different points; equal texts in one area go before all others."""
    if old.frame != new.frame:
        return 0.0
    here = old.area == new.area
    before, after = words(old.text), words(new.text)
    if before == after:
        return 3.0 if here else 2.0
    threshold = LIKE_IN_AREA if here else LIKE_ELSEWHERE
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.real_quick_ratio() < threshold or matcher.quick_ratio() < threshold:
        return 0.0
    likeness = matcher.ratio()
    return likeness if likeness >= threshold else 0.0


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def new_key(prefix: str, text: str, taken: set[str]) -> str:
    """A key that no other point of the version has: readable in front, then from the text."""
    base = f"{prefix}.{hashlib.sha256(text.encode()).hexdigest()[:12]}".lstrip(".")
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}.{number}"
    return key
