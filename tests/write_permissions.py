"""Writes docs/permissions.md: `python -m tests.write_permissions`."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dexter.settings")


def as_markdown() -> str:
    from accounts.levels import ANY_ROLE, FRESH, LEVELS

    from . import permission_table as permissions

    heads = list(permissions.ACTORS)
    lines = [
        "# Who may open what",
        "",
        "Made from `tests/permissions.py`, which the tests hold the system against: `python -m tests.write_permissions`.",
        "",
        *(permissions.__doc__ or "").strip().splitlines()[2:],
        "",
        "| page | " + " | ".join(heads) + " |",
        "| --- " * (len(heads) + 1) + "|",
        *[f"| {name} | " + " | ".join(row.split()) + " |" for name, row in permissions.TABLE.items()],
        "",
        "## The level that each page needs",
        "",
        "From `accounts/levels.py`. A page marked *fresh* wants a confirmation of the last 15 minutes.",
        "",
        "| page | guardian | pupil | staff |",
        "| --- | --- | --- | --- |",
    ]
    for name, level in ANY_ROLE.items():
        lines.append(f"| {name} | {level.name} | {level.name} | {level.name} |")
    for name, roles in LEVELS.items():
        cells = [roles[role].name if role in roles else "–" for role in ("guardian", "pupil", "staff")]  # type: ignore[index]
        lines.append(f"| {name}{' (fresh)' if name in FRESH else ''} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    django.setup()
    from tests.test_permissions import DOCUMENT

    DOCUMENT.write_text(as_markdown(), encoding="utf-8")
