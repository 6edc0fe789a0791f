"""What becomes of a unit's classes by the rule: up one year, out after the unit's last, new ones in its first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet

from dexter.lib.models import period_holds
from registry.models import (
    AssignmentRole,
    AssignmentRoleType,
    ClassFate,
    ClassStep,
    Enrolment,
    Group,
    GroupMembership,
    GroupType,
    Organisation,
    RollOver,
    SchoolType,
    SchoolUnit,
    SchoolYear,
)
from registry.models.groups import GroupQuerySet
from registry.models.person import PersonQuerySet

TEN_YEAR_SCHOOL = date(2028, 7, 1)  # skollagen as changed by 2024/25:UbU17: the preschool class becomes year 1
ABOVE = {SchoolType.PRESCHOOL_CLASS: SchoolType.COMPULSORY}  # the form in which a form's pupils go on
PRESCHOOL_NAME = re.compile(r"^(?:F-klass|Förskoleklass|F)[ -]?", re.IGNORECASE)


class Proposal(NamedTuple):
    fate: ClassFate
    group: Group | None
    name: str
    school_type: str
    school_year: int | None
    mentors: list[UUID]  # duties


def school_years_of(unit: SchoolUnit) -> QuerySet[SchoolYear]:
    """The school years of the bodies above the unit, the latest first."""
    bodies, parent = [unit.organisation_id], Organisation.objects.get(pk=unit.organisation_id).parent_id
    while parent and parent not in bodies:
        bodies.append(parent)
        parent = Organisation.objects.get(pk=parent).parent_id
    return SchoolYear.objects.filter(organisation__in=bodies).order_by("-start_date")


def school_years_after(day: date) -> QuerySet[SchoolYear]:
    """The school years to come."""
    return SchoolYear.objects.filter(start_date__gt=day).order_by("start_date")


def duties_chosen(step: ClassStep) -> list[UUID]:
    """The mentors to be of a class."""
    return list(step.mentors.values_list("pk", flat=True))


def without_step(classes: QuerySet[Group], roll_over: RollOver) -> QuerySet[Group]:
    """Those of `classes` of which the draft says nothing."""
    return classes.exclude(pk__in=ClassStep.objects.filter(roll_over=roll_over, from_group__isnull=False).values("from_group"))


def pupils_to_pick(persons: PersonQuerySet, roll_over: RollOver, school_class: Group | None) -> PersonQuerySet:
    """Those of `persons` in the class on the eve; without a class, those with a place at the unit and no class then."""
    if school_class:
        return persons.members_of(school_class, roll_over.eve)
    places = Enrolment.objects.on_or_after(roll_over.eve).filter(school_unit=roll_over.school_unit_id, cancelled=False)
    seated = GroupMembership.objects.on(roll_over.eve).filter(in_class=True, group__school_unit=roll_over.school_unit_id)
    return persons.filter(pk__in=places.values("pupil")).exclude(pk__in=seated.values("person"))


def years_up(effective: date) -> int:
    """How many years a pupil's number grows: two when the ten-year school begins, since year 1 is what was the preschool class."""
    return 2 if TEN_YEAR_SCHOOL <= effective < TEN_YEAR_SCHOOL + timedelta(days=365) else 1


def groups_ending(roll_over: RollOver) -> list[UUID]:
    return list(roll_over.ending_groups.values_list("pk", flat=True))


def other_groups(roll_over: RollOver) -> GroupQuerySet:
    """The unit's groups beside the classes that hold on the eve and on the first day: they end with the year, or go on."""
    held: GroupQuerySet = Group.objects.on(roll_over.eve).on(roll_over.effective_date).filter(school_unit=roll_over.school_unit_id)
    return held.exclude(group_type=GroupType.CLASS).order_by("sort_key", "pk")


def classes_on(unit_id: UUID, day: date) -> QuerySet[Group]:
    return Group.objects.on(day).filter(school_unit=unit_id, group_type=GroupType.CLASS)


def proposed_classes(unit: SchoolUnit, effective: date, up: int) -> list[Proposal]:
    """Three statements, however many classes."""
    eve = effective - timedelta(days=1)
    classes = list(classes_on(unit.pk, eve))
    years, mentors = _years_of(unit, classes, eve), _mentors_of(classes, eve)
    ladders: dict[str, set[int]] = defaultdict(set)
    for group in classes:
        if (year := years[group.pk]) is not None:
            ladders[_ladder(group)].add(year)
    proposals = []
    for group in classes:
        rungs = ladders[_ladder(group)]
        proposals += _proposed(group, years[group.pk], rungs, up, mentors[group.pk])
    return proposals


def renamed(name: str, year: int, new_year: int) -> str:
    """The name with the years in it moved: "4A" in year 4 is "5A" in year 5, "FA" is "1A"; without the year it stays."""
    numbers = [int(number) for number in re.findall(r"\d+", name)]
    if year in numbers:
        moved = re.sub(r"\d+", lambda number: str(int(number[0]) + new_year - year), name)
        return moved if new_year else f"F{name.removeprefix(str(year))}"
    return PRESCHOOL_NAME.sub(str(new_year), name) if year == 0 and new_year else name


def _proposed(group: Group, year: int | None, rungs: set[int], up: int, mentors: list[UUID]) -> list[Proposal]:
    if year is None:
        return [Proposal(ClassFate.CONTINUES, group, group.name, group.school_type, None, mentors)]
    above = _ladder(group)
    if year == max(rungs):
        proposals = [Proposal(ClassFate.LEAVES, group, "", group.school_type, None, [])]
    else:
        proposals = [Proposal(ClassFate.MOVES, group, renamed(group.name, year, year + up), above, year + up, mentors)]
    if year == min(rungs):
        first = year + up - 1
        school_type = above if first else group.school_type
        proposals.append(Proposal(ClassFate.NEW, None, renamed(group.name, year, first), school_type, first, []))
    return proposals


def _ladder(group: Group) -> str:
    return str(ABOVE.get(SchoolType(group.school_type), group.school_type)) if group.school_type else ""


def _years_of(unit: SchoolUnit, classes: list[Group], day: date) -> dict[UUID, int | None]:
    """The year of most pupils of each class; of an empty class the number in its name."""
    places = Enrolment.objects.on(day).filter(
        period_holds(day, "pupil__group_memberships__"),
        school_unit=unit,
        cancelled=False,
        school_year__isnull=False,
        pupil__group_memberships__group__in=classes,
    )
    counts: dict[UUID, Counter[int]] = defaultdict(Counter)
    for group_id, year in places.annotate(group_id=F("pupil__group_memberships__group")).values_list("group_id", "school_year"):
        counts[group_id][year] += 1
    return {group.pk: counts[group.pk].most_common(1)[0][0] if counts[group.pk] else _year_in(group.name) for group in classes}


def _year_in(name: str) -> int | None:
    """Of a class without pupils: "4A" is year 4; other names tell nothing."""
    found = re.match(r"([0-9]|10)[A-Za-zÅÄÖåäö]?$", name)
    return int(found[1]) if found else None


def _mentors_of(classes: list[Group], day: date) -> dict[UUID, list[UUID]]:
    rows = AssignmentRole.objects.on(day).filter(group__in=classes, assignment_role_type=AssignmentRoleType.MENTOR)
    mentors: dict[UUID, list[UUID]] = defaultdict(list)
    for group_id, duty_id in rows.values_list("group_id", "duty_id"):
        mentors[group_id].append(duty_id)
    return mentors
