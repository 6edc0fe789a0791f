"""Somebody applies for leave for pupils, and takes it back, wholly or day by day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import LeaveApplication, LeaveDay, LeaveRequest, LeaveState, UnitSettings
from absence.notices import leave as notices
from absence.reads import leave
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads as registry
from registry.models import Person, SchoolUnit

from .submissions import refuse_other, sent_before

MOST_DAYS = 183  # days of one application; what is longer is no leave (24:23)
MOST_AHEAD = 366  # days


@dataclass(frozen=True)
class Refused:
    """Why leave could not be asked for, for one pupil at one school; the others went through."""

    pupil: Person
    reason: str  # "no_leave", "of_age", "no_school", "asked" or "granted"


@dataclass
class Applied:
    """What an application led to; without `requests` nothing was saved."""

    requests: list[LeaveRequest]
    problems: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    first: date
    last: date
    purpose: str


@transaction.atomic
def apply_for_leave(*, actor: Actor, pupils: Collection[Person], wanted: Wanted, submission: UUID) -> Applied:
    """One application: a request for each pupil and school. What can be asked for is saved, the rest is told in `problems`.

    The same form again gives the first requests. Where a school asks for both guardians' agreement the others have
    until `answer_by`; all other guardians who are let in are told. Raises ValidationError for a period outside what may be asked,
    and for a form that was sent before with other answers, or was taken back since.
    """
    for pupil in pupils:
        require(actor, "absence.apply_for_leave", pupil)
    check_wanted(wanted)
    asked = {"applied_by_id": actor.person_id, "start_date": wanted.first, "end_date": wanted.last, "purpose": wanted.purpose}
    application, is_new = LeaveApplication.objects.get_or_create(submission=submission, defaults={**asked, "submitted_at": days.now()})
    one_at_a_time([pupil.pk for pupil in pupils])
    if not is_new:
        refuse_other(application, asked)
        return _again(application, pupils)
    applied = _ask(application, pupils)
    if not applied.requests:
        application.delete()
        return applied
    notices.tell_other_guardians(application, applied.requests)
    subjects = {request.pupil_id for request in applied.requests}
    record(actor=actor, action="absence.apply_for_leave", subjects=subjects, object_id=application.pk, details={"requests": len(subjects)})
    return applied


def _again(application: LeaveApplication, pupils: Collection[Person]) -> Applied:
    """What the same form led to the first time. For a pupil who was not asked for then, the form is another one."""
    requests = list(application.requests.select_related("school_unit"))
    asked = {request.pupil_id for request in requests}
    rest = _ask(application, [pupil for pupil in pupils if pupil.pk not in asked])
    if rest.requests or not asked <= {pupil.pk for pupil in pupils} or any(row.state == LeaveState.WITHDRAWN for row in requests):
        raise sent_before()
    return Applied(requests, rest.problems)


def one_at_a_time(pupils: Collection[UUID]) -> None:
    """What is asked, decided and given back for a pupil waits for each other, so that sums of days hold."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=pupils).order_by("pk").values_list("pk"))


def check_wanted(wanted: Wanted) -> None:
    """Raises ValidationError for a period outside what may be asked."""
    today = days.today()
    if wanted.first < today:
        raise ValidationError({"first": _("That day has passed. Leave is applied for beforehand.")})
    if wanted.last < wanted.first:
        raise ValidationError({"last": _("The last day is before the first.")})
    if wanted.first > today + timedelta(days=MOST_AHEAD):
        raise ValidationError({"first": _("That is too far ahead. You can apply up to a year ahead.")})
    if (wanted.last - wanted.first).days >= MOST_DAYS:
        raise ValidationError({"last": _("That is longer than a leave can be. Talk to the school about other ways.")})


def _ask(application: LeaveApplication, pupils: Collection[Person]) -> Applied:
    """A request for each pupil and school, or why there is none."""
    first, last = application.start_date, application.end_date
    places = leave.leave_places(pupils, first, last)
    calendar = registry.school_calendar([pupil.pk for pupil in pupils], first, last)
    settings = reads.settings_by_unit([unit.pk for units in places.values() for unit in units], days.today())
    others = leave.other_guardians(pupils, application.applied_by_id)
    found: list[LeaveRequest | Refused] = []
    for pupil in pupils:
        if pupil.pk != application.applied_by_id and not reads.is_minor_on(pupil, first):
            found.append(Refused(pupil, "of_age"))
        elif not places[pupil.pk]:
            found.append(Refused(pupil, "no_leave"))
        else:
            for unit in places[pupil.pk]:
                count = len(leave.leave_school_days(calendar, pupil.pk, unit, first, last))
                answer_by = _waits(settings[unit.pk], first) if others.get(pupil.pk) else None
                found.append(_request(application, pupil, unit, count, answer_by))
    return Applied([row for row in found if isinstance(row, LeaveRequest)], [row for row in found if isinstance(row, Refused)])


def _waits(settings: UnitSettings, first: date) -> date | None:
    """Until when the other guardian may answer; a day that has passed means that the school does not wait, but asks."""
    return leave.last_day_to_answer(first, settings.consent_days) if settings.both_guardians_sign_leave else None


def _request(application: LeaveApplication, pupil: Person, unit: SchoolUnit, count: int, answer_by: date | None) -> LeaveRequest | Refused:
    if not count:
        return Refused(pupil, "no_school")
    period = (application.start_date, application.end_date)
    if LeaveDay.objects.standing().filter(pupil=pupil, school_unit=unit, day__range=period).exists():
        return Refused(pupil, "granted")
    waits = answer_by is not None and answer_by >= days.today()
    try:
        with transaction.atomic():
            return LeaveRequest.objects.create(
                application=application,
                pupil=pupil,
                school_unit=unit,
                start_date=application.start_date,
                end_date=application.end_date,
                state=LeaveState.AWAITING_CONSENT if waits else LeaveState.IN_PREPARATION,
                school_days=count,
                answer_by=answer_by and max(answer_by, days.today()),
            )
    except IntegrityError:
        return Refused(pupil, "asked")


@transaction.atomic
def withdraw_leave(*, actor: Actor, request: LeaveRequest, given_back: Collection[date] | None = None) -> LeaveRequest:
    """Take back an undecided request, or give back granted days that are to come: `given_back`, or all of them.

    Doing it twice changes nothing more. Raises ValidationError when nothing is left to take back, or for days that were not granted.
    """
    one_at_a_time([request.pupil_id])
    request = locked(request)
    require(actor, "absence.withdraw_leave", request)
    if request.state == LeaveState.WITHDRAWN:
        return request
    if request.is_open:
        request.state, request.withdrawn_at, request.withdrawn_by_id = LeaveState.WITHDRAWN, days.now(), actor.person_id
        request.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
        count = request.school_days
    else:
        count = _give_back(request, given_back)
    if count:
        record(actor=actor, action="absence.withdraw_leave", subjects=[request.pupil_id], object_id=request.pk, details={"days": count})
    return request


def _give_back(request: LeaveRequest, given_back: Collection[date] | None) -> int:
    """How many days were given back now."""
    granted = LeaveDay.objects.filter(request=request)
    coming = granted.standing().filter(day__gt=days.today())
    if given_back is None:
        if not coming.exists():
            raise ValidationError(_("There are no granted days to come, so there is nothing to give back."))
        return coming.update(revoked_at=days.now())
    if not given_back:
        raise ValidationError(_("Choose at least one day."))
    if set(given_back) - set(granted.filter(day__gt=days.today()).values_list("day", flat=True)):
        raise ValidationError(_("Only granted days that are to come can be given back."))
    return coming.filter(day__in=given_back).update(revoked_at=days.now())


def locked(request: LeaveRequest) -> LeaveRequest:
    """The request as it stands now, held until the end of the transaction."""
    held = LeaveRequest.objects.select_for_update(of=("self",))
    return held.select_related("pupil", "application", "school_unit__organisation").get(pk=request.pk)
