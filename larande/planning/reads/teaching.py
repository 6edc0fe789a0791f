"""Which teaching somebody plans for, and to which groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import BooleanField, DateField, ExpressionWrapper, F, Prefetch, Q, QuerySet
from django.db.models.lookups import LessThanOrEqual

from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.lib.models import period_holds
from larande.planning.models import LessonPlan, PlanTeaching
from larande.planning.models.plans import PlanTeachingQuerySet
from registry.models import Activity, ActivityGroup, DutyAssignment, Enrolment, GroupMembership, Module, SchoolUnit, scope, units_with, uses
from registry.models.teaching import ActivityQuerySet

USUAL_WEEKS = 4  # of a work area


class Placement(NamedTuple):
    """A teaching and the days in which a plan is worked with there."""

    activity: Activity
    first: date
    last: date


def taught_now(actor: Actor) -> QuerySet:
    """Ids of the activities that staff teach today, or begin to teach within the days that the unit lets a teacher see ahead."""
    today = days.today()
    opens = ExpressionWrapper(F("start_date") - F("activity__school_unit__teacher_days_before"), output_field=DateField())
    rows = DutyAssignment.objects.filter(
        Q(LessThanOrEqual(opens, today)) & (Q(end_date__isnull=True) | Q(end_date__gte=today)),
        period_holds(today, "duty__"),
        duty__person=actor.person_id,
    )
    return (rows if actor.role is Role.STAFF else rows.none()).order_by().values("activity_id")


def activities_planned_by(actor: Actor, activities: ActivityQuerySet) -> ActivityQuerySet:
    """Those of `activities` that the actor plans for: taught, or for who teaches nothing those of the units led."""
    with_plans = activities.on_or_after(days.today()).filter(uses(Module.PLANNING, "school_unit"), syllabus__isnull=False)
    taught = with_plans.filter(pk__in=taught_now(actor))
    return taught if taught.exists() else with_plans.filter(school_unit__in=scope.units_led_by(actor))


def units_planned_at(actor: Actor) -> QuerySet[SchoolUnit]:
    """The units where the actor works and that use plans."""
    return units_with(Module.PLANNING).filter(pk__in=scope.units_worked_at(actor))


def with_groups(activities: ActivityQuerySet) -> ActivityQuerySet:
    """With syllabus and unit, and `links` to the groups; two statements in all."""
    links = ActivityGroup.objects.select_related("group").order_by("group__sort_key", "pk")
    return activities.select_related("syllabus", "school_unit").prefetch_related(
        Prefetch("activity_groups", queryset=links, to_attr="links")
    )


def marked_own(actor: Actor, teachings: PlanTeachingQuerySet) -> PlanTeachingQuerySet:
    """With `is_own`: whether the actor teaches it now or leads its unit, and so may publish there."""
    own = Q(activity__in=taught_now(actor)) | Q(activity__school_unit__in=scope.units_led_by(actor))
    return teachings.annotate(is_own=ExpressionWrapper(own, output_field=BooleanField()))


def teachings_of(plan: LessonPlan, teachings: PlanTeachingQuerySet) -> list[PlanTeaching]:
    """Those of the plan among `teachings`, with activity, syllabus and groups, by subject and group."""
    activities = with_groups(Activity.objects.all())
    rows = teachings.filter(plan=plan).prefetch_related(Prefetch("activity", queryset=activities))
    return sorted(rows, key=lambda row: (str(row.activity.syllabus or ""), groups_in_order(row.activity)))


def groups_in_words(activity: Activity) -> str:
    """The names of the groups; needs `with_groups`."""
    return ", ".join(link.group.name for link in activity.links) or activity.name


def groups_in_order(activity: Activity) -> list[str]:
    """What sorts teachings by their groups; needs `with_groups`."""
    return [link.group.sort_key for link in activity.links] or [activity.name]


def years_of(activities: Iterable[UUID], day: date) -> set[int]:
    """The school years of the pupils in the groups taught that day."""
    members = GroupMembership.objects.filter(period_holds(day), group__activity_groups__activity__in=list(activities))
    places = Enrolment.objects.filter(period_holds(day), pupil__in=members.values("person"), cancelled=False, school_year__isnull=False)
    return set(places.order_by().values_list("school_year", flat=True).distinct())


def usual_days() -> tuple[date, date]:
    """What a new plan proposes: from the next Monday on, four school weeks."""
    monday = days.Week.of(days.today()).moved(1).monday
    return monday, monday + timedelta(weeks=USUAL_WEEKS, days=-3)
