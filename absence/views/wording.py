"""How the outcome of a report, and what is registered of a lesson, is said to people."""

from __future__ import annotations

from django.template.defaultfilters import date as format_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from absence.actions.reports import Problem
from absence.reads import LessonOfDay
from dexter.lib.templatetags.dexter import school_day

REASONS = {
    "already_reported": _("%(child)s is already reported %(when)s."),
    "no_school": _("%(child)s has no school %(when)s, so there is nothing to report."),
    "not_yours": _("%(child)s, %(when)s: you cannot report that day here. A pupil of age reports by themselves; else ask the school."),
    "too_far": _("%(child)s, %(when)s: that is too far ahead. Today absence can be reported up to %(last)s."),
}


def problem_text(problem: Problem) -> str:
    """One sentence: which child, which day, and what holds instead."""
    first, last = problem.days[0], problem.days[-1]
    when = school_day(first) if first == last else f"{format_date(first, 'j F')}–{format_date(last, 'j F')}"
    return REASONS[problem.reason] % {"child": problem.pupil.shown_name, "when": when, "last": school_day(problem.last_day)}


def lesson_states(found: LessonOfDay) -> list[tuple[str, str]]:
    """What is registered for a pupil in a lesson, as pairs of a tone (good, notice, warning, or none) and words."""
    row = found.effective
    if row is None or not (row.away_minutes or row.other_minutes):
        return [_without_absence(found)]
    waits = ("notice", gettext("Waits for the school's judgement, %(minutes)d min"))
    unauthorised = waits if row.to_judge else ("warning", gettext("Unauthorised absence, %(minutes)d min"))
    valid = gettext("Granted leave, %(minutes)d min") if row.on_leave else gettext("Valid absence, %(minutes)d min")
    parts = [
        (*unauthorised, row.unauthorised_minutes),
        ("good", valid, row.valid_minutes),
        ("", gettext("Other school activity, %(minutes)d min"), row.other_minutes),
    ]
    return [(tone, words % {"minutes": minutes}) for tone, words, minutes in parts if minutes]


def _without_absence(found: LessonOfDay) -> tuple[str, str]:
    if found.is_taken:
        return "good", gettext("Present")
    if found.is_reported:
        return "", gettext("Reported absent, roll-call not taken")
    return ("", gettext("Roll-call not taken")) if found.is_over else ("", gettext("Not yet"))
