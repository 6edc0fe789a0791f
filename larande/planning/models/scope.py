"""Whose plans somebody may read: the home what is published for the child's groups; staff what they made, teach by or share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import period_holds
from registry.models import DutyAssignment, GroupMembership, Module, Person, TeacherException, scope, uses

if TYPE_CHECKING:
    from datetime import date

    from dexter.lib.access import Actor


def teaching_of(actor: Actor) -> QuerySet:
    """Ids of the activities that staff teach, from some days before to some days after (the unit's setting)."""
    today = days.today()
    rows = DutyAssignment.objects.filter(
        scope.within_reach(today, "", "activity__school_unit__"), period_holds(today, "duty__"), duty__person=actor.person_id
    )
    return (rows if actor.role is Role.STAFF else rows.none()).order_by().values("activity_id")


def stood_in_for(actor: Actor, day: date) -> QuerySet:
    """Ids of the activities where staff stand in for a lesson that day."""
    rows = TeacherException.objects.filter(
        period_holds(day, "duty__"), duty__person=actor.person_id, participates=True, calendar_event__day=day
    )
    return (rows if actor.role is Role.STAFF else rows.none()).values("calendar_event__activity_id")


def members_meanwhile() -> QuerySet:
    """The memberships in the groups of the outer teaching of a plan that share a day with it."""
    return GroupMembership.objects.filter(
        Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("start_date")),
        group__activity_groups__activity=OuterRef("activity"),
        start_date__lte=OuterRef("end_date"),
    )


def teachings_open_to(actor: Actor) -> Q:
    """A condition on the teachings of plans.

    The home: published, while the child was in the group; pupils who leave keep what they took part in. Staff: their own
    plans in whatever state; when no longer drafts those they teach by, stand in with today, or that are kept at their unit.
    """
    module = uses(Module.PLANNING, "activity__school_unit")
    if actor.role is not Role.STAFF:
        pupils = Person.objects.visible_to(actor).filter(pk__in=scope.pupil_ids(actor))
        meanwhile = Exists(members_meanwhile().filter(person__in=pupils.order_by().values("pk")))
        return module & Q(published_at__isnull=False) & Q(meanwhile)
    own = Q(plan__created_by=actor.person_id)
    taught = Q(activity__in=teaching_of(actor)) | Q(activity__in=stood_in_for(actor, days.today()))
    kept = Q(activity__school_unit__in=scope.units_worked_at(actor))
    return module & (own | (~Q(plan__state="draft") & (taught | kept)))


def plans_open_to(actor: Actor) -> Q:
    """A condition on plans: by their teachings, or before they have any, to who made them and, when shared, to the unit."""
    teachings = apps.get_model("planning", "PlanTeaching")._default_manager.filter(teachings_open_to(actor), plan=OuterRef("pk"))
    if actor.role is not Role.STAFF:
        return Q(Exists(teachings))
    kept = ~Q(state="draft") & Q(school_unit__in=scope.units_worked_at(actor))
    return Q(Exists(teachings)) | (uses(Module.PLANNING, "school_unit") & (Q(created_by=actor.person_id) | kept))
