"""How a plan goes from its maker's desk to colleagues, to homes, and out of the way again (domain 5.3)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from larande.planning.models import LessonPlan, PlanState, PlanTeaching

from .keeping import is_read_at_home, locked

DONE_WITH = (PlanState.COMPLETED, PlanState.ARCHIVED)


@transaction.atomic
def share_plan(*, actor: Actor, plan: LessonPlan) -> LessonPlan:
    """Let the colleagues of the unit read a draft. Of what is no draft any more nothing changes."""
    require(actor, "planning.own_plan", plan)
    row = locked(plan)
    if _moves(row, PlanState.DRAFT, PlanState.SHARED):
        record(actor=actor, action="planning.share_plan", object_id=row.pk)
    return row


@transaction.atomic
def unshare_plan(*, actor: Actor, plan: LessonPlan) -> LessonPlan:
    """Its maker alone reads it again, and it leaves the bank. Raises ValidationError when it is more than shared."""
    require(actor, "planning.own_plan", plan)
    row = locked(plan)
    if row.state not in (PlanState.DRAFT, PlanState.SHARED):
        raise ValidationError(_("Homes read this plan. Withdraw it from them first."))
    row.in_bank = False
    if _moves(row, PlanState.SHARED, PlanState.DRAFT):
        record(actor=actor, action="planning.unshare_plan", object_id=row.pk)
    return row


@transaction.atomic
def publish_plan(*, actor: Actor, plan: LessonPlan, teachings: list[PlanTeaching]) -> LessonPlan:
    """Let pupils and guardians of the chosen groups read it, from now on; those who read it already go on.

    They are told in their next digest, never at once. Raises ValidationError without a group and for a plan that is done with.
    """
    row = locked(plan)
    if not teachings or any(teaching.plan_id != row.pk for teaching in teachings):
        raise ValidationError(_("Choose for whom you publish."))
    for teaching in teachings:
        require(actor, "planning.publish_plan", teaching)
    if row.state in DONE_WITH:
        raise ValidationError(_("The plan is completed. Open it again before you publish it for more groups."))
    fresh = PlanTeaching.objects.filter(pk__in=[teaching.pk for teaching in teachings], published_at=None)
    count = fresh.update(published_at=days.now(), published_by=actor.person_id)
    if count:
        row.state = PlanState.PUBLISHED
        row.save(update_fields=["state"])
        record(actor=actor, action="planning.publish_plan", object_id=row.pk, details={"groups": count})
    return row


@transaction.atomic
def withdraw_plan(*, actor: Actor, teaching: PlanTeaching) -> LessonPlan:
    """Pupils and guardians of the group read it no more. Without any group left the plan is shared with colleagues alone."""
    require(actor, "planning.publish_plan", teaching)
    row = LessonPlan.objects.select_for_update().get(pk=teaching.plan_id)
    if PlanTeaching.objects.published().filter(pk=teaching.pk).update(published_at=None, published_by=None):
        if row.state in (PlanState.PUBLISHED, PlanState.COMPLETED) and not is_read_at_home(row):
            row.state = PlanState.SHARED
            row.save(update_fields=["state"])
        record(actor=actor, action="planning.withdraw_plan", object_id=row.pk, details={"teaching": str(teaching.pk)})
    return row


@transaction.atomic
def complete_plan(*, actor: Actor, plan: LessonPlan) -> LessonPlan:
    """The work is done; homes go on reading it."""
    require(actor, "planning.keep_plan", plan)
    row = locked(plan)
    if row.state not in (PlanState.PUBLISHED, PlanState.COMPLETED):
        raise ValidationError(_("Only a published plan can be completed."))
    if _moves(row, PlanState.PUBLISHED, PlanState.COMPLETED):
        record(actor=actor, action="planning.complete_plan", object_id=row.pk)
    return row


@transaction.atomic
def archive_plan(*, actor: Actor, plan: LessonPlan) -> LessonPlan:
    """Out of the way, unchangeable, and to be copied still. Raises ValidationError for a draft and for what is going on."""
    require(actor, "planning.keep_plan", plan)
    row = LessonPlan.objects.select_for_update().get(pk=plan.pk)
    if row.state in (PlanState.DRAFT, PlanState.PUBLISHED):
        raise ValidationError(_("Complete the plan before you archive it; a draft is removed instead."))
    if _moves(row, row.state, PlanState.ARCHIVED):
        record(actor=actor, action="planning.archive_plan", object_id=row.pk)
    return row


@transaction.atomic
def restore_plan(*, actor: Actor, plan: LessonPlan) -> LessonPlan:
    """One step back: from the archive, or from completed to going on."""
    require(actor, "planning.keep_plan", plan)
    row = LessonPlan.objects.select_for_update().get(pk=plan.pk)
    back = PlanState.PUBLISHED if row.state == PlanState.COMPLETED else PlanState.COMPLETED if is_read_at_home(row) else PlanState.SHARED
    if row.state in DONE_WITH and _moves(row, row.state, back):
        record(actor=actor, action="planning.restore_plan", object_id=row.pk)
    return row


@transaction.atomic
def offer_to_bank(*, actor: Actor, plan: LessonPlan, offered: bool) -> LessonPlan:
    """Put it among what the school's teachers copy from, or take it away from there. Raises ValidationError for a draft."""
    require(actor, "planning.keep_plan", plan)
    row = LessonPlan.objects.select_for_update().get(pk=plan.pk)
    if row.state == PlanState.DRAFT:
        raise ValidationError(_("Share the plan with your colleagues first."))
    if row.in_bank != offered:
        row.in_bank = offered
        row.save(update_fields=["in_bank"])
        record(actor=actor, action="planning.offer_to_bank", object_id=row.pk, details={"offered": offered})
    return row


def _moves(row: LessonPlan, source: str, target: str) -> bool:
    """From `source` to `target`, once: the same press again finds it there and changes nothing."""
    if row.state != source or source == target:
        return False
    row.state = target
    row.save(update_fields=["state", "in_bank"])
    return True
