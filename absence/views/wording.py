"""How the outcome of a report is said to a guardian."""

from __future__ import annotations

from django.template.defaultfilters import date as format_date
from django.utils.translation import gettext as _

from absence.actions.reports import Problem
from dexter.lib.templatetags.dexter import school_day


def problem_text(problem: Problem) -> str:
    """One sentence: which child, which day, and what holds instead."""
    first, last = problem.days[0], problem.days[-1]
    when = school_day(first) if first == last else f"{format_date(first, 'j F')}–{format_date(last, 'j F')}"
    if problem.reason == "already_reported":
        return _("%(child)s is already reported %(when)s.") % {"child": problem.pupil.shown_name, "when": when}
    return _("%(child)s has no school %(when)s, so there is nothing to report.") % {"child": problem.pupil.shown_name, "when": when}
