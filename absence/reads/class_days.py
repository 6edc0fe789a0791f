"""A class with all that its day's roll-call needs to be saved, in the class's own statement: who may take it, and what stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, DateField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from absence.models import DayCall, DayMark, DayPart, UnitSettings
from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.models import period_holds
from registry import reads as registry
from registry.models import AssignmentRole, AssignmentRoleType, Duty, DutyRole, Group, GroupMembership

from .day_calls import Away, call_of, marks_of
from .settings import settings_of


class ClassDay(NamedTuple):
    """What the rule is asked about."""

    group: Group
    day: date


@dataclass(frozen=True)
class Called:
    """A day's call as it stands: by pupil when they were away."""

    call: DayCall | None = None
    marks: Mapping[UUID, Away] = field(default_factory=dict)


def called_by(actor: Actor, day: date) -> Q:
    """A condition on classes: the actor mentors it today, holds one of its lessons on `day`, or keeps its unit's office."""
    today = days.today()
    own = period_holds(today, "duty__") & Q(duty__person_id=actor.person_id)
    mentors = AssignmentRole.objects.on(today).filter(own, group=OuterRef("pk"), assignment_role_type=AssignmentRoleType.MENTOR)
    held = registry.lessons_held_by(actor).on(day).filter(activity__groups=OuterRef("pk")).order_by()
    office = Duty.objects.on(today).filter(person_id=actor.person_id, duty_role=DutyRole.ADMINISTRATOR, school_unit=OuterRef("school_unit"))
    return Q(Exists(mentors)) | Q(Exists(held)) | Q(Exists(office))


def with_call(groups: QuerySet[Group], actor: Actor, day: date, part: DayPart) -> QuerySet[Group]:
    """Adds what `is_called_by`, `settings_of_class`, `called_so_far` and `members_of_class` read of that part of the day."""
    rows = DayMark.objects.filter(day_call=OuterRef("pk")).values(found=JSONObject(pupil="pupil_id", came="came_at", left="left_at"))
    kept = {name: name for name in ("id", "version", "submission", "taken_by", "taken_at")}
    calls = DayCall.objects.filter(group=OuterRef("pk"), day=day, part=part).values(held=JSONObject(marks=ArraySubquery(rows), **kept))
    settings = UnitSettings.objects.on(day).filter(school_unit=OuterRef("school_unit"))
    members = GroupMembership.objects.on(day).filter(group=OuterRef("pk")).values("person")
    return groups.annotate(
        asked_by=Value(actor.person_id, output_field=UUIDField()),
        asked_on=Value(day, output_field=DateField()),
        is_called=ExpressionWrapper(called_by(actor, day), output_field=BooleanField()),
        settings_held=Subquery(settings.values(held=JSONObject(roll_call_mode="roll_call_mode", open_days="open_days"))[:1]),
        call_held=Subquery(calls[:1]),
        call_held_of=Value(part),
        members_held=ArraySubquery(members),
    )


def is_called_by(actor: Actor, called: ClassDay) -> bool:
    group: Any = called.group
    if (getattr(group, "asked_by", None), getattr(group, "asked_on", None)) == (actor.person_id, called.day):
        return bool(group.is_called)
    return Group.objects.filter(called_by(actor, called.day), pk=group.pk).exists()


def settings_of_class(group: Any, day: date) -> UnitSettings:
    """How the class is called and how long a day is open; the other values are those of nobody."""
    if not _came_for(group, day):
        return settings_of(group.school_unit_id, day)
    return UnitSettings(school_unit_id=group.school_unit_id, **(group.settings_held or {}))


def called_so_far(group: Any, day: date, part: DayPart) -> Called:
    if not _came_for(group, day) or group.call_held_of != part:
        call = call_of(group, day, part)
        return Called(call, marks_of(call))
    held = group.call_held
    if held is None:
        return Called()
    keys = {name: UUID(held[name]) for name in ("id", "submission")}
    taken: dict[str, Any] = {"taken_by_id": UUID(held["taken_by"]), "taken_at": parse_datetime(held["taken_at"])}
    call = DayCall(group=group, day=day, part=part, version=held["version"], **taken, **keys)
    call._state.adding = False
    return Called(call, {UUID(row["pupil"]): Away(_time(row["came"]), _time(row["left"])) for row in held["marks"]})


def members_of_class(group: Any, day: date) -> set[UUID]:
    if _came_for(group, day):
        return set(group.members_held)
    return set(GroupMembership.objects.on(day).filter(group=group).values_list("person", flat=True))


def _came_for(group: Any, day: date) -> bool:
    return getattr(group, "asked_on", None) == day


def _time(value: str | None) -> time | None:
    return time.fromisoformat(value) if value else None
