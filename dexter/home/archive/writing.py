"""Writes the archive: in one snapshot, row by row, the manifest last."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.db.models import QuerySet

from dexter.lib import days

from . import snapshot
from .coverage import COVERAGE, Kept, in_order
from .faults import ArchiveFault
from .rows import as_line
from .sealing import ROWS_A_PART, Key, sealed_part

FORMAT = 1
MANIFEST = "manifest.json"
PROTECTED_ENVELOPE = "protected.sealed"
ROWS_AT_ONCE = 2000
NOTES = [
    "Accounts have neither passwords nor second factors: whoever signs in with them sets them anew. E-identification works at once.",
    "Protected persons and all that refers to them are in protected.sealed, civic numbers in civicNumbers.sealed.",
    "The archive's own key, which lies elsewhere, opens both.",
]


class HashedFile:
    """A file that only its owner may read, hashed while it is written."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: TextIO = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
        self._hash = hashlib.sha256()
        self.name, self.lines = path.name, 0

    def write_line(self, line: str) -> None:
        text = f"{line}\n"
        self._file.write(text)
        self._hash.update(text.encode())
        self.lines += 1

    def close(self) -> str:
        self._file.close()
        return self._hash.hexdigest()


def export_all(folder: Path, key: Key) -> dict[str, Any]:
    """Write everything into an empty `folder` and give the manifest; raises ArchiveFault."""
    _make_empty(folder)
    files: dict[str, dict[str, Any]] = {}
    with snapshot.snapshot():
        for entry in in_order():
            files |= _write_secret(folder, key, entry) if entry.secret else _write_open(folder, entry)
        files |= _write_protected(folder, key)
    manifest: dict[str, Any] = {
        "product": "Dexter",
        "format": FORMAT,
        "madeAt": days.now().astimezone(days.UTC).isoformat(),
        "files": files,
        "leftOut": _left_out(),
        "notes": NOTES,
    }
    manifest["mark"] = key.mark(manifest)
    file = HashedFile(folder / MANIFEST)
    file.write_line(json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True))
    file.close()
    return manifest


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        empty = not any(folder.iterdir())
    except OSError as fault:
        raise ArchiveFault("The folder cannot be made or read.") from fault
    if not empty:
        raise ArchiveFault("The folder is not empty. Name one that does not exist yet.")


def _write_open(folder: Path, entry: Kept) -> dict[str, dict[str, Any]]:
    file = HashedFile(folder / f"{entry.file}.jsonl")
    for line in _lines(entry, snapshot.open_rows(entry)):
        file.write_line(line)
    return {file.name: {"model": entry.label, "rows": file.lines, "sha256": file.close()}}


def _write_secret(folder: Path, key: Key, entry: Kept) -> dict[str, dict[str, Any]]:
    file = HashedFile(folder / f"{entry.file}.sealed")
    rows = _seal_into(file, key, entry, snapshot.open_rows(entry))
    return {file.name: {"model": entry.label, "rows": rows, "sha256": file.close()}}


def _write_protected(folder: Path, key: Key) -> dict[str, dict[str, Any]]:
    """One envelope for all models. The manifest does not say how much is in it."""
    file = HashedFile(folder / PROTECTED_ENVELOPE)
    for entry in in_order():
        _seal_into(file, key, entry, snapshot.sealed_rows(entry))
    return {file.name: {"sha256": file.close()}}


def _seal_into(file: HashedFile, key: Key, entry: Kept, rows: QuerySet) -> int:
    written = 0
    for lines in _parts(_lines(entry, rows)):
        file.write_line(sealed_part(key, entry.file, lines))
        written += len(lines)
    return written


def _lines(entry: Kept, rows: QuerySet) -> Iterator[str]:
    names = [column.attname for column in entry.fields]
    for values in rows.values_list(*names).iterator(chunk_size=ROWS_AT_ONCE):
        yield as_line(entry, values)


def _parts(lines: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(lines)
    while part := list(islice(remaining, ROWS_A_PART)):
        yield part


def _left_out() -> dict[str, str]:
    fields = {f"{entry.label}.{name}": left.why for entry in COVERAGE for name, left in entry.left_out.items()}
    return fields | {entry.label: entry.absent for entry in COVERAGE if entry.absent}
