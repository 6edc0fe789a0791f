"""Which homes are told of plans that were published for their groups: by query alone, so that planning knows nothing of digests.

A protected pupil is named in no letter, not even by the name of a class; their homes see the plans in Dexter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from dexter.lib import days
from larande.planning import reads as planning
from larande.planning.models import PlanTeaching
from registry.models import Digest, GroupMembership, Guardianship, Module, NoticePreference, Person, PersonStatus, uses

News = dict[UUID, list[PlanTeaching]]


def plan_news(first: datetime, until: datetime, persons: Collection[UUID] | None = None) -> News:
    """By person (guardians of minors, pupils of age; of `persons` if given) what was opened to them in that time and still is."""
    teachings = list(planning.published_between(first, until).filter(uses(Module.PLANNING, "activity__school_unit")))
    activities = {row.activity_id for row in teachings}
    members = _members(activities) if activities else {}
    children = {child for rows in members.values() for child, *_days in rows}
    homes = _homes(children) if children else {}
    news: News = defaultdict(list)
    for row in teachings:
        there = {child for child, first_day, last_day in members.get(row.activity_id, ()) if _overlaps(row, first_day, last_day)}
        for person in {home for child in there for home in homes.get(child, ()) if persons is None or home in persons}:
            news[person].append(row)
    return news


def of_digest(persons: Collection[UUID], *, weekly: bool) -> set[UUID]:
    """Those of the persons who want routine news once a week, or all the others: plans are never told of at once."""
    chosen = NoticePreference.objects.filter(person__in=persons, digest=Digest.WEEKLY)
    once_a_week = set(chosen.values_list("person_id", flat=True))
    return once_a_week if weekly else set(persons) - once_a_week


def _members(activities: set[UUID]) -> dict[UUID, list[tuple]]:
    """By activity its pupils with the days of their membership, the protected left out."""
    living = Person.objects.unmarked().exclude(person_status=PersonStatus.DECEASED).order_by()
    rows = GroupMembership.objects.filter(group__activity_groups__activity__in=activities, person__in=living.values("pk"))
    found: dict[UUID, list[tuple]] = defaultdict(list)
    for activity, *member in rows.values_list("group__activity_groups__activity", "person_id", "start_date", "end_date"):
        if activity in activities:
            found[activity].append(tuple(member))
    return found


def _homes(children: set[UUID]) -> dict[UUID, list[UUID]]:
    """By pupil who is told: the guardians of a minor, the pupil of age; the protected are told nothing."""
    minors = set(Person.objects.filter(pk__in=children).minors_on(days.today()).values_list("pk", flat=True))
    homes: dict[UUID, list[UUID]] = {child: [child] for child in children - minors}
    told = Person.objects.unmarked().exclude(person_status=PersonStatus.DECEASED).order_by()
    relations = Guardianship.objects.holding(days.today()).filter(child__in=minors, guardian__in=told.values("pk"))
    for guardian, child in relations.values_list("guardian_id", "child_id"):
        homes.setdefault(child, []).append(guardian)
    return homes


def _overlaps(row: PlanTeaching, first_day: object, last_day: object) -> bool:
    return first_day <= row.end_date and (last_day is None or last_day >= row.start_date)  # type: ignore[operator]
