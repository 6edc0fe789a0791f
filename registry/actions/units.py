"""What a school unit decides itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from dexter.audit.actions import record
from dexter.lib.access import Actor, require
from registry.models import SchoolUnit

from .periods import locked

SETTINGS = ("phone", "weekdays", "teacher_days_before", "teacher_days_after", "leavers_read_days", "colleagues_may_stand_in")


@transaction.atomic
def edit_school_unit(*, actor: Actor, school_unit: SchoolUnit, values: Mapping[str, Any], version: str) -> None:
    """Change the settings; who sees whom follows at the next request. Raises ValidationError (code "outdated")."""
    require(actor, "registry.decide_for_unit", school_unit)
    row = locked(school_unit, version)
    changed = [name for name in SETTINGS if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    row.save()
    record(actor=actor, action="registry.edit_school_unit", object_id=row.pk, details={"changed": ", ".join(changed)})
