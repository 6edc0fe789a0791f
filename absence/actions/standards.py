"""The rule rows that come with Dexter, from the files in `absence/standard`. What the municipality has changed stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.models import Model

from absence.models import AlertRule, LadderStep, SchoolFormRule

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


@transaction.atomic
def load_follow_up_rules() -> int:
    """The common alert rules and the steps of the ladder, likewise; gives how many rows were written."""
    plan = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
    written, first_day = 0, date.fromisoformat(str(plan["from"]))
    for kind, values in plan["alerts"].items():
        row = AlertRule.objects.filter(school_unit=None, kind=kind).order_by("start_date").first()
        written += _brought_up(AlertRule, row, values, kind=kind, start_date=first_day)
    for order, (code, words) in enumerate(plan["ladder"].items(), start=1):
        row = LadderStep.objects.filter(school_unit=None, code=code).order_by("start_date").first()
        written += _brought_up(LadderStep, row, {"order": order, **words}, code=code, start_date=first_day)
    return written


def _brought_up(model: type[Model], row: Any, values: dict[str, Any], **key: Any) -> bool:
    if row is None:
        model._default_manager.create(standard=values, **key, **values)
        return True
    if {name: getattr(row, name) for name in row.standard} != row.standard or row.standard == values:
        return False
    model._default_manager.filter(pk=row.pk).update(standard=values, **values)
    return True
