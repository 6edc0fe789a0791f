"""Who may do what with plans. What somebody reads is decided by `visible_to`; colleagues and stand-ins read and copy, no more."""

from __future__ import annotations

from typing import Any

import rules

from dexter.lib.access import Actor
from registry.models import Activity, SchoolUnit, scope
from registry.rules import is_staff

from .models import LessonPlan, PlanState, PlanTeaching
from .reads.teaching import taught_now, units_planned_at


@rules.predicate
def works_with_plans(actor: Actor, _obj: Any = None) -> bool:
    """Has a duty at a unit that uses plans."""
    return units_planned_at(actor).exists()


@rules.predicate
def teaches_or_leads(actor: Actor, _obj: Any = None) -> bool:
    units = units_planned_at(actor)
    led = units.filter(pk__in=scope.units_led_by(actor))
    return led.exists() or Activity.objects.filter(pk__in=taught_now(actor), school_unit__in=units).exists()


@rules.predicate
def plans_for(actor: Actor, activity: Activity) -> bool:
    """Teaches it now, or leads its unit; where the unit uses plans."""
    return _at_a_unit_with_plans(actor, activity) and (_teaches(actor, activity) or _leads(actor, activity))


@rules.predicate
def made_it(actor: Actor, plan: LessonPlan) -> bool:
    """Its maker, for as long as they work at its unit."""
    return plan.created_by_id == actor.person_id and units_planned_at(actor).filter(pk=plan.school_unit_id).exists()


@rules.predicate
def teaches_by_it(actor: Actor, plan: LessonPlan) -> bool:
    """Teaches one of its activities now, once it is no draft of somebody else's."""
    if plan.state == PlanState.DRAFT:
        return False
    taught = PlanTeaching.objects.filter(plan=plan.pk, activity__in=taught_now(actor))
    return taught.filter(activity__school_unit__in=units_planned_at(actor)).exists()


@rules.predicate
def leads_its_unit(actor: Actor, plan: LessonPlan) -> bool:
    """Principal or administrator where it is kept, once it is no draft."""
    led = SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor))
    return plan.state != PlanState.DRAFT and led.filter(pk=plan.school_unit_id).exists()


@rules.predicate
def is_not_archived(_actor: Actor, plan: LessonPlan) -> bool:
    return plan.state != PlanState.ARCHIVED


@rules.predicate
def is_a_draft(_actor: Actor, plan: LessonPlan) -> bool:
    return plan.state == PlanState.DRAFT


@rules.predicate
def opens_the_teaching(actor: Actor, teaching: PlanTeaching) -> bool:
    """Plans for the activity; of a draft, its maker alone."""
    is_open = teaching.plan.state != PlanState.DRAFT or teaching.plan.created_by_id == actor.person_id
    return is_open and bool(plans_for(actor, teaching.activity))


def _at_a_unit_with_plans(actor: Actor, activity: Activity) -> bool:
    return units_planned_at(actor).filter(pk=activity.school_unit_id).exists()


def _teaches(actor: Actor, activity: Activity) -> bool:
    return Activity.objects.filter(pk=activity.pk).filter(pk__in=taught_now(actor)).exists()


def _leads(actor: Actor, activity: Activity) -> bool:
    return SchoolUnit.objects.filter(pk=activity.school_unit_id).filter(pk__in=scope.units_led_by(actor)).exists()


rules.add_rule("planning.open", is_staff & works_with_plans)
rules.add_rule("planning.make_plan", is_staff & teaches_or_leads)
rules.add_rule("planning.plan_for", is_staff & plans_for)
rules.add_rule("planning.edit_plan", is_staff & is_not_archived & (made_it | teaches_by_it))
rules.add_rule("planning.keep_plan", is_staff & (made_it | teaches_by_it | leads_its_unit))
rules.add_rule("planning.own_plan", is_staff & made_it)
rules.add_rule("planning.remove_plan", is_staff & made_it & is_a_draft)
rules.add_rule("planning.publish_plan", is_staff & opens_the_teaching)
