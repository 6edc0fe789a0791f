"""Somebody says beforehand that pupils will be absent, and takes it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import SOURCE_OF, AbsenceReport, ReportedDay, Source
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads as registry
from registry.models import CalendarEvent, Person

from .report_rows import Interval, Outcome, Problem, Wish, save_again, save_wishes
from .submissions import refuse_other

__all__ = ["Outcome", "Problem", "Span", "add_day", "next_school_day", "report_absence", "report_lessons", "withdraw_day"]

MAX_DAYS = 31  # of one report; longer absence is for leave or the school
SEARCH_AHEAD = 30  # days within which the next school day is looked for


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

    def wishes_of(self, pupil: Person) -> list[Wish]:
        return [Wish(pupil, day, *self.on(day), self.whole_day) for day in days.days_between(self.first, self.last)]


@transaction.atomic
def report_absence(*, actor: Actor, pupils: Collection[Person], span: Span, submission: UUID, source: Source | None = None) -> Outcome:
    """Report absence for pupils whom the actor sees; what can be saved is saved, the rest is told in `problems`.

    The same form again gives the first receipt. The source follows from the role. Raises ValidationError for a span outside
    what may be reported and for a form that was sent before with other answers, PermissionDenied for a pupil the actor may
    not report. Nobody is told; lessons show it to their teachers.
    """
    for pupil in pupils:
        require(actor, "absence.report_absence", pupil)
    _check_span(span)
    wishes = [wish for pupil in pupils for wish in span.wishes_of(pupil)]
    outcome, saved = _kept(actor, wishes, submission, source)
    if saved and outcome.report:
        record(actor=actor, action="absence.report_absence", subjects=set(saved), object_id=outcome.report.pk, details={"days": len(saved)})
    return outcome


@transaction.atomic
def report_lessons(
    *, actor: Actor, pupils: Collection[Person], day: date, chosen: Mapping[UUID, Collection[UUID]], submission: UUID
) -> Outcome:
    """Report absence from the chosen lessons of a day (lesson ids by pupil id), a row for each; else as `report_absence`.

    Raises ValidationError, with nothing saved, for a lesson that is not the pupil's on that day.
    """
    for pupil in pupils:
        require(actor, "absence.report_absence", pupil)
    _check_day(day)
    wishes = _chosen(pupils, day, chosen)
    outcome, saved = _kept(actor, wishes, submission, None)
    if saved and outcome.report:
        record(
            actor=actor, action="absence.report_lessons", subjects=set(saved), object_id=outcome.report.pk, details={"lessons": len(saved)}
        )
    return outcome


def _kept(actor: Actor, wishes: Sequence[Wish], submission: UUID, source: Source | None) -> tuple[Outcome, list[UUID]]:
    """The receipt with its rows, and whose they are, an id for each row; no ids when nothing new was saved."""
    said_by = {"reported_by_id": actor.person_id, "source": source or SOURCE_OF[actor.role]}
    report, is_new = AbsenceReport.objects.get_or_create(submission=submission, defaults={**said_by, "reported_at": days.now()})
    if not is_new:
        refuse_other(report, said_by)
        return Outcome(report, save_again(report, actor.role, wishes)), []
    problems = save_wishes(report, actor.role, wishes)
    saved = list(report.days.values_list("pupil_id", flat=True))
    if not saved:
        report.delete()
        return Outcome(None, problems), []
    return Outcome(report, problems), saved


def _chosen(pupils: Collection[Person], day: date, chosen: Mapping[UUID, Collection[UUID]]) -> list[Wish]:
    lessons = list(registry.lessons_for([pupil.pk for pupil in pupils], day, day))
    own = {(lesson.pupil_id, lesson.pk) for lesson in lessons}
    if not chosen or any((pupil, lesson) not in own for pupil, ids in chosen.items() for lesson in ids):
        raise ValidationError(_("The timetable has changed. Nothing was saved: choose the lessons again."))
    picked = [lesson for lesson in lessons if lesson.pk in chosen.get(lesson.pupil_id, ())]
    times = {pupil: _merged([lesson for lesson in picked if lesson.pupil_id == pupil.pk]) for pupil in pupils}
    return [Wish(pupil, day, *interval) for pupil, intervals in times.items() for interval in intervals]


def _merged(lessons: Sequence[CalendarEvent]) -> list[Interval]:
    """The time of each lesson (given in order); two at the same time make one."""
    found: list[Interval] = []
    for lesson in lessons:
        if found and lesson.starts_at < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], lesson.ends_at))
        else:
            found.append((lesson.starts_at, lesson.ends_at))
    return found


def _check_day(first: date) -> None:
    if first < days.today():
        raise ValidationError({"first": _("That day has passed. Ask the school to correct it.")})


def _check_span(span: Span) -> None:
    _check_day(span.first)
    if span.last < span.first:
        raise ValidationError({"last": _("The last day is before the first.")})
    if (span.last - span.first).days >= MAX_DAYS:
        raise ValidationError({"last": _("At most %(days)d days at a time. For longer absence, talk to the school.") % {"days": MAX_DAYS}})
    if any(starts >= ends for starts, ends in [span.on(span.first)]):
        raise ValidationError({"ends": _("The time it ends must be after the time it starts.")})


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


@transaction.atomic
def withdraw_report(*, actor: Actor, report: AbsenceReport) -> list[ReportedDay]:
    """Take back every day of the own report that `withdraw_day` would; gives those that were taken back now.

    Doing it twice changes nothing more. Raises ValidationError when days stand and the first lesson of each has begun.
    """
    require(actor, "absence.withdraw_report", report)
    standing = ReportedDay.objects.filter(report=report, withdrawn_at=None, pupil__in=Person.objects.visible_to(actor))
    rows = list(standing.select_for_update(of=("self",)).order_by("pk"))
    limits = reads.deadlines(rows)
    open_rows = [row for row in rows if days.now() < limits[row.pk]]
    if rows and not open_rows:
        raise ValidationError(_("The lessons of that day have begun. Ask the school to correct it."))
    if open_rows:
        keys, pupils = [row.pk for row in open_rows], {row.pupil_id for row in open_rows}
        ReportedDay.objects.filter(pk__in=keys).update(withdrawn_at=days.now(), withdrawn_by=actor.person_id)
        record(actor=actor, action="absence.withdraw_report", subjects=pupils, object_id=report.pk, details={"days": len(keys)})
    return open_rows


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
