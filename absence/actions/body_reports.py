"""The responsible body appoints who receives its schools' reports, and they acknowledge each."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import AbsenceInvestigation, BodyReport, Means, OnwardReport, ReportReceiver
from absence.notices.body_reports import tell_officers
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads as registry
from registry.models import Duty, Organisation, SchoolUnit


@transaction.atomic
def receive_body_report(*, actor: Actor, report: BodyReport) -> BodyReport:
    """Acknowledge a report. Once is enough: a second officer changes nothing."""
    require(actor, "absence.receive_body_report", report)
    BodyReport.objects.filter(pk=report.pk, received_at=None).update(received_by_id=actor.person_id, received_at=days.now())
    record(actor=actor, action="absence.receive_body_report", subjects=[report.investigation.pupil_id], object_id=report.pk)
    report.refresh_from_db()
    return report


@transaction.atomic
def add_report_receiver(*, actor: Actor, duty: Duty, school_unit: SchoolUnit, start_date: date, end_date: date | None) -> ReportReceiver:
    """Appoint an officer for a school from one day to another; who begins is told when a report waits.

    Raises ValidationError for another body's school, or a period held already.
    """
    require(actor, "absence.keep_report_receivers")
    require(actor, "absence.end_report_receiver", duty)
    body = Organisation.objects.filter(pk=duty.organisation_id)
    if not reads.units_of_bodies(body).filter(pk=school_unit.pk).exists() or registry.body_of(school_unit).pk != duty.organisation_id:
        raise ValidationError({"school_unit": _("The school belongs to another body.")})
    if end_date and end_date < start_date:
        raise ValidationError({"end_date": _("The last day is before the first.")})
    try:
        with transaction.atomic():
            receiver = ReportReceiver.objects.create(duty=duty, school_unit=school_unit, start_date=start_date, end_date=end_date)
    except IntegrityError:
        raise ValidationError(_("The officer receives this school's reports already in that time.")) from None
    waiting = reads.waiting_at(school_unit)
    if waiting and start_date <= days.today():
        tell_officers(waiting)
    record(actor=actor, action="absence.add_report_receiver", subjects=[duty.person_id], object_id=school_unit.pk)
    return receiver


@transaction.atomic
def end_report_receiver(*, actor: Actor, receiver: ReportReceiver) -> ReportReceiver:
    """End an appointment: from now on nothing more is seen; one that was to begin today or later goes. What was received stays so."""
    require(actor, "absence.end_report_receiver", receiver.duty)
    yesterday = days.today() - timedelta(days=1)
    if receiver.start_date > yesterday:
        receiver.delete()
    else:
        receiver.end_date = yesterday
        receiver.save(update_fields=["end_date"])
    record(
        actor=actor,
        action="absence.end_report_receiver",
        subjects=[receiver.duty.person_id],
        object_id=receiver.school_unit_id,
    )
    return receiver


@transaction.atomic
def send_report_onward(
    *, actor: Actor, investigation: AbsenceInvestigation, municipality: str, sent_on: date, means: Means
) -> OnwardReport:
    """Note that the report went on to the pupil's home municipality (skollagen 7:22); once, and never changed.

    The same words again from the same person give the first row. Raises ValidationError when it is noted already, or for a
    day that has not come or lies before the investigation.
    """
    require(actor, "absence.send_report_onward", investigation)
    if not days.day_of(investigation.opened_at) <= sent_on <= days.today():
        raise ValidationError({"sent_on": _("Choose a day between the opening of the investigation and today.")})
    given = {"municipality": municipality, "sent_on": sent_on, "means": means, "noted_by_id": actor.person_id}
    made, is_new = OnwardReport.objects.get_or_create(investigation=investigation, defaults={**given, "noted_at": days.now()})
    if not is_new and {name: getattr(made, name) for name in given} != given:
        raise ValidationError(_("It is noted already that the report was sent onward. Nothing was changed."))
    details: dict[str, str | int | bool] = {"means": str(means), "sent_on": sent_on.isoformat(), "new": is_new}
    record(actor=actor, action="absence.send_report_onward", subjects=[investigation.pupil_id], object_id=investigation.pk, details=details)
    return made
