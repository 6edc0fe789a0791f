"""Languages and choices within one subject. The API tells them by a code; older texts by a heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

CHOICES = {"LANGUAGE_CHOICE": "språkval", "STUDENT_CHOICE": "elevens val", "SCHOOL_CHOICE": "skolans val"}
LANGUAGES = {"FIN": "finska", "JIDDISH": "jiddisch", "MEANKIELI": "meänkieli", "ROMANI": "romani chib"}
PLACES = {"FIRST": "förstaspråk", "SECOND": "andraspråk"}
VARIANTS = {
    **{f"WITHIN_{code}": word for code, word in CHOICES.items()},
    **{f"WITHIN_{code}_CHINESE": f"{word}, kinesiska" for code, word in CHOICES.items()},
    **{f"{code}_LANGUAGE": word for code, word in PLACES.items()},
    **{f"{lang}_LANGUAGE_{code}": f"{name} som {word}" for lang, name in LANGUAGES.items() for code, word in PLACES.items()},
    "SECOND_LANGUAGE_FOR_BEGINNERS": "andraspråk för nybörjare",
    "SIGN_LANGUAGE_FOR_BEGINNERS": "teckenspråk för nybörjare",
}
BASIC, DEEPER = "G", "F"  # of subject areas, which have no grades; as the scales of assessment call them
STEPS = {"BASIC_REQUIREMENTS": BASIC, "ADVANCED_REQUIREMENTS": DEEPER, "BASIC": BASIC, "ADVANCED": DEEPER}
NO_VARIANT = {"BLOCK_SYLLABUS", "MASTERY_GRADING", "-"}
WITHIN = re.compile(r"inom ramen för (.+)", re.IGNORECASE)


def variant_of(entry: Mapping[str, Any], kind_field: str) -> str:
    """By the code in `kind_field`; a code that nobody told us of stands for itself."""
    code = str(entry.get(kind_field) or "").strip().upper()
    if not code or code in NO_VARIANT or code in STEPS:
        return ""
    return VARIANTS.get(code, code.lower().replace("_", " "))[:40]


def variant_in(heading: str) -> str | None:
    """The variant that a heading names, if it does: »Inom ramen för språkval« gives »språkval«."""
    found = WITHIN.search(heading)
    return found[1].strip(" .:").lower()[:40] if found else None
