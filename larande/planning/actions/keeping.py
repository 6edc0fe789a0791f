"""What every change of a plan shares: the row locked, the version held against the form's, and what the home had read kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.forms import OUTDATED
from larande.planning.models import LessonPlan, PlanChange, PlanState, PlanTeaching

NO_NOTE = ""


def locked(plan: LessonPlan, version: int | None = None) -> LessonPlan:
    """The plan as it stands, locked. Raises ValidationError (OUTDATED) when somebody saved since `version`, or when it is archived."""
    row: LessonPlan = LessonPlan.objects.select_for_update(of=("self",)).select_related("school_unit").get(pk=plan.pk)
    if row.state == PlanState.ARCHIVED:
        raise ValidationError(_("The plan is archived. Take it out of the archive before you change it."))
    if version is not None and row.version != version:
        raise ValidationError(
            _("Somebody else saved meanwhile. Yours is kept below, with what is saved beside it. Put them together and save again."),
            code=OUTDATED,
        )
    return row


def refuse_another(differs: object) -> None:
    """Raises ValidationError when a form that was sent already comes again with something else, as after the browser's way back."""
    if differs:
        raise ValidationError(_("This form has been sent already. Open the page again."))


def is_read_at_home(plan: LessonPlan) -> bool:
    return PlanTeaching.objects.published().filter(plan=plan.pk).exists()


def keep_change(actor: Actor, plan: LessonPlan, before: dict[str, Any], note: str = NO_NOTE) -> None:
    """Save the changed plan under its next version; of one that homes read, also what stood before and the note to them."""
    plan.version += 1
    plan.save()
    if is_read_at_home(plan):
        PlanChange.objects.create(
            plan=plan, version=plan.version, changed_by_id=actor.person_id, changed_at=days.now(), note=note, before=before
        )
