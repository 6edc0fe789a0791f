"""What of the curriculum a plan takes up and is judged by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib.access import Actor, require
from larande.planning import reads
from larande.planning.models import LessonPlan, PlanContent, PlanCriterion

from .keeping import keep_change, locked


@transaction.atomic
def set_content(
    *, actor: Actor, plan: LessonPlan, version: int, items: set[UUID], criteria: set[UUID], offered: set[UUID], note: str = ""
) -> LessonPlan:
    """Let the plan take up exactly these points and criteria. The same again changes nothing.

    `offered` are the ids that its groups' curriculum has (with what was chosen before). Raises ValidationError, with nothing
    saved, for any other, and OUTDATED when somebody saved since `version`.
    """
    require(actor, "planning.edit_plan", plan)
    row = locked(plan, version)
    if not items | criteria <= offered:
        raise ValidationError(_("Something chosen is not in the curriculum of the plan's groups. Nothing was saved."))
    before = _before(row, items, criteria)
    if not before:
        return row
    PlanContent.objects.filter(plan=row).exclude(item__in=items).delete()
    PlanCriterion.objects.filter(plan=row).exclude(criterion__in=criteria).delete()
    PlanContent.objects.bulk_create([PlanContent(plan=row, item_id=key) for key in items], ignore_conflicts=True)
    PlanCriterion.objects.bulk_create([PlanCriterion(plan=row, criterion_id=key) for key in criteria], ignore_conflicts=True)
    keep_change(actor, row, before, note)
    details: dict[str, str | int | bool] = {"items": len(items), "criteria": len(criteria)}
    record(actor=actor, action="planning.set_content", object_id=row.pk, details=details)
    return row


def _before(row: LessonPlan, items: set[UUID], criteria: set[UUID]) -> dict[str, Any]:
    stored, stored_criteria = list(reads.chosen_items(row)), list(reads.chosen_criteria(row))
    before: dict[str, Any] = {}
    if {item.pk for item in stored} != items:
        before["content"] = [item.text for item in stored]
    if {criterion.pk for criterion in stored_criteria} != criteria:
        before["criteria"] = [criterion.text for criterion in stored_criteria]
    return before
