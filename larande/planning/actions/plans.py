"""A plan made, rewritten and thrown away; its groups and their days go with it."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.files.models import StoredFile
from dexter.lib.access import Actor, require
from larande.planning import reads
from larande.planning.models import LessonPlan, PlanGoal
from larande.planning.reads import Placement
from registry.models import Person

from .keeping import is_read_at_home, keep_change, locked, refuse_another
from .placing import place, placed_otherwise

MOST_GOALS = 12


class Texts(NamedTuple):
    """What is written on a plan; the goals one by one."""

    title: str
    what: str = ""
    why: str = ""
    goals: tuple[str, ...] = ()


@transaction.atomic
def make_plan(*, actor: Actor, texts: Texts, placements: list[Placement], submission: UUID) -> LessonPlan:
    """A draft for some teaching of one unit. The same form again gives the first.

    Raises ValidationError without a group, and for other texts in a form that was sent already.
    """
    require(actor, "planning.make_plan")
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)  # a form sent twice at once waits for itself here
    if known := LessonPlan.objects.filter(submission=submission).first():
        require(actor, "planning.own_plan", known)
        refuse_another(_rewritten(known, texts))
        return known
    plan = begun(actor, texts, placements, submission)
    record(actor=actor, action="planning.make_plan", object_id=plan.pk, details={"groups": len(placements)})
    return plan


def begun(actor: Actor, texts: Texts, placements: list[Placement], submission: UUID, source: LessonPlan | None = None) -> LessonPlan:
    """A draft with goals and groups, inside the caller's transaction."""
    units = {placement.activity.school_unit_id for placement in placements}
    if len(units) != 1:
        raise ValidationError({"activities": _("Choose at least one group.") if not units else _("Choose groups of one school.")})
    plan = LessonPlan.objects.create(
        school_unit_id=units.pop(),
        created_by_id=actor.person_id,
        title=texts.title,
        what=texts.what,
        why=texts.why,
        copied_from=source,
        submission=submission,
    )
    _set_goals(plan, texts.goals)
    place(actor, plan, placements)
    return plan


@transaction.atomic
def edit_plan(
    *, actor: Actor, plan: LessonPlan, version: int, texts: Texts, placements: list[Placement], offered: set[UUID], note: str = ""
) -> LessonPlan:
    """Save what is written and for whom. `offered` are the activities that the form could place; the others stay as they are.

    Nothing changed: nothing saved. Raises ValidationError: OUTDATED when somebody saved since `version`; without a note where
    homes have read it; without any group left; for a group that is published and would go.
    """
    require(actor, "planning.edit_plan", plan)
    row = locked(plan, version)
    before = _rewritten(row, texts) | placed_otherwise(row, placements, offered)
    if not before:
        return row
    if is_read_at_home(row) and not note:
        raise ValidationError({"note": _("Pupils and guardians read this plan. Say in a few words what you changed.")})
    for name in ("title", "what", "why"):
        setattr(row, name, getattr(texts, name))
    if "goals" in before:
        _set_goals(row, texts.goals)
    if "groups" in before:
        place(actor, row, placements, offered)
    keep_change(actor, row, before, note)
    record(actor=actor, action="planning.edit_plan", object_id=row.pk, details={"version": row.version})
    return row


@transaction.atomic
def remove_plan(*, actor: Actor, plan: LessonPlan) -> None:
    """Throw a draft away with all that belongs to it.

    Raises ValidationError for one that homes once read, whose history is kept, and for one that a matrix is used for.
    """
    require(actor, "planning.remove_plan", plan)
    row = locked(plan)
    if row.changes.exists():
        raise ValidationError(_("Homes have read this plan. Share it and archive it instead."))
    key, files = row.pk, list(row.files.values_list("stored", flat=True))
    try:
        row.delete()
    except ProtectedError:
        raise ValidationError(_("A matrix is in use for this plan. End that first, or share the plan and archive it instead.")) from None
    StoredFile.objects.filter(pk__in=files).delete()
    record(actor=actor, action="planning.remove_plan", object_id=key)


def _rewritten(row: LessonPlan, texts: Texts) -> dict[str, Any]:
    """The texts that differ, as they stand."""
    before: dict[str, Any] = {name: getattr(row, name) for name in ("title", "what", "why") if getattr(row, name) != getattr(texts, name)}
    goals = reads.goals_of(row)
    return before | ({"goals": goals} if tuple(goals) != texts.goals else {})


def _set_goals(plan: LessonPlan, goals: tuple[str, ...]) -> None:
    if len(goals) > MOST_GOALS:
        raise ValidationError({"goals": _("At most %(count)d goals: choose what matters most.") % {"count": MOST_GOALS}})
    PlanGoal.objects.filter(plan=plan).delete()
    PlanGoal.objects.bulk_create(PlanGoal(plan=plan, position=place, text=text) for place, text in enumerate(goals))
