"""User names by rule: three letters of the given name and three of the family name, and a number when those are taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

LETTERS = 3
NAMELESS = "elev"  # of names without a letter from a to z
UNFOLDED = str.maketrans({"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ß": "ss", "ł": "l", "đ": "d", "ı": "i"})


def base_of(given_name: str, family_name: str) -> str:
    """Åsa Öberg is "asaobe"; short names give what they have."""
    return (folded(given_name)[:LETTERS] + folded(family_name)[:LETTERS]) or NAMELESS


def folded(name: str) -> str:
    """Letters from a to z alone: å and ä become a, ö becomes o, other marks fall away."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(UNFOLDED))
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def agreed_parts(agreed_name: str) -> tuple[str, str]:
    """The first and the last word of the name agreed with a protected family."""
    words = agreed_name.split()
    return (words[0], words[-1] if len(words) > 1 else "") if words else ("", "")


def free_names(bases: Iterable[str], taken: Iterable[str]) -> Iterator[str]:
    """A name for each base, in order, none of them taken or given twice: "annber", "annber2", "annber3"."""
    used = set(taken)
    for base in bases:
        name, number = base, 1
        while name in used:
            number += 1
            name = f"{base}{number}"
        used.add(name)
        yield name
