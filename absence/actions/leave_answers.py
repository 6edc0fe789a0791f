"""While a request for leave is open: the other guardian's answer, the mentor's note, and what time does to it."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence.models import ConsentAnswer, LeaveConsent, LeaveNote, LeaveRequest, LeaveState
from absence.notices import leave as notices
from absence.reads import leave
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, System, require

from .leave import locked, one_at_a_time


@transaction.atomic
def answer_leave(*, actor: Actor, requests: Collection[LeaveRequest], answer: ConsentAnswer) -> list[LeaveRequest]:
    """Agree to requests of one application, or not; a changed mind counts as long as the school has not decided.

    A request goes on to the school when nobody is left to answer, or at once when somebody does not agree: the decider sees it.
    Raises ValidationError, with nothing saved, when one of them is open no more.
    """
    one_at_a_time([request.pupil_id for request in requests])
    held = [locked(request) for request in requests]
    for request in held:
        require(actor, "absence.answer_leave", request)
        if not request.is_open:
            raise ValidationError(_("The application is open no more, so it cannot be answered. Load the page again."))
        LeaveConsent.objects.update_or_create(
            request=request, guardian_id=actor.person_id, defaults={"answer": answer, "answered_at": days.now()}
        )
        if request.state == LeaveState.AWAITING_CONSENT and (answer == ConsentAnswer.REFUSES or not leave.unanswered(request)):
            _go_on(request)
    pupils = {request.pupil_id for request in held}
    record(actor=actor, action="absence.answer_leave", subjects=pupils, object_id=held[0].application_id, details={"answer": str(answer)})
    return held


@transaction.atomic
def note_leave(*, actor: Actor, request: LeaveRequest, text: str) -> LeaveNote:
    """What the mentor tells the decider. The same words again by the same mentor are the same note."""
    request = locked(request)
    require(actor, "absence.note_leave", request)
    if not request.is_open:
        raise ValidationError(_("The application is open no more, so there is nobody to tell."))
    note, is_new = LeaveNote.objects.get_or_create(
        request=request, written_by_id=actor.person_id, text=text, defaults={"written_at": days.now()}
    )
    if is_new:
        record(actor=actor, action="absence.note_leave", subjects=[request.pupil_id], object_id=request.pk)
    return note


@transaction.atomic
def go_on_without_answer(*, request: LeaveRequest) -> None:
    """The time to answer is over, or nobody is left to ask: the school decides without, and sees that no answer came."""
    request = locked(request)
    if request.state == LeaveState.AWAITING_CONSENT:
        _go_on(request)
        record(actor=System(), action="absence.go_on_without_answer", subjects=[request.pupil_id], object_id=request.pk)


@transaction.atomic
def expire_leave(*, request: LeaveRequest) -> None:
    """The last day has passed without a decision: absence was unauthorised unless the school judges otherwise."""
    one_at_a_time([request.pupil_id])
    request = locked(request)
    if request.is_open and request.end_date < days.today():
        request.state = LeaveState.EXPIRED
        request.save(update_fields=["state"])
        record(actor=System(), action="absence.expire_leave", subjects=[request.pupil_id], object_id=request.pk)


@transaction.atomic
def warn_school_of_leave(*, request: LeaveRequest) -> None:
    """Tell principal and mentors, once, that a leave is about to begin without a decision."""
    request = locked(request)
    if request.is_open and not request.school_warned_at:
        request.school_warned_at = days.now()
        request.save(update_fields=["school_warned_at"])
        notices.warn_school(request)
        record(actor=System(), action="absence.warn_school_of_leave", subjects=[request.pupil_id], object_id=request.pk)


@transaction.atomic
def warn_home_of_leave(*, request: LeaveRequest) -> None:
    """Tell the home, once, that nothing is decided and that absence without a decision is unauthorised."""
    request = locked(request)
    if request.is_open and not request.home_warned_at:
        request.home_warned_at = days.now()
        request.save(update_fields=["home_warned_at"])
        notices.warn_home(request)
        record(actor=System(), action="absence.warn_home_of_leave", subjects=[request.pupil_id], object_id=request.pk)


def _go_on(request: LeaveRequest) -> None:
    request.state = LeaveState.IN_PREPARATION
    request.save(update_fields=["state"])
