"""For which teaching a plan is, and when: each group has days of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from dexter.lib.access import Actor, require
from larande.planning.models import LessonPlan, PlanTeaching, Task
from larande.planning.reads import Placement

MOST_DAYS = 400  # of a plan in one teaching: a school year and some


def placed_otherwise(plan: LessonPlan, placements: list[Placement], offered: set[UUID]) -> dict[str, Any]:
    """What stands of groups and days, where it differs from what is wished for the activities in `offered`."""
    rows = PlanTeaching.objects.filter(plan=plan).select_related("activity").order_by("start_date", "activity__name")
    stored = {row.activity_id: (row.start_date, row.end_date) for row in rows if row.activity_id in offered}
    wished = {placement.activity.pk: (placement.first, placement.last) for placement in placements}
    if stored == wished:
        return {}
    return {"groups": [f"{row.activity.name}: {row.start_date}–{row.end_date}" for row in rows]}


def place(actor: Actor, plan: LessonPlan, placements: list[Placement], offered: set[UUID] | None = None) -> None:
    """Bring the groups in `offered` (all of the wished, if not given) to what is wished, inside the caller's transaction.

    Raises ValidationError for days that cannot be, a group of another unit, one published or with tasks of its own that would
    go, and when none is left; PermissionDenied for teaching that is not the actor's.
    """
    wished = {placement.activity.pk: placement for placement in placements}
    if offered is not None and not wished.keys() <= offered:
        raise PermissionDenied("planning.plan_for")
    stored = {row.activity_id: row for row in PlanTeaching.objects.filter(plan=plan).select_related("activity")}
    _take_away([row for key, row in stored.items() if key in (offered or ()) and key not in wished])
    for key, placement in wished.items():
        _check(plan, placement)
        if key not in stored:
            require(actor, "planning.plan_for", placement.activity)
        PlanTeaching.objects.update_or_create(
            plan=plan, activity=placement.activity, defaults={"start_date": placement.first, "end_date": placement.last}
        )
    if not PlanTeaching.objects.filter(plan=plan).exists():
        raise ValidationError({"activities": _("Choose at least one group.")})


def _take_away(rows: list[PlanTeaching]) -> None:
    for row in rows:
        name = {"name": row.activity.name}
        if row.published_at:
            raise ValidationError({"activities": _("%(name)s: withdraw the plan from the home before you take the group away.") % name})
        if Task.objects.filter(teaching=row).exists():
            raise ValidationError({"activities": _("%(name)s has tasks of its own. Remove them before you take the group away.") % name})
    PlanTeaching.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _check(plan: LessonPlan, placement: Placement) -> None:
    if placement.last < placement.first:
        raise ValidationError({"activities": _("%(name)s: the last day is before the first.") % {"name": placement.activity.name}})
    if (placement.last - placement.first).days > MOST_DAYS:
        raise ValidationError({"activities": _("%(name)s: that is longer than a school year.") % {"name": placement.activity.name}})
    if placement.activity.school_unit_id != plan.school_unit_id:
        raise ValidationError({"activities": _("Choose groups of one school.")})
