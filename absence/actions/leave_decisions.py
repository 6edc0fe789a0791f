"""The school decides on leave (skollagen 7:18): once, under a registry number, as a document that both guardians get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence.documents.leave import Decided, decision_pdf
from absence.models import LeaveDay, LeaveDecision, LeaveOutcome, LeaveRequest, LeaveState, RollCall
from absence.notices import leave as notices
from absence.reads import leave
from absence.reads.settings import settings_of
from absence.rules.leave import leads_the_school
from dexter.audit.actions import record
from dexter.files.actions import keep
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry import reads as registry
from registry.actions.numbers import next_registry_no
from registry.models import CalendarEvent

from . import same_day
from .leave import locked, one_at_a_time


@dataclass(frozen=True)
class Verdict:
    """What was decided; `first` and `last` count where leave is granted in part."""

    outcome: LeaveOutcome
    reasons: str = ""
    first: date | None = None
    last: date | None = None


@transaction.atomic
def decide_leave(*, actor: Actor, request: LeaveRequest, verdict: Verdict) -> LeaveDecision:
    """Decide, keep the document, make the granted school days valid absence, and tell the home.

    The same verdict of the same person again gives the first decision. Raises ValidationError: with the code OUTDATED when
    somebody decided or took it back meanwhile; else when days or reasons do not fit. Days that have passed are never granted.
    """
    one_at_a_time([request.pupil_id])
    request = locked(request)
    require(actor, "absence.decide_leave", request)
    if stored := LeaveDecision.objects.filter(request=request).first():
        return _the_same(actor, stored, verdict)
    _refuse_closed(request)
    granted = _granted_days(request, verdict)
    before, as_principal = leave.leave_days_before(request), leads_the_school(actor, request)
    if not as_principal and before + len(granted) > settings_of(request.school_unit_id, days.today()).delegated_leave_days:
        raise ValidationError(_("That is more than a mentor may grant. The principal decides."))
    decision = _decided(actor, request, verdict, granted, before, as_principal=as_principal)
    LeaveDay.objects.bulk_create(
        LeaveDay(request=request, pupil_id=request.pupil_id, school_unit_id=request.school_unit_id, day=day) for day in granted
    )
    request.state = LeaveState.DECIDED
    request.save(update_fields=["state"])
    _follow_today(request, granted)
    notices.tell_decision(request)
    told: dict[str, str | int | bool] = {"outcome": str(verdict.outcome), "days": len(granted), "as_principal": as_principal}
    record(actor=actor, action="absence.decide_leave", subjects=[request.pupil_id], object_id=request.pk, details=told)
    return decision


def _follow_today(request: LeaveRequest, granted: Sequence[date]) -> None:
    """Leave granted on the day itself: of a lesson that was called already the home is told no more, or hears that it was wrong.

    Days are given back before they come, so that nothing has been called on them yet.
    """
    if days.today() in granted:
        called = RollCall.objects.filter(day=days.today(), school_unit=request.school_unit_id, roster__contains=[request.pupil_id])
        lessons = CalendarEvent.objects.filter(pk__in=called.order_by().values("lesson"))
        same_day.follow_up(list(lessons.with_activity()), [request.pupil_id])


def _the_same(actor: Actor, stored: LeaveDecision, verdict: Verdict) -> LeaveDecision:
    if (stored.decided_by_id, stored.outcome, stored.reasons) == (actor.person_id, verdict.outcome, verdict.reasons):
        return stored
    raise ValidationError(_("A decision was made meanwhile. Yours was not saved."), code=OUTDATED)


def _refuse_closed(request: LeaveRequest) -> None:
    if request.state == LeaveState.AWAITING_CONSENT:
        raise ValidationError(_("The other guardian has not answered yet. You can decide when the answer is there or its time is over."))
    if request.end_date < days.today() or request.state == LeaveState.EXPIRED:
        raise ValidationError(_("The days have passed. Judge the absence in the lessons instead."), code=OUTDATED)
    if request.state == LeaveState.WITHDRAWN:
        raise ValidationError(_("The application was taken back meanwhile. There is nothing to decide."), code=OUTDATED)


def _granted_days(request: LeaveRequest, verdict: Verdict) -> list[date]:
    """The school days that the verdict grants; none where it refuses."""
    if verdict.outcome != LeaveOutcome.GRANTED and not verdict.reasons:
        raise ValidationError({"reasons": _("Write the reasons. The home reads them.")})
    if verdict.outcome == LeaveOutcome.REFUSED:
        return []
    asked = grantable_days(request)
    if verdict.outcome == LeaveOutcome.PARTLY:
        return _part_of(request, asked, verdict)
    if request.start_date < days.today():
        raise ValidationError(_("The leave has begun. Grant it in part, from today on; earlier absence is judged in the lessons."))
    if not asked:
        raise ValidationError(_("No school day is left to grant: the calendar or the place has changed. Refuse, and say why."))
    return asked


def _part_of(request: LeaveRequest, asked: Sequence[date], verdict: Verdict) -> list[date]:
    if not verdict.first or not verdict.last:
        raise ValidationError({"first": _("Say from which day to which.")})
    if verdict.last < verdict.first:
        raise ValidationError({"last": _("The last day is before the first.")})
    if verdict.first < max(request.start_date, days.today()) or verdict.last > request.end_date:
        raise ValidationError({"first": _("Choose days within those that were asked for, from today on.")})
    chosen = [day for day in asked if verdict.first <= day <= verdict.last]
    if not chosen:
        raise ValidationError({"first": _("There is no school day among those.")})
    if len(chosen) >= request.school_days:
        raise ValidationError({"last": _("That is all that was asked for. Choose to grant it.")})
    return chosen


def grantable_days(request: LeaveRequest) -> list[date]:
    """School days of the request from today on that are not granted already, by the calendar as it is now."""
    first = max(request.start_date, days.today())
    calendar = registry.school_calendar([request.pupil_id], first, request.end_date)
    found = leave.leave_school_days(calendar, request.pupil_id, request.school_unit, first, request.end_date)
    standing = LeaveDay.objects.standing().filter(pupil=request.pupil_id, school_unit=request.school_unit_id, day__in=found)
    taken = set(standing.values_list("day", flat=True))
    return [day for day in found if day not in taken]


def _decided(
    actor: Actor, request: LeaveRequest, verdict: Verdict, granted: Sequence[date], before: int, *, as_principal: bool
) -> LeaveDecision:
    decision = LeaveDecision(
        request=request,
        outcome=verdict.outcome,
        start_date=granted[0] if granted else None,
        end_date=granted[-1] if granted else None,
        school_days=len(granted),
        days_before=before,
        reasons=verdict.reasons,
        decided_by_id=actor.person_id,
        decided_at=days.now(),
        as_principal=as_principal,
        registry_no=next_registry_no(request.school_unit, days.today()),
    )
    content = decision_pdf(Decided(decision, request, granted))
    decision.document = keep(f"beslut-{decision.registry_no.replace(':', '-')}.pdf", "application/pdf", content)
    decision.save(force_insert=True)
    return decision
