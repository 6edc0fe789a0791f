"""The scales that come with Dexter, from `larande/assessment/standard`. What the municipality has changed stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from larande.assessment.models import AssessmentScale, AssessmentStep

FILE = Path(__file__).resolve().parent.parent / "standard" / "scales.yaml"
COLUMNS = ("name", "school_type", "subject_prefix", "start_year", "end_year", "first_cohort", "last_cohort", "start_date", "end_date")
EMPTY = {"subject_prefix": "", "legal_basis": ""}


@transaction.atomic
def load_scales() -> int:
    """Make what lacks, bring up to date what nobody here has touched; gives how many rows were written. May be run again."""
    plan = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return sum(_written(code, row, plan["steps"][row["steps"]]) for code, row in plan["scales"].items())


def standard_of(scale: AssessmentScale) -> dict[str, Any]:
    """The row as the file would say it; `standard` keeps it, so that a local change can be told."""
    values = {name: getattr(scale, name) for name in (*COLUMNS, "legal_basis")}
    steps = [[step.code, step.name, step.reaches] for step in AssessmentStep.objects.filter(scale=scale).order_by("position")]
    return {**_plain(values), "steps": steps}


def _written(code: str, row: dict[str, Any], steps: list[list[Any]]) -> bool:
    values = {name: row.get(name, EMPTY.get(name)) for name in (*COLUMNS, "legal_basis")}
    standard = {**_plain(values), "steps": steps}
    scale = AssessmentScale.objects.filter(code=code).first()
    if scale is None:
        made = AssessmentScale.objects.create(code=code, standard=standard, **values)
        AssessmentStep.objects.bulk_create(
            AssessmentStep(scale=made, position=place, code=step, name=name, reaches=reaches)
            for place, (step, name, reaches) in enumerate(steps)
        )
        return True
    if scale.standard == standard or standard_of(scale) != scale.standard or not _same_codes(scale, steps):
        return False
    AssessmentScale.objects.filter(pk=scale.pk).update(standard=standard, **values)
    for step, name, reaches in steps:
        AssessmentStep.objects.filter(scale=scale, code=step).update(name=name, reaches=reaches)
    return True


def _same_codes(scale: AssessmentScale, steps: list[list[Any]]) -> bool:
    """Other steps are a new row with its first day: what was judged points at the old ones."""
    return [code for code, _name, _reaches in scale.standard["steps"]] == [code for code, _name, _reaches in steps]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
