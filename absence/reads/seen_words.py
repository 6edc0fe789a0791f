"""What was seen, as people say it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _


def seen_in_words(minutes: Mapping[str, int], length: int) -> str:
    """Minutes by the names of SEEN in a lesson of `length` minutes; nothing is presence."""
    if minutes.get("absent") == length:
        return _("Absent")
    if minutes.get("other") == length:
        return _("Other school activity")
    texts = {
        "late": _("late %(count)d min"),
        "left_early": _("left %(count)d min early"),
        "other": _("other activity %(count)d min"),
        "absent": _("away %(count)d min"),
    }
    said = ", ".join(text % {"count": minutes[name]} for name, text in texts.items() if minutes.get(name))
    return said[:1].upper() + said[1:] if said else _("Present")
