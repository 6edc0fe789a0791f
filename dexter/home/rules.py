from __future__ import annotations

from typing import Any

import rules

from dexter.lib.access import Actor
from registry.models import Person
from registry.rules import is_staff, leads_a_unit

from .models.retention import works_for_the_body


@rules.predicate
def is_officer(actor: Actor, _obj: Any = None) -> bool:
    """Works at the responsible body itself today."""
    return works_for_the_body(actor)


@rules.predicate
def answers_for_the_person(actor: Actor, person: Person) -> bool:
    """Principal or administrator of a unit that keeps the person's data, also of one who left lately; the protected by name alone."""
    return Person.objects.visible_to(actor).kept_by(actor).filter(pk=person.pk).exists()


rules.add_rule("home.edit_site", is_staff & leads_a_unit)
rules.add_rule("home.disclose", is_staff & answers_for_the_person)
rules.add_rule("home.dispose", is_staff & is_officer)
