"""Envelopes: what only the holder of the archive's own key may read, in parts, so that no file has to fit in memory.

An envelope is a text file with a Fernet token a line. A token opens to a line of JSON that names the file the rows
belong to, followed by the rows themselves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from .faults import ArchiveFault

ROWS_A_PART = 500


@dataclass(frozen=True, repr=False)
class Key:
    text: str

    def seal(self, content: str) -> str:
        return Fernet(self.text).encrypt(content.encode()).decode()

    def open(self, token: str) -> str:
        """Raises InvalidToken when the key is another or the token was changed."""
        return Fernet(self.text).decrypt(token.encode()).decode()

    def mark(self, manifest: dict[str, Any]) -> str:
        """What shows that the manifest is as it was made: HMAC-SHA256 of it, without its own mark."""
        text = json.dumps({name: value for name, value in manifest.items() if name != "mark"}, sort_keys=True, ensure_ascii=False)
        secret = hashlib.sha256(b"archive manifest:" + self.text.encode()).digest()
        return hmac.new(secret, text.encode(), "sha256").hexdigest()


def read_key(path: Path, folder: Path) -> Key:
    """The key of the envelopes; never one that lies beside them, and never one of the installation's own."""
    if folder.resolve() in path.resolve().parents:
        raise ArchiveFault("The key file lies in the archive's folder: whoever gets the archive would get the key.")
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise ArchiveFault("The key file cannot be read. `manage.py data_key` prints a key to put into one.") from fault
    if text in settings.DATA_KEYS:
        raise ArchiveFault("The key is one of DATA_KEYS. Make one of its own with `manage.py data_key`.")
    try:
        Fernet(text)
    except ValueError as fault:
        raise ArchiveFault("The key file holds no key. `manage.py data_key` prints one.") from fault
    return Key(text)


def sealed_part(key: Key, file: str, lines: list[str]) -> str:
    return key.seal("\n".join([json.dumps({"file": file}), *lines]))


def opened_rows(key: Key, path: Path) -> Iterator[tuple[str, str]]:
    """Each row of an envelope with the name of its file, in the order of writing."""
    with path.open(encoding="ascii") as file:
        for token in file:
            try:
                head, *lines = key.open(token.strip()).split("\n")
            except InvalidToken as fault:
                raise ArchiveFault(f"{path.name} cannot be opened with this key.") from fault
            name = str(json.loads(head)["file"])
            for line in lines:
                yield name, line
