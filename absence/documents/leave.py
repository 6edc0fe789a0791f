"""The decision on a leave as an accessible PDF, in the language of the authority. It names the pupil and the decider, no guardian."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.template.defaultfilters import date as format_date
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from absence.models import LeaveDecision, LeaveOutcome, LeaveRequest
from absence.reads.leave import legal_basis_of
from dexter.lib import days
from dexter.lib.pdf import ACCESSIBLE, compile_pdf
from dexter.lib.site_texts import LEAVE_APPEAL, site_text
from registry import reads as registry
from registry.models import Person

SOURCE = Path(__file__).with_suffix(".typ")


class Decided(NamedTuple):
    """The decision, not saved yet, its request with pupil and school, and the granted school days in order."""

    decision: LeaveDecision
    request: LeaveRequest
    granted: Sequence[date]


def decision_pdf(decided: Decided) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        return compile_pdf(SOURCE, _told(decided), ACCESSIBLE)


def _told(decided: Decided) -> dict[str, Any]:
    decision, request, _granted = decided
    made = days.day_of(decision.decided_at)
    return {
        "title": _("Decision on leave"),
        "language": settings.LANGUAGE_CODE,
        "year": made.year,
        "month": made.month,
        "day": made.day,
        "sender": [
            f"{registry.body_of(request.school_unit).name}, {request.school_unit.name}",
            _("Registry number %(number)s") % {"number": decision.registry_no},
            _("Decided %(day)s") % {"day": made.isoformat()},
        ],
        "verdict": _verdict(decided),
        "sections": [
            {"title": _("The application"), "facts": _application(request), "lines": []},
            {"title": _("Reasons"), "facts": [], "lines": _reasons(decision)},
            {"title": _("What follows"), "facts": [], "lines": consequences(LeaveOutcome(decision.outcome))},
            {"title": _("Who decided"), "facts": [], "lines": [_decider(decision)]},
            {"title": _("If you do not agree"), "facts": [], "lines": _appeal()},
        ],
    }


def _verdict(decided: Decided) -> str:
    name, granted = decided.request.pupil.shown_name, decided.granted
    if not granted:
        return _("%(name)s is not granted leave.") % {"name": name}
    count = ngettext("%(count)d school day", "%(count)d school days", len(granted)) % {"count": len(granted)}
    if decided.decision.outcome == LeaveOutcome.PARTLY:
        return _("%(name)s is granted part of the leave: %(period)s, %(days)s.") % {"name": name, "period": _period(granted), "days": count}
    return _("%(name)s is granted leave: %(period)s, %(days)s.") % {"name": name, "period": _period(granted), "days": count}


def _period(granted: Sequence[date]) -> str:
    first, last = granted[0], granted[-1]
    return _long(first) if first == last else f"{_long(first)} – {_long(last)}"


def _long(day: date) -> str:
    return str(format_date(day, "j F Y"))


def _application(request: LeaveRequest) -> list[dict[str, str]]:
    facts = {
        _("Received"): days.day_of(request.application.submitted_at).isoformat(),
        _("Pupil"): request.pupil.shown_name,
        _("Days asked for"): _period([request.start_date, request.end_date]),
        _("School days in it"): str(request.school_days),
    }
    return [{"name": name, "value": value} for name, value in facts.items()]


def _reasons(decision: LeaveDecision) -> list[str]:
    before = _("School days of leave granted earlier this school year: %(count)d.") % {"count": decision.days_before}
    written = decision.reasons.splitlines() or [_("The school finds that the leave can be granted.")]
    return [*written, before, _("Law: %(law)s.") % {"law": legal_basis_of(decision.request)}]


def consequences(outcome: LeaveOutcome) -> list[str]:
    """What the outcome means for the home, in sentences."""
    refused = _("If the pupil stays away all the same, the absence is unauthorised and stands in the term report where there is one.")
    granted = _(
        "Absence on the granted school days is valid. Lessons, tasks and tests that are missed are made up for as the teachers say."
    )
    back = _("Days that turn out not to be needed are given back in Dexter.")
    return {
        LeaveOutcome.GRANTED: [granted, back],
        LeaveOutcome.PARTLY: [granted, back, _("The other days were not granted.") + " " + refused],
        LeaveOutcome.REFUSED: [refused],
    }[outcome]


def _appeal() -> list[str]:
    """Leave is not among what the board of appeal for the school system tries (skollagen 28 kap.); what else holds the municipality
    says itself. The document keeps what it said on the day of the decision."""
    return [line for line in site_text(LEAVE_APPEAL).splitlines() if line.strip()]


def _decider(decision: LeaveDecision) -> str:
    decider = Person.objects.get(pk=decision.decided_by_id)
    by = _("%(name)s, principal") if decision.as_principal else _("%(name)s, mentor, by delegation from the principal")
    return by % {"name": decider.shown_name}
