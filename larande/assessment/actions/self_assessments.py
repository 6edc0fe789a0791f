"""A pupil says where they think they stand. It decides nothing, and nothing asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from larande.assessment import reads
from larande.assessment.models import AssessmentStep, MatrixUse, SelfAssessment
from registry.models import Person


@dataclass(frozen=True)
class OwnMark:
    """Where the pupil thinks to stand on a row: the code of a step or none; `version` is what the form showed (0: nothing)."""

    row: UUID
    step: str
    comment: str
    version: int


@transaction.atomic
def assess_oneself(*, actor: Actor, use: MatrixUse, marks: Sequence[OwnMark]) -> int:
    """All rows at once, or none; gives how many changed. A row left empty again is taken away.

    Raises ValidationError: rows that are not the grid's, each once; a step that is not offered; or outdated.
    """
    require(actor, "assessment.assess_oneself", use)
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)  # two tabs wait for each other
    steps = _steps(actor, use, marks)
    stored = {view.row_id: view for view in SelfAssessment.objects.filter(use=use, pupil=actor.person_id)}
    wanted = [mark for mark in marks if not _stands(mark, stored.get(mark.row), steps)]
    if any(mark.version != (stored[mark.row].version if mark.row in stored else 0) for mark in wanted):
        raise ValidationError(
            _("You have saved in another window meanwhile. What you wrote here is kept below. Check and save again."), code=OUTDATED
        )
    emptied = [mark.row for mark in wanted if not mark.step and not mark.comment]
    SelfAssessment.objects.filter(use=use, pupil=actor.person_id, row__in=emptied).delete()
    written = [
        SelfAssessment(
            use=use,
            row_id=mark.row,
            activity_id=use.activity_id,
            pupil_id=actor.person_id,
            step=steps.get(mark.step),
            comment=mark.comment,
            version=mark.version + 1,
        )
        for mark in wanted
        if mark.row not in emptied
    ]
    SelfAssessment.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["use", "row", "pupil"], update_fields=["step", "comment", "version"]
    )
    record(actor=actor, action="assessment.assess_oneself", subjects=[actor.person_id], object_id=use.pk, details={"rows": len(wanted)})
    return len(wanted)


def _steps(actor: Actor, use: MatrixUse, marks: Sequence[OwnMark]) -> dict[str, AssessmentStep]:
    rows = reads.rows_to_fill(use)
    if len(marks) != len(rows) or {mark.row for mark in marks} != rows:
        raise ValidationError(_("The page has changed. Nothing was saved: load the page again."))
    scale = reads.scales_for([actor.person_id], use.activity, reads.day_of(use)).get(actor.person_id)
    steps = {step.code: step for step in scale.steps} if scale else {}
    if any(mark.step and mark.step not in steps for mark in marks):
        raise ValidationError(_("The page has changed. Nothing was saved: load the page again."))
    return steps


def _stands(mark: OwnMark, stored: SelfAssessment | None, steps: dict[str, AssessmentStep]) -> bool:
    if stored is None:
        return not mark.step and not mark.comment
    step = steps.get(mark.step)
    return (stored.step_id, stored.comment) == (step.pk if step else None, mark.comment)
