"""The office, or a mentor, registers what somebody phones in, and notes its own calls."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import AbsenceReport, ContactAttempt, ReportedDay, Source, UnitSettings
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import Person, SchoolUnit

from .report_rows import Outcome, save_again, save_wishes
from .reports import MAX_DAYS, Span
from .submissions import refuse_other


@transaction.atomic
def report_for_pupil(*, actor: Actor, pupil: Person, span: Span, phoned_by: Person | None, submission: UUID) -> Outcome:
    """Report a pupil absent for somebody who phoned (None: another, or not known), also for days that have passed.

    As far back as the school keeps its lessons open; what is reported after a lesson began is late and waits for the
    school's judgement. The same form again gives the first report. Raises ValidationError for a span outside that, and for a
    form that was sent before about another pupil or other days.
    """
    require(actor, "absence.report_for_pupil", pupil)
    _check_span(span, list(reads.settings_by_unit(reads.units_of(pupil), days.today()).values()))
    values = {"reported_by_id": actor.person_id, "source": Source.OFFICE, "phoned_by": phoned_by}
    report, is_new = AbsenceReport.objects.get_or_create(submission=submission, defaults={**values, "reported_at": days.now()})
    if not is_new:
        refuse_other(report, values)
        return Outcome(report, save_again(report, actor.role, span.wishes_of(pupil)))
    problems = save_wishes(report, actor.role, span.wishes_of(pupil))
    count = report.days.count()
    if not count:
        report.delete()
        return Outcome(None, problems)
    record(actor=actor, action="absence.report_for_pupil", subjects=[pupil.pk], object_id=report.pk, details={"days": count})
    return Outcome(report, problems)


def _check_span(span: Span, settings: list[UnitSettings]) -> None:
    today, last = days.today(), span.last
    back = max((row.open_days for row in settings), default=0)
    ahead = max((row.report_ahead_days for row in settings), default=0)
    if span.first < today - timedelta(days=back):
        raise ValidationError({"first": _("That is too long ago: the lessons stay open for %(days)d days.") % {"days": back}})
    if last < span.first:
        raise ValidationError({"last": _("The last day is before the first.")})
    if last > today + timedelta(days=ahead):
        raise ValidationError({"last": _("That is too far ahead. You can report up to %(days)d days ahead.") % {"days": ahead}})
    if (last - span.first).days >= MAX_DAYS:
        raise ValidationError({"last": _("At most %(days)d days at a time.") % {"days": MAX_DAYS}})
    starts_at, ends_at = span.on(span.first)
    if starts_at >= ends_at:
        raise ValidationError({"ends": _("The time it ends must be after the time it starts.")})


@transaction.atomic
def withdraw_for_pupil(*, actor: Actor, day: ReportedDay) -> ReportedDay:
    """Undo one day that the actor registered today, whether its lessons have begun or not. Doing it twice changes nothing more."""
    require(actor, "absence.withdraw_for_pupil", day)
    day = ReportedDay.objects.select_for_update().get(pk=day.pk)
    if day.withdrawn_at:
        return day
    day.withdrawn_at, day.withdrawn_by_id = days.now(), actor.person_id
    day.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(actor=actor, action="absence.withdraw_for_pupil", subjects=[day.pupil_id], object_id=day.pk)
    return day


@transaction.atomic
def note_contact(*, actor: Actor, pupil: Person, school_unit: SchoolUnit, day: date, outcome: str, submission: UUID) -> ContactAttempt:
    """Note that the school phoned about a pupil who has not arrived; the same form again changes nothing.

    Raises ValidationError for a form that was sent before about something else.
    """
    require(actor, "absence.note_contact", pupil)
    values = {"pupil": pupil, "school_unit": school_unit, "day": day, "attempted_by_id": actor.person_id}
    attempt, is_new = ContactAttempt.objects.get_or_create(
        submission=submission, defaults={**values, "outcome": outcome, "attempted_at": days.now()}
    )
    if not is_new:
        refuse_other(attempt, {**values, "outcome": outcome})
    else:
        record(actor=actor, action="absence.note_contact", subjects=[pupil.pk], object_id=attempt.pk, details={"outcome": outcome})
    return attempt
