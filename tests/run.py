"""Runs all tests: first the many without a browser, then the journeys; the tests' database is stopped at the end."""

from __future__ import annotations

import subprocess
import sys

from . import environment
from .browser import NoBrowser, chromium_path

UNIT = ["-n", "2", "--dist", "worksteal", "--ignore", "tests/journeys"]
JOURNEYS = ["-n", "2", "--dist", "worksteal", "tests/journeys"]


def main() -> int:
    try:
        chromium_path()
    except NoBrowser as failure:
        print(failure)
        return 1
    try:
        for part in (UNIT, JOURNEYS):
            print(f"\n== pytest {' '.join(part)}", flush=True)
            result = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:logging", "--durations=3", *part], cwd=environment.ROOT, check=False
            )
            if result.returncode:
                return result.returncode
    finally:
        subprocess.run([sys.executable, "manage.py", "db", "stop"], cwd=environment.ROOT, check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
