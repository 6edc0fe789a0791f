"""Which modules the schools use, of pupils and as the schools decide it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from dexter.lib import days
from registry.models import OFF_UNTIL_SWITCHED_ON, PART_OF, Enrolment, Module, ModuleSwitch, Person, SchoolUnit, scope, uses
from registry.models.person import PersonQuerySet


@dataclass
class ModuleState:
    """A module at a school unit today, and what is decided to come."""

    module: Module
    is_on: bool  # by the school's own word
    since: ModuleSwitch | None  # none: as Dexter comes
    coming: list[ModuleSwitch]
    whole: Module | None  # what it is part of
    is_hidden: bool  # off because the whole is off


def with_larande(persons: PersonQuerySet) -> PersonQuerySet:
    """Adds `uses_larande`, `uses_plans`, `uses_assessment`: a school of the pupil, left no longer ago than leavers read there, uses it."""
    places = scope.read_by_leavers(days.today()).filter(pupil=OuterRef("pk"))
    return persons.annotate(
        uses_larande=Exists(places.filter(uses(Module.LARANDE, "school_unit"))),
        uses_plans=Exists(places.filter(uses(Module.PLANNING, "school_unit"))),
        uses_assessment=Exists(places.filter(uses(Module.ASSESSMENT, "school_unit"))),
    )


def module_states(switches: Iterable[ModuleSwitch]) -> list[ModuleState]:
    """Of one school unit, from all its switches; the whole before its parts."""
    today, rows = days.today(), sorted(switches, key=lambda row: row.start_date)
    found: dict[Module, ModuleState] = {}
    for module in Module:
        own = [row for row in rows if row.module == module]
        now = next((row for row in own if row.start_date <= today and (row.end_date is None or row.end_date >= today)), None)
        whole = PART_OF.get(module)
        above = found.get(whole) if whole else None
        found[module] = ModuleState(
            module=module,
            is_on=now.is_on if now else module not in OFF_UNTIL_SWITCHED_ON,
            since=now,
            coming=[row for row in own if row.start_date > today],
            whole=whole,
            is_hidden=above is not None and (above.is_hidden or not above.is_on),
        )
    return list(found.values())


def pupils_at(unit: SchoolUnit) -> int:
    """How many pupils have a place at the unit today, without the protected."""
    places = Enrolment.objects.on(days.today()).filter(school_unit=unit, cancelled=False)
    return Person.objects.unmarked().filter(pk__in=places.values("pupil")).count()
