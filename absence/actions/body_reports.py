"""The responsible body appoints who receives its schools' reports, and they acknowledge each."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import BodyReport, ReportReceiver
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
    """Appoint an officer for a school from one day to another. Raises ValidationError for another body's, or a period held already."""
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
