"""Who takes statistics out of the system, and who freezes a term's absence."""

from __future__ import annotations

import rules

from dexter.lib.access import Actor
from registry.models import SchoolUnit, scope
from registry.rules import is_principal_of, is_staff, leads_the_unit


@rules.predicate
def may_export_at(actor: Actor, unit: SchoolUnit) -> bool:
    """Principal of the unit, or in its office with the right to take lists out."""
    return bool(SchoolUnit.objects.filter(pk__in=scope.units_exported_by(actor)).filter(pk=unit.pk).exists())


rules.add_rule("absence.export_statistics", is_staff & may_export_at)
rules.add_rule("absence.export_sums", is_staff & is_principal_of)
rules.add_rule("absence.freeze_term_absence", is_staff & leads_the_unit)
