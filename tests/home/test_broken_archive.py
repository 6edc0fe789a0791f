"""An archive that is broken, forged or comes to the wrong place is refused in one sentence and changes nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from dexter.home.archive.coverage import COVERAGE
from dexter.home.archive.sealing import Key
from tests import database

from .archives import Town, manifest_of


def copied(town: Town, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town.folder, tmp_path / "copy"))


def rows_in_database() -> int:
    return sum(entry.model._base_manager.count() for entry in COVERAGE if not entry.seeded)


def cut_off(folder: Path) -> None:
    path = folder / "persons.jsonl"
    path.write_bytes(path.read_bytes()[:-40])


def changed_byte(folder: Path) -> None:
    path = folder / "groups.jsonl"
    path.write_bytes(path.read_bytes().replace(b"4A", b"4C", 1))


def missing_file(folder: Path) -> None:
    (folder / "enrolments.jsonl").unlink()


def cut_envelope(folder: Path) -> None:
    path = folder / "protected.sealed"
    path.write_bytes(path.read_bytes()[: -len(path.read_bytes().splitlines()[-1])])


def without_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def cut_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:100])


def wrong_version(folder: Path) -> None:
    manifest = {**manifest_of(folder), "format": 2}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def forged(folder: Path) -> None:
    """A row changed and the checksum with it."""
    changed_byte(folder)
    manifest = manifest_of(folder)
    manifest["files"]["groups.jsonl"]["sha256"] = hashlib.sha256((folder / "groups.jsonl").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


BROKEN = {
    cut_off: "persons.jsonl is cut off or was changed",
    changed_byte: "groups.jsonl is cut off or was changed",
    missing_file: "enrolments.jsonl is missing",
    cut_envelope: "protected.sealed is cut off or was changed",
    without_manifest: "no whole archive here",
    cut_manifest: "manifest.json cannot be read",
    wrong_version: "not of format 1",
    forged: "key does not fit the archive, or the manifest was changed",
}


@pytest.mark.parametrize("breaking", BROKEN, ids=lambda breaking: breaking.__name__)
def test_a_broken_archive_is_refused_in_one_sentence_and_changes_nothing(town: Town, tmp_path: Path, breaking: Any) -> None:
    folder = copied(town, tmp_path)
    breaking(folder)
    database.empty_of_rows(town.bare)
    with pytest.raises(CommandError, match=BROKEN[breaking]) as refusal:
        call_command("import_all", str(folder), protected_key_file=town.key_file)
    assert "\n" not in str(refusal.value)
    assert rows_in_database() == 0


def resealed(town: Town, folder: Path, name: str, content: str) -> None:
    """A file replaced by somebody who holds the key."""
    (folder / name).write_text(content, encoding="utf-8")
    manifest = manifest_of(folder)
    manifest["files"][name]["sha256"] = hashlib.sha256(content.encode()).hexdigest()
    manifest["mark"] = Key(town.key_file.read_text()).mark(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_rows_that_the_database_refuses_leave_nothing_behind(town: Town, tmp_path: Path) -> None:
    folder = copied(town, tmp_path)
    database.empty_of_rows(town.bare)
    lines = (folder / "enrolments.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[0])
    for changes, sentence in (
        ({"endDate": "1999-01-01"}, r"refused the rows \(registry_enrolment enrolment_period\)"),
        ({"student": "00000000-0000-7000-8000-000000000000"}, r"refused the rows \(registry_enrolment"),
        ({"startDate": "igår"}, "startDate holds something that cannot be read"),
        ({"shoeSize": 31}, r"fields of this version of Dexter \(shoeSize\)"),
    ):
        resealed(town, folder, "enrolments.jsonl", "\n".join([json.dumps({**row, **changes}), *lines[1:]]) + "\n")
        with pytest.raises(CommandError, match=sentence):
            call_command("import_all", str(folder), protected_key_file=town.key_file)
        assert rows_in_database() == 0
    resealed(town, folder, "enrolments.jsonl", "\n".join(lines[1:]) + "\n")
    with pytest.raises(CommandError, match=r"enrolments.jsonl does not hold as many rows"):
        call_command("import_all", str(folder), protected_key_file=town.key_file)
    assert rows_in_database() == 0


def test_the_key_is_the_archives_own_and_lies_elsewhere(town: Town, tmp_path: Path, settings: Any) -> None:
    def refused(key: Path, sentence: str, folder: Path | None = None) -> None:
        target = folder or tmp_path / "new"
        with pytest.raises(CommandError, match=sentence):
            call_command("export_all", str(target), protected_key_file=key)
        assert folder or not target.exists()

    lying_beside, own, none = tmp_path / "new" / "key", tmp_path / "own", tmp_path / "none"
    own.write_text(settings.DATA_KEYS[0])
    none.write_text("hemligt")
    refused(lying_beside, "whoever gets the archive would get the key")
    refused(own, "one of DATA_KEYS")
    refused(none, "holds no key")
    refused(tmp_path / "missing", "cannot be read")
    refused(town.key_file, "not empty", folder=town.folder)
    other = tmp_path / "other"
    other.write_text(Fernet.generate_key().decode())
    database.empty_of_rows(town.bare)
    with pytest.raises(CommandError, match="key does not fit"):
        call_command("import_all", str(town.folder), protected_key_file=other)


def test_a_database_with_rows_takes_no_archive(town: Town) -> None:
    with database.pointed_at(town.full):
        before = rows_in_database()
        with pytest.raises(CommandError, match=r"not empty \(.*persons"):
            call_command("import_all", str(town.folder), protected_key_file=town.key_file)
        assert rows_in_database() == before > 1000
