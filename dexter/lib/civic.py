"""Civic numbers: personnummer, samordningsnummer and temporary (TF, T) numbers, kept encrypted, found by a keyed hash.

Formats and the incomplete dates of coordination numbers (month 00, day 60): Skatteverket SKV 704 and 707, and its
published test numbers. Temporary numbers: SS 12000 (`YYYYMMDDTFnn`) and the interim numbers of other registers
(one letter, three digits).
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from dexter.lib import days

WRITTEN = re.compile(r"(?P<century>\d{2})?(?P<yymmdd>\d{6})(?P<sign>[-+ ]?)(?P<last>[0-9A-Z]{4})", re.ASCII)
TEMPORARY_TAIL = re.compile(r"[TRSUWXJKLMN]\d{3}|[A-Z]{2}\d{2}")
COORDINATION_DAYS = 60  # added to the day of birth


class Kind(enum.StrEnum):
    PERSONAL = "personnummer"
    COORDINATION = "samordningsnummer"
    TEMPORARY = "tillfälligt"


class InvalidCivicNumber(ValueError):
    """The text is no civic number; the message says what to do and never repeats the text."""


@dataclass(frozen=True)
class CivicNo:
    value: str  # 12 characters, YYYYMMDDNNNC
    kind: Kind

    @property
    def birth_date(self) -> date | None:
        """The date in the number; None where a coordination number holds no full date."""
        day = int(self.value[6:8]) - (COORDINATION_DAYS if self.kind is Kind.COORDINATION else 0)
        try:
            return date(int(self.value[:4]), int(self.value[4:6]), day)
        except ValueError:
            return None

    @property
    def is_male(self) -> bool | None:
        """By the ninth of ten digits, odd for men; a temporary number tells nothing."""
        return None if self.kind is Kind.TEMPORARY else int(self.value[10]) % 2 == 1

    def __repr__(self) -> str:
        return f"CivicNo({self.kind})"  # the number itself stays out of logs and tracebacks


def parse(text: str) -> CivicNo:
    """Read a number in any written form (10 or 12 characters, `-`, `+` from the hundredth year, or nothing between).

    Raises InvalidCivicNumber.
    """
    match = WRITTEN.fullmatch(text.strip().upper())
    if match is None or (match["century"] and match["sign"] == " "):
        raise InvalidCivicNumber(_("Write the number with 12 digits: year, month, day and the last four."))
    value = (match["century"] or _century(match["yymmdd"], match["sign"])) + match["yymmdd"] + match["last"]
    return CivicNo(value, _kind(value))


def _kind(value: str) -> Kind:
    if not value.isdecimal():
        if TEMPORARY_TAIL.fullmatch(value[8:]) and _is_date(value[:8]):
            return Kind.TEMPORARY
        raise InvalidCivicNumber(_("The last four characters are not those of a temporary number."))
    if value[8:11] == "000" or not _luhn_holds(value[2:]):
        raise InvalidCivicNumber(_("The last digit does not fit the others. Check the number."))
    if _is_date(value[:8]):
        return Kind.PERSONAL
    if COORDINATION_DAYS <= int(value[6:8]) <= COORDINATION_DAYS + 31 and int(value[4:6]) <= 12:
        return Kind.COORDINATION
    raise InvalidCivicNumber(_("The number does not begin with a date."))


def _century(yymmdd: str, sign: str) -> str:
    """The century of a ten-character number: the latest that is not in the future; `+` means a hundred years or more."""
    this_year = days.today().year
    year = this_year - this_year % 100 + int(yymmdd[:2])
    if year > this_year:
        year -= 100
    return str((year - (100 if sign == "+" else 0)) // 100)


def _is_date(yyyymmdd: str) -> bool:
    try:
        date(int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:]))
    except ValueError:
        return False
    return True


def _luhn_holds(ten_digits: str) -> bool:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten_digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def keyed_hash(value: str) -> bytes:
    """What a number is found by: HMAC-SHA256 under a key derived from the last (oldest) data key, 32 bytes.

    The oldest key, so that adding a new one in front leaves every stored hash as it is.
    """
    key = hashlib.sha256(b"civic number lookup:" + settings.DATA_KEYS[-1].encode()).digest()
    return hmac.digest(key, value.encode(), "sha256")


def encrypt(value: str) -> bytes:
    return _cipher().encrypt(value.encode())


def decrypt(token: bytes | memoryview) -> str:
    """Raises InvalidToken when no data key fits: the data keys were lost or mixed up."""
    return _cipher().decrypt(bytes(token)).decode()


def masked(value: str) -> str:
    """The number as a list may show it: the date, the last four hidden."""
    return f"{value[:8]}-****"


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.DATA_KEYS])


__all__ = ["CivicNo", "InvalidCivicNumber", "InvalidToken", "Kind", "decrypt", "encrypt", "keyed_hash", "masked", "parse"]
