"""A teacher writes the summary of a pupil in a subject, publishes it to the home, or takes it back."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from larande.assessment import reads
from larande.assessment.models import SubjectSummary
from registry.models import Activity, Person

UNWRITTEN = 0  # the version of a summary that is not there yet


@transaction.atomic
def write_summary(*, actor: Actor, activity: Activity, pupil: Person, text: str, publish: bool, version: int) -> SubjectSummary:
    """Save as a draft, or let the home read it as it stands now. History is kept by a trigger; the same text twice is one.

    Raises ValidationError: not taught here, oneself or the own child (förvaltningslagen 16 §), or outdated.
    """
    require(actor, "assessment.write_summary", activity)
    _require_pupil(actor, activity, pupil.pk)
    now = days.now()
    written = {"text": text, "written_by_id": actor.person_id, "written_at": now}
    row: SubjectSummary
    row, is_new = SubjectSummary.objects.select_for_update().get_or_create(activity=activity, pupil=pupil, defaults=written)
    if not is_new and row.version != version and row.text != text:
        raise ValidationError(_("Somebody else saved meanwhile. Both texts stand below. Check and save again."), code=OUTDATED)
    if not is_new and row.text != text:
        row.text, row.written_by_id, row.written_at, row.version = text, actor.person_id, now, row.version + 1
    if publish:
        row.published_text, row.published_at = row.text, now
    row.save()
    record(actor=actor, action="assessment.write_summary", subjects=[pupil.pk], object_id=row.pk, details={"published": publish})
    return row


@transaction.atomic
def withdraw_summary(*, actor: Actor, activity: Activity, pupil: Person) -> None:
    """The home reads it no more; the school keeps it. What is not published stays as it is."""
    require(actor, "assessment.write_summary", activity)
    _require_pupil(actor, activity, pupil.pk)
    SubjectSummary.objects.filter(activity=activity, pupil=pupil).update(published_text="", published_at=None)
    record(actor=actor, action="assessment.withdraw_summary", subjects=[pupil.pk], object_id=activity.pk)


def _require_pupil(actor: Actor, activity: Activity, pupil: UUID) -> None:
    found = reads.roster_of_teaching(activity, actor).filter(pk=pupil).first()
    if found is None:
        raise ValidationError(_("The pupil is not in this teaching now. Nothing is saved."))
    if found.is_own:
        raise ValidationError(_("You cannot judge yourself or your own child. Nothing was saved."))
