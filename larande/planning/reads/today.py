"""What a teacher, or who stands in for one, wants to know of the plans: today's lessons, the own teachings, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from dexter.lib.access import Actor
from dexter.lib.days import Week
from larande.planning.models import LessonPlan, PlanState, PlanTeaching, Task
from larande.planning.models.parts import TaskQuerySet
from larande.planning.models.plans import LessonPlanQuerySet, PlanTeachingQuerySet
from larande.planning.models.scope import teaching_of
from registry.models import Activity, ActivityGroup, CalendarEvent, Module, uses
from registry.models.teaching import ActivityQuerySet

DRAFTS_SHOWN = 12


@dataclass
class OwnTeaching:
    """A teaching of the actor's in a week."""

    activity: Activity
    published: list[PlanTeaching]
    unpublished: list[PlanTeaching]
    grids: list[Any] = field(default_factory=list)  # what `larande.reads` adds: the matrices at work in it


@dataclass
class DueInGroup:
    task: Task
    teaching: PlanTeaching
    activities: list[Activity]


def with_plans(lessons: Sequence[CalendarEvent], teachings: PlanTeachingQuerySet) -> Sequence[CalendarEvent]:
    """Adds `plans` to each lesson: the published teachings of plans, among those the caller may see, that it follows on its day.

    One statement, none without lessons.
    """
    held = [lesson.day for lesson in lessons]
    if held:
        activities = {lesson.activity_id for lesson in lessons}
        found = _by_start(teachings.published().between(min(held), max(held)).filter(activity__in=activities))
        for lesson in lessons:
            same = [row for row in found if row.activity_id == lesson.activity_id]
            lesson.plans = [row for row in same if row.start_date <= lesson.day <= row.end_date]
    return lessons


def own_activities(activities: ActivityQuerySet, actor: Actor, week: Week) -> list[Activity]:
    """What the actor teaches and is taught in the week, where plans are in use, by name; with `group_names`."""
    groups = ActivityGroup.objects.filter(activity=OuterRef("pk")).order_by("group__sort_key").values("group__name")
    lasting = Q(end_date__isnull=True) | Q(end_date__gte=week.days[0])
    rows = activities.filter(uses(Module.PLANNING, "school_unit"), lasting, pk__in=teaching_of(actor), start_date__lte=week.days[-1])
    return list(rows.exclude(syllabus=None).select_related("syllabus").annotate(group_names=ArraySubquery(groups)).order_by("name", "pk"))


def teachings_in(activities: Iterable[UUID], first: date, last: date, teachings: PlanTeachingQuerySet) -> list[PlanTeaching]:
    """The plans of these activities on some day from `first` to `last`, published or not, as the caller may see them."""
    return _by_start(teachings.between(first, last).filter(activity__in=list(activities)))


def own_teachings(activities: Iterable[Activity], teachings: Iterable[PlanTeaching]) -> list[OwnTeaching]:
    rows = list(teachings)
    return [
        OwnTeaching(
            activity,
            [row for row in rows if row.activity_id == activity.pk and row.published_at],
            [row for row in rows if row.activity_id == activity.pk and not row.published_at],
        )
        for activity in activities
    ]


def activities_taught(actor: Actor) -> ActivityQuerySet:
    """Where plans are in use, by name."""
    taught: ActivityQuerySet = Activity.objects.filter(uses(Module.PLANNING, "school_unit"), pk__in=teaching_of(actor))
    return taught.order_by("name", "pk")


def due_in(activities: Iterable[Activity], teachings: PlanTeachingQuerySet, tasks: TaskQuerySet, week: Week) -> list[DueInGroup]:
    return due_between(activities, teachings, tasks, week.days[0], week.days[-1])


def due_between(
    activities: Iterable[Activity], teachings: PlanTeachingQuerySet, tasks: TaskQuerySet, first: date, last: date
) -> list[DueInGroup]:
    """What is due on these days in these activities, of what is published there; by day. Two statements."""
    by_id = {activity.pk: activity for activity in activities}
    due = tasks.filter(day__range=(first, last)).order_by("day", "pk")
    rows = teachings.published().filter(activity__in=by_id, plan__in=due.order_by().values("plan"))
    found: dict[UUID, DueInGroup] = {}
    plans = _by_start(rows)
    for task in due.filter(plan__in={row.plan_id for row in plans}) if plans else ():
        for row in plans:
            if row.plan_id == task.plan_id and task.teaching_id in {None, row.pk}:
                found.setdefault(task.pk, DueInGroup(task, row, [])).activities.append(by_id[row.activity_id])
    return list(found.values())


def drafts_of(plans: LessonPlanQuerySet, actor: Actor) -> list[LessonPlan]:
    """The actor's own plans that no pupil reads yet, the latest first."""
    waiting = plans.filter(created_by=actor.person_id, state__in=[PlanState.DRAFT, PlanState.SHARED])
    return list(waiting.order_by("-modified_at", "-pk").prefetch_related("teachings__activity")[:DRAFTS_SHOWN])


def _by_start(teachings: PlanTeachingQuerySet) -> list[PlanTeaching]:
    return list(teachings.select_related("plan").order_by("start_date", "pk"))
