"""How far the plans of a school's classes have come, for who leads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from dexter.lib.access import Actor
from dexter.lib.days import Week
from larande.planning.models.plans import PlanTeachingQuerySet
from registry.models import ActivityGroup, ActivityType, GroupType, Module, scope, uses
from registry.models.groups import GroupQuerySet

from .taught import shares_a_day


@dataclass
class ClassPlans:
    """The subjects of a class in a week: with a published plan, and without one."""

    group_id: UUID
    name: str
    unit: str
    planned: list[str]
    without: list[str]

    @property
    def total(self) -> int:
        return len(self.planned) + len(self.without)


def groups_with_plans(groups: GroupQuerySet) -> GroupQuerySet:
    """Classes whose school uses plans."""
    return groups.filter(uses(Module.PLANNING, "school_unit"), group_type__in=[GroupType.CLASS, GroupType.MENTOR])


def classes_led(actor: Actor, week: Week, teachings: PlanTeachingQuerySet) -> list[ClassPlans]:
    """The classes of the units that the actor leads, where plans are in use. One statement."""
    first, last = week.days[0], week.days[-1]
    published = teachings.published().between(first, last).order_by().filter(activity=OuterRef("activity"))
    rows = ActivityGroup.objects.filter(
        uses(Module.PLANNING, "activity__school_unit"),
        shares_a_day(first, last, "activity__"),
        shares_a_day(first, last, "group__"),
        group__group_type=GroupType.CLASS,
        activity__activity_type=ActivityType.TEACHING,
        activity__syllabus__isnull=False,
        activity__school_unit__in=scope.units_led_by(actor),
    ).annotate(is_planned=Exists(published))
    names = ("group_id", "group__name", "group__school_unit__name", "activity__syllabus__subject_name", "is_planned")
    return _gathered(rows.order_by("group__school_unit__name", "group__sort_key", "activity__syllabus__subject_name").values_list(*names))


def _gathered(rows: Iterable[tuple[UUID, str, str, str, bool]]) -> list[ClassPlans]:
    found: dict[UUID, ClassPlans] = {}
    for group_id, name, unit, subject, is_planned in rows:
        plans = found.setdefault(group_id, ClassPlans(group_id, name, unit, [], []))
        (plans.planned if is_planned else plans.without).append(subject)
    return list(found.values())
