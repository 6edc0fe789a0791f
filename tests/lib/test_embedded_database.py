"""What stands in the way of the embedded database is said in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from dexter.lib import embedded_database
from dexter.lib.embedded_database import DatabaseUnavailable


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_database.shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 3_000_000))
    with pytest.raises(DatabaseUnavailable, match=r"Only 3 MB are free at .*Make room or set DATA_DIR"):
        embedded_database.start(tmp_path)


def test_a_path_too_long_for_a_socket_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="too long for a socket"):
        embedded_database.start(tmp_path / ("long" * 25))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, **_: object) -> None:
        raise PermissionError(folder)

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DatabaseUnavailable, match="belongs to another user"):
        embedded_database.start(tmp_path / "pg")


def test_a_server_that_does_not_start_points_to_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path, **_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(embedded_database, "_server_class", lambda: broken)
    with pytest.raises(DatabaseUnavailable, match=r"did not start \(RuntimeError\). Its log is"):
        embedded_database.start(tmp_path)
