"""Chance that repeats itself, and rows that go in by the thousand."""

from __future__ import annotations

import random
import sys
import uuid
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import models

from dexter.lib import civic
from dexter.lib.copying import copy_rows

BATCH = 4000
NUMBERS = Path(__file__).with_name("civic_numbers.txt")
UUID7_BASE_MS = 1_750_000_000_000  # a moment in 2025: keys of the demo sort before those made later


class Seeded(random.Random):
    """A source of chance that also makes UUIDv7 keys, in rising order, the same from the same seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._made = 0

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self._next())

    def key(self) -> str:
        """The next UUID as the database reads it, without the cost of an object."""
        return f"{self._next():032x}"

    def _next(self) -> int:
        self._made += 1
        return (UUID7_BASE_MS + self._made) << 80 | 0x7 << 76 | self.getrandbits(12) << 64 | 0b10 << 62 | self.getrandbits(62)


class Numbers:
    """Civic numbers for made-up people: official test numbers first, temporary numbers (TF) beyond."""

    def __init__(self) -> None:
        self._by_year: dict[int, list[str]] = {}
        for number in reversed(NUMBERS.read_text(encoding="ascii").split()):
            self._by_year.setdefault(int(number[:4]), []).append(number)
        self._temporary = 0

    def take(self, year: int, *, male: bool) -> civic.CivicNo:
        """A number of somebody born in `year`; each is given once."""
        ready = self._by_year.get(year, [])
        fitting = next((number for number in reversed(ready) if (int(number[10]) % 2 == 1) == male), None)
        if fitting is not None:
            ready.remove(fitting)
            return civic.CivicNo(fitting, civic.Kind.PERSONAL)
        self._temporary += 1
        return civic.CivicNo(
            f"{date(year, 1 + self._temporary % 12, 1 + self._temporary % 28):%Y%m%d}TF{self._temporary % 100:02d}", civic.Kind.TEMPORARY
        )


class Writer:
    """Inserts rows in batches and shows on the terminal how far it has come."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet or not sys.stderr.isatty()
        self._pending: dict[type[models.Model], list[models.Model]] = {}
        self.written = 0

    def add(self, *rows: models.Model) -> None:
        for row in rows:
            pending = self._pending.setdefault(type(row), [])
            pending.append(row)
            if len(pending) >= BATCH:
                self.flush()

    def add_all(self, rows: Iterable[models.Model]) -> None:
        self.add(*rows)

    def flush(self) -> None:
        """Write everything, in the order in which the kinds of rows were first added: what is referred to comes first."""
        for model, rows in self._pending.items():
            copy_rows(model, rows)
            self.count(model, len(rows))
            rows.clear()

    def count(self, model: type[models.Model], rows: int) -> None:
        """So many rows of `model` are written."""
        self.written += rows
        if not self.quiet:
            sys.stderr.write(f"\r{self.written:>10,} rows  {model._meta.verbose_name_plural!s:<30}")
            sys.stderr.flush()

    def close(self) -> None:
        self.flush()
        if not self.quiet:
            sys.stderr.write("\n")
