"""Somebody says beforehand that pupils will be absent, and takes it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import AbsenceReport, ReportedDay, Source
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads as registry
from registry.models import Person

MAX_DAYS = 31  # of one report; longer absence is for leave or the school
MAX_AHEAD = 180  # days
SEARCH_AHEAD = 30  # days within which the next school day is looked for


@dataclass
class Problem:
    """Why one pupil's day could not be reported; the others went through."""

    pupil: Person
    days: list[date]
    reason: str  # "no_school" or "already_reported"


@dataclass
class Outcome:
    """What a report led to; without `report` nothing was saved."""

    report: AbsenceReport | None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Span:
    """The days and the part of each day that somebody reports; without times, whole days."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None

    def on(self, day: date) -> tuple[datetime, datetime]:
        opens, closes = days.bounds(day)
        return (days.moment(day, self.starts) if self.starts else opens, days.moment(day, self.ends) if self.ends else closes)

    @property
    def whole_day(self) -> bool:
        return self.starts is None and self.ends is None


@transaction.atomic
def report_absence(*, actor: Actor, pupils: Collection[Person], span: Span, submission: UUID, source: Source = Source.GUARDIAN) -> Outcome:
    """Report absence for pupils whom the actor sees; what can be saved is saved, the rest is told in `problems`.

    The same `submission` again gives the first receipt. Raises ValidationError for a span outside what may be reported,
    PermissionDenied for a pupil the actor may not report. Nobody is told; lessons show it to their teachers.
    """
    for pupil in pupils:
        require(actor, "absence.report_absence", pupil)
    _check_span(span)
    report, is_new = AbsenceReport.objects.get_or_create(
        submission=submission, defaults={"reported_by_id": actor.person_id, "source": source, "reported_at": days.now()}
    )
    if not is_new:
        return Outcome(report if report.reported_by_id == actor.person_id else None)
    problems = save_days(report, pupils, span)
    saved = list(report.days.values_list("pupil_id", flat=True))
    if not saved:
        report.delete()
        return Outcome(None, problems)
    record(actor=actor, action="absence.report_absence", subjects=set(saved), object_id=report.pk, details={"days": len(saved)})
    return Outcome(report, problems)


def _check_span(span: Span) -> None:
    today = days.today()
    if span.first < today:
        raise ValidationError({"first": _("That day has passed. Ask the school to correct it.")})
    if span.last < span.first:
        raise ValidationError({"last": _("The last day is before the first.")})
    if span.last > today + timedelta(days=MAX_AHEAD):
        raise ValidationError({"last": _("That is too far ahead. You can report up to %(days)d days ahead.") % {"days": MAX_AHEAD}})
    if (span.last - span.first).days >= MAX_DAYS:
        raise ValidationError({"last": _("At most %(days)d days at a time. For longer absence, talk to the school.") % {"days": MAX_DAYS}})
    if any(starts >= ends for starts, ends in [span.on(span.first)]):
        raise ValidationError({"ends": _("The time it ends must be after the time it starts.")})


def save_days(report: AbsenceReport, pupils: Collection[Person], span: Span) -> list[Problem]:
    """Insert what can be saved; where somebody else reported meanwhile, the exclusion constraint leaves the row out."""
    calendar = registry.school_calendar([pupil.pk for pupil in pupils], span.first, span.last)
    open_days = {
        pupil.pk: [day for day in days.days_between(span.first, span.last) if calendar.is_school_day(pupil.pk, day)] for pupil in pupils
    }
    rows = [_row(report, pupil, day, span) for pupil in pupils for day in open_days[pupil.pk]]
    ReportedDay.objects.bulk_create(rows, ignore_conflicts=True)
    saved = set(report.days.values_list("pupil_id", "day"))
    problems = []
    for pupil in pupils:
        repeated = [day for day in open_days[pupil.pk] if (pupil.pk, day) not in saved]
        if repeated:
            problems.append(Problem(pupil, repeated, "already_reported"))
        elif not open_days[pupil.pk]:
            problems.append(Problem(pupil, list(days.days_between(span.first, span.last)), "no_school"))
    return problems


def _row(report: AbsenceReport, pupil: Person, day: date, span: Span) -> ReportedDay:
    starts_at, ends_at = span.on(day)
    return ReportedDay(report=report, pupil=pupil, day=day, starts_at=starts_at, ends_at=ends_at, whole_day=span.whole_day)


@transaction.atomic
def withdraw_day(*, actor: Actor, day: ReportedDay) -> ReportedDay:
    """Take back one reported day before the pupil's first lesson of it that the report covers.

    Doing it twice changes nothing more. Raises ValidationError once that lesson has begun: from then on the school corrects.
    """
    require(actor, "absence.withdraw_day", day)
    day = ReportedDay.objects.select_for_update().get(pk=day.pk)
    if day.withdrawn_at:
        return day
    if days.now() >= reads.deadlines([day])[day.pk]:
        raise ValidationError(_("The lessons of that day have begun. Ask the school to correct it."))
    day.withdrawn_at, day.withdrawn_by_id = days.now(), actor.person_id
    day.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(actor=actor, action="absence.withdraw_day", subjects=[day.pupil_id], object_id=day.pk)
    return day


def next_school_day(pupil_id: UUID, after: date) -> date | None:
    """The pupil's first school day after `after`, looked for within a month."""
    calendar = registry.school_calendar([pupil_id], after, after + timedelta(days=SEARCH_AHEAD))
    ahead = days.days_between(after + timedelta(days=1), after + timedelta(days=SEARCH_AHEAD))
    return next((day for day in ahead if calendar.is_school_day(pupil_id, day)), None)


def add_day(*, actor: Actor, day: ReportedDay, submission: UUID) -> Outcome:
    """One more day: report the pupil absent on the next school day after `day` that has not passed."""
    following = next_school_day(day.pupil_id, max(day.day, days.today() - timedelta(days=1)))
    if following is None:
        raise ValidationError(_("There is no school day within the next month."))
    return report_absence(actor=actor, pupils=[day.pupil], span=Span(following, following), submission=submission)
