"""The rule rows that come with Dexter, from the files in `absence/standard`. What the municipality has changed stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from absence.models import SchoolFormRule

FOLDER = Path(__file__).resolve().parent.parent / "standard"


@transaction.atomic
def load_school_form_rules() -> int:
    """Make what lacks, bring up to date what nobody here has touched; gives how many rows were written. May be run again."""
    plan = yaml.safe_load((FOLDER / "school_forms.yaml").read_text(encoding="utf-8"))
    written = 0
    for of_age, forms in ((False, plan["minor"]), (True, plan["of_age"])):
        for school_type, row in forms.items():
            values = dict(zip(plan["columns"], row, strict=True))
            written += _written(school_type, values, plan["from"], of_age=of_age)
    return written


def _written(school_type: str, values: dict[str, Any], start: date, *, of_age: bool) -> bool:
    row = SchoolFormRule.objects.filter(school_type=school_type, of_age=of_age).order_by("start_date").first()
    if row is None:
        SchoolFormRule.objects.create(school_type=school_type, of_age=of_age, start_date=start, standard=values, **values)
        return True
    if {name: getattr(row, name) for name in row.standard} != row.standard or row.standard == values:
        return False
    SchoolFormRule.objects.filter(pk=row.pk).update(standard=values, **values)
    return True
