"""What who decides on a leave, or prepares it, needs to know of the pupil's school year."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Sum

from absence.models import BlockedPeriod, LeaveConsent, LeaveNote, LeaveRequest, RollCall
from absence.models.effective import EffectiveQuerySet
from absence.models.leave import LeaveRequestQuerySet, OfRequestQuerySet
from dexter.lib import days
from registry.models import Person

from .blocked_periods import Notice, notice_of, periods_of
from .leave import Years, leave_days_before, unanswered, years_of_leave
from .settings import settings_of

USUAL_DAYS = 10  # school days a year in all, by the practice of the municipalities


class Attendance(NamedTuple):
    """Of the school year until today, in minutes of lessons whose roll-call was taken."""

    offered: int
    away: int
    unauthorised: int

    @property
    def percent(self) -> int:
        return round(100 * self.away / self.offered) if self.offered else 0

    @property
    def offered_hours(self) -> float:
        return _hours(self.offered)

    @property
    def away_hours(self) -> float:
        return _hours(self.away)

    @property
    def unauthorised_hours(self) -> float:
        return _hours(self.unauthorised)


class Basis(NamedTuple):
    days_before: int  # school days granted earlier in the school year
    days_in_all: int  # with those asked for
    delegated: int
    earlier: list[LeaveRequest]
    attendance: Attendance
    notes: list[LeaveNote]
    consents: list[LeaveConsent]
    silent: int  # guardians who were asked and have not answered
    blocked: list[BlockedPeriod]
    notice: Notice

    @property
    def over_usual(self) -> bool:
        return self.days_in_all > USUAL_DAYS

    @property
    def late(self) -> bool:
        return self.notice.given < self.notice.wanted

    @property
    def within_delegation(self) -> bool:
        return self.days_in_all <= self.delegated


def _hours(minutes: int) -> float:
    return round(minutes / 60, 1)


def basis_of(
    request: LeaveRequest,
    *,
    visible: LeaveRequestQuerySet,
    effective: EffectiveQuerySet,
    notes: OfRequestQuerySet,
    consents: OfRequestQuerySet,
) -> Basis:
    """What the actor may see of it is told by the querysets; some dozen statements."""
    before = leave_days_before(request)
    years = years_of_leave(request.start_date, request.end_date)
    others = visible.filter(pupil=request.pupil_id, start_date__range=years).exclude(pk=request.pk)
    return Basis(
        days_before=before,
        days_in_all=before + request.school_days,
        delegated=settings_of(request.school_unit_id, days.today()).delegated_leave_days,
        earlier=list(others.select_related("decision", "school_unit")),
        attendance=_attendance(request.pupil, years, effective),
        notes=list(notes.filter(request=request).select_related("written_by")),
        consents=list(consents.filter(request=request).select_related("guardian").order_by("answered_at", "pk")),
        silent=len(unanswered(request)),
        blocked=periods_of(request),
        notice=notice_of(request),
    )


def _attendance(pupil: Person, years: Years, effective: EffectiveQuerySet) -> Attendance:
    """All lessons of the pupil's: leave is weighed against the whole of the studies."""
    until = min(days.today(), years.last)
    offered = RollCall.objects.of_pupils([pupil.pk], years.first, until).aggregate(sum=Sum("lesson_minutes"))
    sums = effective.of([pupil.pk]).between(years.first, until).aggregate(away=Sum("away_minutes"), bad=Sum("unauthorised_minutes"))
    return Attendance(offered["sum"] or 0, sums["away"] or 0, sums["bad"] or 0)
