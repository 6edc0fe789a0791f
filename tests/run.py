"""Runs all that proves Dexter: lint and types, the many tests without a browser, then the journeys.

Types are checked on one processor: the other makes the tests' database meanwhile. It is stopped at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

OUTSIDE = dict(os.environ)

from . import environment  # noqa: E402
from .browser import NoBrowser, chromium_path  # noqa: E402

CHECK = ["make", "--no-print-directory", "check"]
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:logging", "--durations=3", "-n", "2", "--dist", "worksteal"]
PARTS = ((CHECK, OUTSIDE), ([*PYTEST, "--ignore", "tests/journeys"], None), ([*PYTEST, "tests/journeys"], None))


def main() -> int:
    try:
        chromium_path()
    except NoBrowser as failure:
        print(failure)
        return 1
    database = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "tests.prepare"], cwd=environment.ROOT)
    try:
        return next((failed for part in PARTS if (failed := _run(*part))), 0)
    finally:
        database.wait()
        subprocess.run([sys.executable, "manage.py", "db", "stop"], cwd=environment.ROOT, check=False)


def _run(command: list[str], surroundings: dict[str, str] | None) -> int:
    began = time.monotonic()
    print(f"\n== {' '.join(command).removeprefix(f'{sys.executable} -m ')}", flush=True)
    code = subprocess.run(command, cwd=environment.ROOT, env=surroundings, check=False).returncode
    print(f"== {time.monotonic() - began:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
