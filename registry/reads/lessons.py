"""Lessons: whose, where, who holds them and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)

from dexter.lib.access import Actor
from registry.models import (
    CalendarEvent,
    Duty,
    DutyAssignment,
    Group,
    GroupMembership,
    Person,
    Room,
    SchoolUnit,
    SecurityMarking,
    TeacherException,
    scope,
)
from registry.models.person import PersonQuerySet
from registry.models.teaching import CalendarEventQuerySet


def shown_pupils(ids: Any) -> PersonQuerySet:
    """Persons of a list that the caller is already entitled to: shown names alone, in Swedish order.

    A roll-call links to nobody: one missing link would mark the protected.
    """
    return Person.objects.filter(pk__in=ids).only("shown_name", "sort_key")


def roster_of(lesson: CalendarEvent) -> PersonQuerySet:
    """The pupils of a lesson on its day, the protected among them."""
    memberships = GroupMembership.objects.on(lesson.day).filter(group__activity_groups__activity=lesson.activity_id)
    return shown_pupils(memberships.values("person_id"))


def lessons_for(pupils: Iterable[UUID], first: date, last: date) -> CalendarEventQuerySet:
    """The pupils' lessons that are not cancelled, one row per pupil and lesson, with `pupil_id`, by time."""
    membership = "activity__groups__memberships__"
    still_in = Q(**{f"{membership}end_date__isnull": True}) | Q(**{f"{membership}end_date__gte": F("day")})
    return (
        CalendarEvent.objects.held()
        .filter(still_in, day__range=(first, last), **{f"{membership}person__in": list(pupils), f"{membership}start_date__lte": F("day")})
        .annotate(pupil_id=F(f"{membership}person_id"))
        .with_activity()
        .order_by("starts_at", "pk")
        .distinct()
    )


def lessons_held_by(actor: Actor) -> CalendarEventQuerySet:
    """The lessons an actor holds: assigned on the lesson's day and not replaced, or standing in today."""
    visible = CalendarEvent.objects.visible_to(actor).held().filter(activity__in=_activities_held_by(actor.person_id))
    return visible.filter(held_by(actor)).with_activity()


def held_by(actor: Actor) -> Q:
    """A condition on lessons that the actor sees: assigned on the lesson's day and not replaced, or standing in."""
    on_day = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    assignments = DutyAssignment.objects.filter(on_day, duty__person=actor.person_id, activity=OuterRef("activity"))
    exceptions = TeacherException.objects.filter(duty__person=actor.person_id, calendar_event=OuterRef("pk"))
    assigned = Exists(assignments.filter(start_date__lte=OuterRef("day"))) & ~Exists(exceptions.filter(participates=False))
    return Q(assigned | Exists(exceptions.filter(participates=True)))


def _activities_held_by(person_id: UUID) -> QuerySet:
    """Ids of what somebody ever teaches or stands in for: the narrow gate through which the lessons are found by index."""
    assigned = DutyAssignment.objects.filter(duty__person=person_id).order_by().values("activity_id")
    return assigned.union(TeacherException.objects.filter(duty__person=person_id).order_by().values("calendar_event__activity_id"))


def lessons_of_person(person: Person) -> CalendarEventQuerySet:
    """What somebody is taught on the days of membership, or holds by assignment or as a substitute."""
    on_day = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    assigned = DutyAssignment.objects.filter(on_day, duty__person=person, activity=OuterRef("activity"), start_date__lte=OuterRef("day"))
    exceptions = TeacherException.objects.filter(duty__person=person, calendar_event=OuterRef("pk"))
    holds = (Exists(assigned) & ~Exists(exceptions.filter(participates=False))) | Exists(exceptions.filter(participates=True))
    is_taught = Exists(scope.memberships_at_lesson().filter(person=person))
    taught = GroupMembership.objects.filter(person=person).order_by().values("group__activity_groups__activity_id")
    known = taught.union(_activities_held_by(person.pk))
    return CalendarEvent.objects.held().filter(activity__in=known).filter(holds | is_taught).with_activity()


def lessons_of_group(group: Group) -> CalendarEventQuerySet:
    return CalendarEvent.objects.held().filter(activity__groups=group).with_activity()


def lessons_in_room(room: Room) -> CalendarEventQuerySet:
    return CalendarEvent.objects.held().filter(room=room).with_activity()


def lessons_of_duty(duty: Duty, day: date) -> CalendarEventQuerySet:
    """The lessons of `day` that the plan gives to a duty, whether a substitute holds them or not."""
    assigned = DutyAssignment.objects.on(day).filter(duty=duty).values("activity_id")
    return CalendarEvent.objects.held().on(day).filter(activity__in=assigned)


def lessons_to_stand_in_for(actor: Actor, day: date) -> CalendarEventQuerySet:
    """The lessons of `day` at the units where the actor teaches and colleagues may take over, except those held already."""
    units = SchoolUnit.objects.visible_to(actor).filter(colleagues_may_stand_in=True)
    mine = lessons_held_by(actor).on(day).order_by().values("pk")
    return with_teachers(CalendarEvent.objects.held().on(day).filter(activity__school_unit__in=units).exclude(pk__in=mine).with_activity())


def with_teachers(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds to each lesson's activity `assignments`, and to the lesson `exceptions`: who teaches, and who does instead.

    Protected colleagues are left out: their names stand in no timetable.
    """
    shown = {"duty__person__security_marking": SecurityMarking.NONE}
    assignments = DutyAssignment.objects.filter(**shown).select_related("duty__person").order_by("duty__person__sort_key")
    exceptions = TeacherException.objects.filter(**shown).select_related("duty__person").order_by("duty__person__sort_key")
    return lessons.prefetch_related(
        Prefetch("activity__duty_assignments", queryset=assignments, to_attr="assignments"),
        Prefetch("teacher_exceptions", queryset=exceptions, to_attr="exceptions"),
    )


def with_teacher_names(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds `planned_names` (without who is away) and `substitute_names`, in the statement itself; the protected are left out."""
    shown = {"duty__person__security_marking": SecurityMarking.NONE}
    on_day = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    away = TeacherException.objects.filter(calendar_event=OuterRef(OuterRef("pk")), duty=OuterRef("duty"), participates=False)
    planned = DutyAssignment.objects.filter(on_day, activity=OuterRef("activity"), start_date__lte=OuterRef("day"), **shown)
    standing_in = TeacherException.objects.filter(calendar_event=OuterRef("pk"), participates=True, **shown)
    return lessons.annotate(
        planned_names=ArraySubquery(planned.filter(~Exists(away)).values("duty__person__shown_name")),
        substitute_names=ArraySubquery(standing_in.values("duty__person__shown_name")),
    )


def teachers_of(lessons: CalendarEventQuerySet, day: date) -> set[UUID]:
    """Ids of those who hold some of `day`'s lessons: assigned and not replaced, or standing in. Two statements."""
    assigned = "activity__duty_assignments__"
    still = Q(**{f"{assigned}end_date__isnull": True}) | Q(**{f"{assigned}end_date__gte": day})
    planned = lessons.order_by().filter(still, **{f"{assigned}start_date__lte": day}).annotate(planned=F(f"{assigned}duty"))
    away = TeacherException.objects.filter(calendar_event=OuterRef("pk"), duty=OuterRef("planned"), participates=False)
    holding = planned.exclude(Exists(away)).values_list(f"{assigned}duty__person", flat=True)
    standing_in = TeacherException.objects.filter(calendar_event__in=lessons.order_by().values("pk"), participates=True)
    return {*holding, *standing_in.values_list("duty__person", flat=True)}


class HandOver(NamedTuple):
    day: date
    absent_duty: UUID
    absent: str
    substitute: str
    substitute_id: UUID
    lessons: int


def hand_overs(units: QuerySet[SchoolUnit], first: date) -> list[HandOver]:
    """Who stands in for whom from `first` on at the units, a row per day, absent colleague and substitute."""
    away = TeacherException.objects.filter(
        participates=False, calendar_event__day__gte=first, calendar_event__activity__school_unit__in=units
    )
    stand_in = TeacherException.objects.filter(calendar_event=OuterRef("calendar_event"), participates=True)
    rows = away.annotate(day=F("calendar_event__day"), other=Subquery(stand_in.values("duty__person__shown_name")[:1]))
    rows = rows.annotate(other_id=Subquery(stand_in.values("duty__person")[:1]), key=F("duty__person__sort_key"))
    fields = ("day", "duty", "duty__person__shown_name", "other", "other_id")
    counted = rows.values(*fields, "key").annotate(count=Count("pk")).order_by("day", "key")
    return [HandOver(**dict(zip(HandOver._fields, [*(row[name] for name in fields), row["count"]], strict=True))) for row in counted]
