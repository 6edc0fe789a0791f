"""The environment of the tests, set before the settings are read: a database of their own, beside a running demo."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = ROOT / "var" / "test"


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # of several that run tests at once, each with all of its own


def free_port() -> int:
    """A port that no other worker is given: what is free for one for a moment is free for all."""
    number, workers = int(WORKER.removeprefix("gw").replace("alone", "0")), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port // 2 % workers == number:  # the system gives odd ones alone
            return port


EID_PORT = free_port()
HIGH = "http://id.elegnamnden.se/loa/1.0/loa3"


def provider(kind: str, port: int) -> dict[str, object]:
    return {
        "id": kind,
        "name": kind,
        "server_url": f"http://localhost:{port}",
        "client_id": f"dexter-{kind}",
        "secret": "test",
        "acr": {HIGH: "substantial"},
        "testing": True,
    }


SETTINGS = {
    "DATA_DIR": str(DATA_DIR),
    "DATABASE_POOL": "false",
    "DEMO": "true",
    "HTTPS": "false",
    "TRUSTED_PROXY_COUNT": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "EID_PROVIDERS": json.dumps([provider("bankid", EID_PORT), provider("away", 1)]),
}
os.environ.update(SETTINGS)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dexter.settings")
for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
    os.environ.pop(name, None)
