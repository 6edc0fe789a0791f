"""How the outcome of a report, and what is registered of a lesson, is said to people."""

from __future__ import annotations

from django.template.defaultfilters import date as format_date
from django.utils.translation import gettext as _

from absence.actions.reports import Problem
from absence.reads import LessonOfDay
from dexter.lib.templatetags.dexter import school_day


def problem_text(problem: Problem) -> str:
    """One sentence: which child, which day, and what holds instead."""
    first, last = problem.days[0], problem.days[-1]
    when = school_day(first) if first == last else f"{format_date(first, 'j F')}–{format_date(last, 'j F')}"
    if problem.reason == "already_reported":
        return _("%(child)s is already reported %(when)s.") % {"child": problem.pupil.shown_name, "when": when}
    return _("%(child)s has no school %(when)s, so there is nothing to report.") % {"child": problem.pupil.shown_name, "when": when}


def lesson_states(found: LessonOfDay) -> list[tuple[str, str]]:
    """What is registered for a pupil in a lesson, as pairs of a tone (good, notice, warning, or none) and words."""
    row = found.effective
    if row is None or not (row.away_minutes or row.other_minutes):
        return [_without_absence(found)]
    waits = ("notice", _("Waits for the school's judgement, %(minutes)d min"))
    unauthorised = waits if row.to_judge else ("warning", _("Unauthorised absence, %(minutes)d min"))
    valid = _("Granted leave, %(minutes)d min") if row.on_leave else _("Valid absence, %(minutes)d min")
    parts = [
        (*unauthorised, row.unauthorised_minutes),
        ("good", valid, row.valid_minutes),
        ("", _("Other school activity, %(minutes)d min"), row.other_minutes),
    ]
    return [(tone, words % {"minutes": minutes}) for tone, words, minutes in parts if minutes]


def _without_absence(found: LessonOfDay) -> tuple[str, str]:
    if found.is_taken:
        return "good", _("Present")
    if found.is_reported:
        return "", _("Reported absent, roll-call not taken")
    return ("", _("Roll-call not taken")) if found.is_over else ("", _("Not yet"))
