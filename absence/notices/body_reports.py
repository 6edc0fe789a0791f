"""The officers of the responsible body are told by e-mail at work that a report waits; not of whom, nor from which school."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from absence import reads
from absence.models import AbsenceInvestigation
from absence.reads import leave_recipients
from dexter.lib.addresses import site_address
from dexter.notices.actions import queue_notice
from dexter.notices.messages import Message
from dexter.notices.models import Notice

from .leave import in_language_of_reader


def tell_officers(investigation: AbsenceInvestigation) -> None:
    """Each who receives the unit's reports today; who has no e-mail at work sees the report in the list."""
    told = leave_recipients.work_addresses(reads.officers_told(investigation))
    for person, addresses in told.items():
        queue_notice("absence.body_report", person, addresses, {"investigation": str(investigation.pk)})


@in_language_of_reader
def body_report(notice: Notice) -> Message | None:
    """Nothing when somebody has received it meanwhile, or when the officer receives the unit's reports no more."""
    case = AbsenceInvestigation.objects.select_related("report", "pupil").get(pk=notice.ids["investigation"])
    if case.report.received_at or notice.recipient_id not in reads.officers_told(case):
        return None
    told = _("A report of absence waits for you to receive it.")
    where = " ".join([_("Sign in to Dexter to read more."), site_address(reverse("absence:body_report_list"))])
    return Message(subject=_("A report waits"), body=f"{told}\n\n{where}\n", short=f"{told} {where}")
