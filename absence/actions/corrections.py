"""The home asks the school to correct the attendance of a lesson, and somebody of the school answers."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence.models import MOST_OPEN, CorrectionRequest, CorrectionState
from absence.notices.corrections import tell_answer
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry.models import CalendarEvent, Person

from .submissions import refuse_other


@transaction.atomic
def request_correction(*, actor: Actor, pupil: Person, lesson: CalendarEvent, text: str, submission: UUID) -> CorrectionRequest:
    """Ask for one lesson whose roll-call held the pupil; mentors, the lesson's teachers and the office see it in their list.

    The same form again is the same request. Raises ValidationError while a request for the lesson is open, when too many of
    the asker's are, and for a form that was sent before with other answers. Nothing that is registered changes.
    """
    require(actor, "absence.request_correction", pupil)
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)  # of two at the same moment the second counts the first
    if again := CorrectionRequest.objects.filter(submission=submission).first():
        refuse_other(again, {"asked_by_id": actor.person_id, "pupil_id": pupil.pk, "lesson_id": lesson.pk, "text": text})
        return again
    asked = CorrectionRequest.objects.filter(asked_by=actor.person_id)
    if asked.open().count() >= MOST_OPEN:
        raise ValidationError(_("You have %(count)d requests that the school has not answered. Wait for an answer.") % {"count": MOST_OPEN})
    made = _made(actor, pupil, lesson, text, submission)
    record(actor=actor, action="absence.request_correction", subjects=[pupil.pk], object_id=made.pk)
    return made


def _made(actor: Actor, pupil: Person, lesson: CalendarEvent, text: str, submission: UUID) -> CorrectionRequest:
    try:
        with transaction.atomic():
            return CorrectionRequest.objects.create(
                pupil=pupil, lesson=lesson, asked_by_id=actor.person_id, asked_at=days.now(), text=text, submission=submission
            )
    except IntegrityError:
        raise ValidationError(_("The school has already been asked about that lesson, and has not answered yet.")) from None


@transaction.atomic
def answer_correction(*, actor: Actor, asked: CorrectionRequest, state: CorrectionState, answer: str) -> CorrectionRequest:
    """Say what the school does; whoever accepts then corrects the roll-call, or judges the absence. Who asked is told.

    Raises ValidationError with code OUTDATED when somebody has answered already, and for a refusal without words.
    """
    require(actor, "absence.answer_correction", asked)
    if state == CorrectionState.DECLINED and not answer:
        raise ValidationError({"answer": _("Write why it stands.")})
    stored = CorrectionRequest.objects.select_for_update(of=("self",)).select_related("pupil", "asked_by").get(pk=asked.pk)
    if stored.state != CorrectionState.OPEN:
        raise ValidationError(_("Somebody has answered already. Your answer was not saved."), code=OUTDATED)
    stored.state, stored.answer = state, answer
    stored.answered_by_id, stored.answered_at = actor.person_id, days.now()
    stored.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    tell_answer(stored)
    record(actor=actor, action="absence.answer_correction", subjects=[stored.pupil_id], object_id=stored.pk, details={"state": str(state)})
    return stored
