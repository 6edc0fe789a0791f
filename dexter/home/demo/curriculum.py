"""The demo's curriculum: examples in words of our own, read by the same way as Skolverket's answers and marked as examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from dexter.lib.access import System
from larande.syllabus.actions import import_subject
from larande.syllabus.imports.subjects import versions

FOLDER = Path(__file__).with_name("subjects")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one written in C where PyYAML was built with it


def build_curriculum() -> None:
    """All subjects with all their versions. Twice changes nothing."""
    for path in sorted(FOLDER.glob("*.yaml")):
        import_subject(actor=System(), versions=[one for subject in _read(path) for one in versions(subject)], source="", example=True)


def _read(path: Path) -> list[dict[str, Any]]:
    return list(yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER))  # noqa: S506  both are the safe loader
