"""How the outcome of a report is said to a guardian."""

from __future__ import annotations

from django.template.defaultfilters import date as format_date
from django.utils.translation import gettext_lazy as _

from absence.actions.reports import Problem
from dexter.lib.templatetags.dexter import school_day

REASONS = {
    "already_reported": _("%(child)s is already reported %(when)s."),
    "no_school": _("%(child)s has no school %(when)s, so there is nothing to report."),
    "not_yours": _("%(child)s, %(when)s: you cannot report that day here. A pupil of age reports by themselves; else ask the school."),
    "too_far": _("%(child)s, %(when)s: that is too far ahead. Absence can be reported up to %(days)d days ahead."),
}


def problem_text(problem: Problem) -> str:
    """One sentence: which child, which day, and what holds instead."""
    first, last = problem.days[0], problem.days[-1]
    when = school_day(first) if first == last else f"{format_date(first, 'j F')}–{format_date(last, 'j F')}"
    return REASONS[problem.reason] % {"child": problem.pupil.shown_name, "when": when, "days": problem.limit}
