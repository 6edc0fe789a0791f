"""Phone numbers as people write them, and as gateways want them."""

from __future__ import annotations

import re

WRITTEN = re.compile(r"\+?[0-9][0-9 ()/-]{5,19}", re.ASCII)
SWEDEN = "+46"
SHORTEST, LONGEST = 8, 15  # digits with the country's code (E.164)


def international(number: str) -> str:
    """E.164, a number without a country's code taken for Swedish: `070-174 06 05` is +46701740605. Raises ValueError."""
    digits = re.sub(r"[^0-9+]", "", number)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = SWEDEN + digits[1:]
    digits = digits.replace(f"{SWEDEN}0", SWEDEN, 1) if digits.startswith(f"{SWEDEN}0") else digits
    if not WRITTEN.fullmatch(number.strip()) or not digits.startswith("+") or not SHORTEST <= len(digits) - 1 <= LONGEST:
        raise ValueError("not a phone number")
    return digits


def is_mobile(number: str) -> bool:
    """Swedish mobile numbers begin with 07; foreign ones are taken for mobile. False for what is no number."""
    try:
        whole = international(number)
    except ValueError:
        return False
    return whole.startswith(f"{SWEDEN}7") or not whole.startswith(SWEDEN)
