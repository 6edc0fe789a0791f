"""Questions about absence that several callers share."""

from .attendance import Attendance, attendance_of
from .attendance_sums import Mark, Sums
from .corrections import line_of, registered_at, with_answer, with_lesson, with_mine
from .office import Doors, doors_of, just_registered, possible_callers, reported_for_by, takes_calls, units_of, works_in
from .presence import after_school_of, present_in
from .reporting import Law, Limit, in_role, law_of, limits_of, reportable_by, with_reportable
from .reports import Choice, deadlines, lessons_to_choose, marked_last_of_pupil, marked_withdrawable, reported_at, with_receipt
from .roll_calls import RosterRow, Sheet, current_or_next, is_locked, roll_call_sheet, with_roll_call_state
from .school_day import overseen_pupils, overseen_units, school_day_of, with_homes
from .settings import is_minor_on, rules_for, settings_at, settings_by_unit, settings_of, with_settings
from .terms import TermSpan, span_at, term_spans
from .today import ChildToday, Today, today_of

__all__ = [
    "Attendance",
    "ChildToday",
    "Choice",
    "Doors",
    "Law",
    "Limit",
    "Mark",
    "RosterRow",
    "Sheet",
    "Sums",
    "TermSpan",
    "Today",
    "after_school_of",
    "attendance_of",
    "current_or_next",
    "deadlines",
    "doors_of",
    "in_role",
    "is_locked",
    "is_minor_on",
    "just_registered",
    "law_of",
    "lessons_to_choose",
    "limits_of",
    "line_of",
    "marked_last_of_pupil",
    "marked_withdrawable",
    "overseen_pupils",
    "overseen_units",
    "possible_callers",
    "present_in",
    "registered_at",
    "reportable_by",
    "reported_at",
    "reported_for_by",
    "roll_call_sheet",
    "rules_for",
    "school_day_of",
    "settings_at",
    "settings_by_unit",
    "settings_of",
    "span_at",
    "takes_calls",
    "term_spans",
    "today_of",
    "units_of",
    "with_answer",
    "with_homes",
    "with_lesson",
    "with_mine",
    "with_receipt",
    "with_reportable",
    "with_roll_call_state",
    "with_settings",
    "works_in",
]
