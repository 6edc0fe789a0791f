"""What may stand in a cell, and what is made of it. Each raises ValueError with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from dexter.lib import civic, days, phones

FORMULA = re.compile(r"^[=@]|^[-+](?!\d)|^[-+][\d\s]*[^\d\s()-]")
DATES = (
    re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"),
    re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[. ]\s?(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"),
)
EARLIEST_YEAR = 1900


def text(cell: str, longest: int) -> str:
    if FORMULA.match(cell):
        raise ValueError(_("A formula cannot be read. Save the values."))
    if len(cell) > longest:
        raise ValueError(_("Longer than %(longest)s characters.") % {"longest": longest})
    return cell


def day(cell: str) -> date | None:
    """2026-08-17, 20260817, 2026/8/17, 17.8.2026 or 17/8 2026."""
    if not cell:
        return None
    found = next((match for pattern in DATES if (match := pattern.fullmatch(cell))), None)
    try:
        read = date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        read = None
    if read is None:
        raise ValueError(_("Not a day. Write it as 2026-08-17."))
    if not EARLIEST_YEAR <= read.year <= days.today().year + 20:
        raise ValueError(_("Check the year."))
    return read


def number(cell: str) -> civic.CivicNo | None:
    """A civic number; one that a spreadsheet made a figure of has lost nothing but its hyphen."""
    return civic.parse(cell) if cell else None


def whole(cell: str, least: int, most: int) -> int | None:
    if not cell:
        return None
    if not cell.isdecimal() or not least <= int(cell) <= most:
        raise ValueError(_("Not a whole number from %(least)s to %(most)s.") % {"least": least, "most": most})
    return int(cell)


def choice(cell: str, allowed: Iterable[str]) -> str:
    """One of the standard's values, in any case of letters."""
    values = {value.lower(): value for value in allowed}
    if cell and cell.lower() not in values:
        raise ValueError(_("Not one of: %(values)s.") % {"values": ", ".join(values.values())})
    return values.get(cell.lower(), "")


def email(cell: str) -> str | None:
    if not cell:
        return None
    try:
        validate_email(cell)
    except ValidationError:
        raise ValueError(_("Not an e-mail address.")) from None
    return text(cell, 254)


def phone(cell: str) -> str | None:
    if not cell:
        return None
    try:
        phones.international(cell)
    except ValueError:
        raise ValueError(_("Not a phone number.")) from None
    return cell


def is_mobile(value: str | None) -> bool | None:
    return None if value is None else phones.is_mobile(value)
