"""Who may do what with the school's facts."""

from __future__ import annotations

from typing import Any

import rules

from dexter.lib.access import Actor, Role

from .models import SchoolUnit, scope


@rules.predicate
def is_staff(actor: Actor, _obj: Any = None) -> bool:
    return actor.role is Role.STAFF


@rules.predicate
def leads_a_unit(actor: Actor, _obj: Any = None) -> bool:
    """Principal or administrator of some school unit today."""
    return SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor)).exists()


rules.add_rule("registry.search_persons", is_staff)
rules.add_rule("registry.administer", is_staff & leads_a_unit)
