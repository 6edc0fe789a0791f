"""Writes the `.env` of development and the demo, with keys of its own: `python -m dexter.lib.local_settings`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

TEMPLATE = """\
# Made by `make setup` for this machine; production sets its own (docs/operations.md).
SECRET_KEY={secret_key}
DATA_KEYS={data_key}
ALLOWED_HOSTS=localhost,127.0.0.1
TRUSTED_PROXY_COUNT=0
HTTPS=false
DEMO=true
"""


def write(path: Path) -> bool:
    """Make the file unless it exists, readable by its owner alone; tells whether it was made."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(TEMPLATE.format(secret_key=secrets.token_urlsafe(50), data_key=Fernet.generate_key().decode()))
    return True


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent.parent / ".env")
