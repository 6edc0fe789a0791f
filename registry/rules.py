"""Who may do what with the school's facts."""

from __future__ import annotations

from typing import Any

import rules

from dexter.lib.access import Actor, Role

from .models import Person, SchoolUnit, scope


@rules.predicate
def is_staff(actor: Actor, _obj: Any = None) -> bool:
    return actor.role is Role.STAFF


@rules.predicate
def leads_a_unit(actor: Actor, _obj: Any = None) -> bool:
    """Principal or administrator of some school unit today."""
    return SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor)).exists()


@rules.predicate
def leads_the_unit(actor: Actor, unit: SchoolUnit | None) -> bool:
    return unit is not None and SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor)).filter(pk=unit.pk).exists()


@rules.predicate
def keeps_the_person(actor: Actor, person: Person) -> bool:
    """Principal or administrator of a unit that keeps the person's data, and let in by name where the person is protected."""
    return Person.objects.visible_to(actor).kept_by(actor).filter(pk=person.pk).exists()


rules.add_rule("registry.search_persons", is_staff)
rules.add_rule("registry.administer", is_staff & leads_a_unit)
rules.add_rule("registry.lead_unit", is_staff & leads_the_unit)
rules.add_rule("registry.keep_person", is_staff & keeps_the_person)
