"""Passphrases that a child can type: three made-up words of two syllables and two digits, about 47 bits."""

from __future__ import annotations

import secrets

STARTS = "b d f g h j k l m n p r s t v br fl gr kl sn st tr".split()
SYLLABLES = [start + vowel for start in STARTS for vowel in "aeiou"]
WORDS = 3


def new_passphrase() -> str:
    """Words of two syllables out of 110, and a number; made by the operating system's randomness."""
    words = ["".join(secrets.choice(SYLLABLES) for _ in range(2)) for _ in range(WORDS)]
    return "-".join(words) + f"-{secrets.randbelow(90) + 10}"
