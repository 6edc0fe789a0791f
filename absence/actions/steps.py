"""Steps of the ladder, taken for a pupil."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import AbsenceStep, LadderStep
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry.models import Person, SchoolUnit


@transaction.atomic
def take_step(
    *, actor: Actor, pupil: Person, unit: SchoolUnit, step: LadderStep, taken_on: date, note: str, submission: UUID
) -> AbsenceStep:
    """Write that a step was taken. The same `submission` again gives the first row. Raises ValidationError for a day to
    come, and for a step that is not in the unit's ladder today."""
    require(actor, "absence.take_step", pupil)
    if taken_on > days.today():
        raise ValidationError({"taken_on": _("That day has not come yet.")})
    if not reads.ladder_at(LadderStep.objects.all(), unit.pk, days.today()).filter(pk=step.pk).exists():
        raise ValidationError({"step": _("The ladder has changed. Choose among the steps that hold now.")})
    values = {"pupil": pupil, "school_unit": unit, "step": step, "taken_by_id": actor.person_id, "taken_on": taken_on, "note": note}
    taken, is_new = AbsenceStep.objects.get_or_create(submission=submission, defaults=values)
    if not is_new and (taken.taken_by_id, taken.pupil_id) != (actor.person_id, pupil.pk):
        raise ValidationError(_("The form was sent before. Load the page again."))
    record(actor=actor, action="absence.take_step", subjects=[pupil.pk], object_id=taken.pk, details={"step": step.code, "new": is_new})
    return taken


@transaction.atomic
def edit_step(*, actor: Actor, taken: AbsenceStep, taken_on: date, note: str, version: int) -> AbsenceStep:
    """Correct the day or the note; what is saved already changes nothing.

    Raises ValidationError (OUTDATED) when somebody else did meanwhile, or for a day to come.
    """
    require(actor, "absence.edit_step", taken)
    if taken_on > days.today():
        raise ValidationError({"taken_on": _("That day has not come yet.")})
    taken = AbsenceStep.objects.select_for_update().get(pk=taken.pk)
    if taken.version != version and (taken.taken_on, taken.note) != (taken_on, note):
        raise ValidationError(_("Somebody else saved meanwhile. What is saved now stands at the top. Check and save again."), code=OUTDATED)
    taken.taken_on, taken.note, taken.version = taken_on, note, version + 1
    taken.save(update_fields=["taken_on", "note", "version"])
    record(actor=actor, action="absence.edit_step", subjects=[taken.pupil_id], object_id=taken.pk)
    return taken
