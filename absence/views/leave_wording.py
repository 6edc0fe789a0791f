"""How the outcome of an application for leave is said."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from absence.actions.leave import Refused
from absence.models import ConsentAnswer, LeaveRequest


def applied_text(requests: Iterable[LeaveRequest]) -> str:
    """Which schools decide."""
    schools = sorted({request.school_unit.name for request in requests})
    return _("The application is sent to %(schools)s. You are told when it is decided.") % {"schools": _and(schools)}


def answered_text(answer: ConsentAnswer) -> str:
    if answer == ConsentAnswer.AGREES:
        return _("You agree. The school is told.")
    return _("You do not agree. The school sees it and decides.")


def refusal_text(problem: Refused) -> str:
    """One sentence: which child, why, and what to do instead."""
    said = {
        "no_leave": _("%(child)s has no place at a school where leave is applied for those days. Talk to the school."),
        "of_age": _("%(child)s will be of age then, and applies alone."),
        "no_school": _("%(child)s has no school those days, so no leave is needed."),
        "asked": _("Leave for %(child)s is already applied for on some of those days. To change it, take that application back first."),
        "granted": _("%(child)s already has leave on some of those days. Apply for the other days alone."),
    }
    return said[problem.reason] % {"child": problem.pupil.shown_name}


def _and(names: list[str]) -> str:
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]} if len(names) > 1 else names[0]
