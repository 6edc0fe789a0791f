"""A row of the database as a line of JSON, and back."""

from __future__ import annotations

import base64
import datetime
import json
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, JSONField
from django.utils.duration import duration_iso_string

from dexter.lib import civic, days

from .coverage import Kept
from .faults import ArchiveFault

CIVIC_NUMBER = "registry.CivicNumber.encrypted"  # written as the number itself: its file is always sealed


def as_line(entry: Kept, values: Sequence[Any]) -> str:
    """`values` in the order of `entry.fields`."""
    row: dict[str, Any] = {}
    for column, value in zip(entry.fields, values, strict=True):
        place, name = _place(row, entry.name_of(column))
        place[name] = civic.decrypt(value) if str(column) == CIVIC_NUMBER else value if isinstance(column, JSONField) else as_json(value)
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_json(value: Any) -> Any:
    """Moments in UTC, days and keys as text, bytes in base64."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(days.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime.timedelta):
        return duration_iso_string(value)
    if isinstance(value, (list, tuple)):
        return [as_json(part) for part in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"no form in the archive for {type(value).__name__}")


def from_line(entry: Kept, line: str) -> dict[str, Any]:
    """The values of a line by the fields' own names; raises ArchiveFault when it is no such row."""
    row = json.loads(line)
    given = {f"{name}.{inner}" if inner else name for name, inner in _names(row, entry)}
    expected = {entry.name_of(column) for column in entry.fields}
    if given != expected:
        differing = ", ".join(sorted(given ^ expected))
        raise ArchiveFault(f"{entry.file}: the rows do not have the fields of this version of Dexter ({differing}).")
    values: dict[str, Any] = {}
    for column in entry.fields:
        place, name = _place(row, entry.name_of(column))
        values[column.name] = place[name] if str(column) == CIVIC_NUMBER else _read(entry, column, place[name])
    for name, left_out in entry.left_out.items():
        if left_out.anew:
            values[name] = left_out.anew(values)
    if entry.label == "registry.CivicNumber":
        values["encrypted"] = civic.encrypt(values["encrypted"])
    return values


def _read(entry: Kept, column: Field, value: Any) -> Any:
    target: Field = column.target_field if isinstance(column, ForeignKey) else column
    if value is None or isinstance(target, JSONField):
        return value
    try:
        return [target.base_field.to_python(part) for part in value] if isinstance(target, ArrayField) else target.to_python(value)
    except (ValidationError, ValueError, TypeError) as fault:
        raise ArchiveFault(f"{entry.file}: {entry.name_of(column)} holds something that cannot be read.") from fault


def _place(row: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """The object that holds `name` (a dot nests), made if need be."""
    outer, _dot, inner = name.partition(".")
    return (row.setdefault(outer, {}), inner) if inner else (row, outer)


def _names(row: dict[str, Any], entry: Kept) -> list[tuple[str, str]]:
    nested = {entry.name_of(column).partition(".")[0] for column in entry.fields if "." in entry.name_of(column)}
    return [(name, inner) for name, value in row.items() for inner in (value if name in nested and isinstance(value, dict) else [""])]
