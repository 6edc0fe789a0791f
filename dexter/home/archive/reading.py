"""Reads an archive into an empty database: everything is checked before the first row, and all or nothing is written."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.db.models import AutoField

from dexter.lib.copying import begin_bulk_load, copy_values

from .coverage import Kept, in_order, refers_to_itself
from .faults import ArchiveFault
from .rows import from_line
from .sealing import Key, opened_rows
from .writing import FORMAT, MANIFEST, PROTECTED_ENVELOPE

DATABASE = "owner"  # the owner may set where the numbering of keys goes on
ROWS_AT_ONCE = 5000


def import_all(folder: Path, key: Key) -> int:
    """Fill the empty database and give the number of rows; raises ArchiveFault and changes nothing when something is wrong."""
    manifest = checked_manifest(folder, key)
    try:
        with transaction.atomic(using=DATABASE):
            _refuse_unless_empty()
            begin_bulk_load(DATABASE)
            rows = sum(_load(entry, _lines(folder, key, entry, manifest)) for entry in in_order())
            rows += _load_protected(folder, key)
            _go_on_counting()
    except DatabaseError as fault:
        raise ArchiveFault(f"The database refused the rows ({_guard(fault)}).") from fault
    return rows


def _guard(fault: DatabaseError) -> str:
    """The table and the constraint, or the code of the error; never the values."""
    about = getattr(fault.__cause__, "diag", None)
    return " ".join(str(part) for part in (about and about.table_name, about and (about.constraint_name or about.sqlstate)) if part)


def checked_manifest(folder: Path, key: Key) -> dict[str, Any]:
    """The manifest of an archive that is whole and unchanged; else raises ArchiveFault."""
    manifest = _manifest(folder)
    if manifest.get("product") != "Dexter" or manifest.get("format") != FORMAT:
        raise ArchiveFault(f"The archive is not of format {FORMAT}. Read it with the version of Dexter that made it.")
    if not hmac.compare_digest(str(manifest.get("mark")), key.mark(manifest)):
        raise ArchiveFault("The key does not fit the archive, or the manifest was changed after the archive was made.")
    expected = {_file_of(entry) for entry in in_order()} | {PROTECTED_ENVELOPE}
    if set(manifest["files"]) != expected:
        raise ArchiveFault(f"The archive is of another version of Dexter: {', '.join(sorted(set(manifest['files']) ^ expected))}.")
    for name, about in manifest["files"].items():
        if not (folder / name).is_file():
            raise ArchiveFault(f"{name} is missing from the archive.")
        if _sha256(folder / name) != about["sha256"]:
            raise ArchiveFault(f"{name} is cut off or was changed: its checksum is another.")
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as fault:
        raise ArchiveFault("There is no whole archive here: manifest.json, which is written last, is missing.") from fault
    except ValueError as fault:
        raise ArchiveFault("manifest.json cannot be read: it is cut off or was changed.") from fault
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ArchiveFault("manifest.json cannot be read: it is cut off or was changed.")
    return manifest


def _file_of(entry: Kept) -> str:
    return f"{entry.file}.{'sealed' if entry.secret else 'jsonl'}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_unless_empty() -> None:
    """Rule rows that `prepare` loads do not count, and give way to the archive's own."""
    filled = [entry.file for entry in in_order() if not entry.seeded and entry.model._base_manager.using(DATABASE).exists()]
    if filled:
        raise ArchiveFault(f"The database is not empty ({', '.join(sorted(filled))}). An archive is read into a new one alone.")
    for entry in reversed(in_order()):
        if entry.seeded:
            entry.model._base_manager.using(DATABASE).all().delete()


def _lines(folder: Path, key: Key, entry: Kept, manifest: dict[str, Any]) -> Iterator[str]:
    """Every line of the model's own file; raises ArchiveFault when there are more or fewer than the manifest says."""
    path, count = folder / _file_of(entry), 0
    if entry.secret:
        for _name, line in opened_rows(key, path):
            count += 1
            yield line
    else:
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                count += 1
                yield line
    if count != manifest["files"][path.name]["rows"]:
        raise ArchiveFault(f"{path.name} does not hold as many rows as the manifest says.")


def _load(entry: Kept, lines: Iterator[str]) -> int:
    """In portions, so that the database keeps few checks waiting; in one where rows refer to their own kind."""
    written = 0
    columns = [column for column in entry.model._meta.concrete_fields if column in entry.fields or _made_anew(entry, column.name)]
    while True:
        portion = lines if refers_to_itself(entry.model) else islice(lines, ROWS_AT_ONCE)
        values = (from_line(entry, line) for line in portion)
        copied = copy_values(entry.model, columns, ([row[column.name] for column in columns] for row in values), using=DATABASE)
        written += copied
        if not copied:
            return written


def _made_anew(entry: Kept, name: str) -> bool:
    return name in entry.left_out and entry.left_out[name].anew is not None


def _load_protected(folder: Path, key: Key) -> int:
    entries = {entry.file: entry for entry in in_order()}
    rows = groupby(opened_rows(key, folder / PROTECTED_ENVELOPE), key=lambda row: row[0])
    return sum(_load(entries[name], (line for _name, line in group)) for name, group in rows)


def _go_on_counting() -> None:
    """Keys that the database numbers itself go on after the highest one read."""
    with connections[DATABASE].cursor() as cursor:
        for entry in in_order():
            pk = entry.model._meta.pk
            if isinstance(pk, AutoField):
                table, column = entry.model._meta.db_table, pk.column
                cursor.execute(
                    f'SELECT setval(pg_get_serial_sequence(\'{table}\', \'{column}\'), max("{column}")) FROM "{table}" HAVING max("{column}") IS NOT NULL'  # noqa: S608, E501  names of our own tables
                )
