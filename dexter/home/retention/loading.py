"""The plan's rules into rows. What the municipality has decided otherwise stays."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.db import transaction

from dexter.home.models import RetentionRule

from .plan import Plan, values_of

FIRST_DAY = datetime.date(2026, 1, 1)


class Loaded(NamedTuple):
    made: int
    changed: int
    kept: int  # the municipality's own


@transaction.atomic
def load_retention_rules(plan: Plan) -> Loaded:
    """Make what lacks; bring up to date what nobody here has touched; leave the rest. May be run again."""
    made = changed = kept = 0
    for code, rule in plan.rules.items():
        values = values_of(rule)
        row = RetentionRule.objects.select_for_update().filter(code=code).order_by("-valid_from").first()
        if row is None:
            RetentionRule.objects.create(code=code, valid_from=FIRST_DAY, standard=values, **values)
            made += 1
        elif row.values() != row.standard:
            kept += 1
        elif row.standard != values:
            RetentionRule.objects.filter(pk=row.pk).update(standard=values, **values)
            changed += 1
    return Loaded(made, changed, kept)
