"""An investigation of absence as an accessible PDF under its registry number."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from absence import reads
from absence.models import AbsenceInvestigation
from dexter.lib import days
from dexter.lib.pdf import ACCESSIBLE, compile_pdf

SOURCE = Path(__file__).with_suffix(".typ")


def investigation_pdf(investigation: AbsenceInvestigation) -> bytes:
    """What it says now, in the reader's language, with the pupil's shown name; needs `reads.in_full`."""
    today = days.today()
    data = {
        "title": _("Investigation of absence %(number)s") % {"number": investigation.registry_no},
        "language": get_language() or "sv",
        "year": today.year,
        "month": today.month,
        "day": today.day,
        "head": [_("What"), _("Value")],
        "facts": _facts(investigation),
        "sections": [{"title": str(title), "text": text or _("Nothing is written yet.")} for title, text in reads.texts_of(investigation)],
        "foot": _("Secret under the Public Access to Information and Secrecy Act, 23:2, where disclosure may do harm."),
    }
    return compile_pdf(SOURCE, data, ACCESSIBLE)


def _facts(investigation: AbsenceInvestigation) -> list[list[str]]:
    report = investigation.report
    received = days.day_of(report.received_at).isoformat() if report.received_at else _("not yet")
    facts = [
        [_("Pupil"), investigation.pupil.shown_name],
        [_("School"), investigation.school_unit.name],
        [_("Registry number"), investigation.registry_no],
        [_("Legal basis"), "Skollagen (2010:800) 7 kap. 19 a §"],
        [_("Opened"), f"{days.day_of(investigation.opened_at).isoformat()}, {investigation.opened_by.shown_name}"],
        [_("Reported to the responsible body"), days.day_of(report.reported_at).isoformat()],
        [_("Received by the responsible body"), received],
        [_("State"), investigation.get_state_display()],
    ]
    if report.home_municipality:
        facts.append([_("Home municipality"), report.home_municipality])
    if onward := getattr(investigation, "onward", None):
        sent = _("%(municipality)s, %(day)s, %(means)s")
        how = {"municipality": onward.municipality, "day": onward.sent_on.isoformat(), "means": onward.get_means_display()}
        facts.append([_("Sent onward to the home municipality (Education Act 7:22)"), sent % how])
    if investigation.follow_up_on:
        facts.append([_("To be followed up"), investigation.follow_up_on.isoformat()])
    if investigation.closed_at and investigation.closed_by:
        facts.append([_("Ended"), f"{days.day_of(investigation.closed_at).isoformat()}, {investigation.closed_by.shown_name}"])
    return [[str(name), str(value)] for name, value in facts]
