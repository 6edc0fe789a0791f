"""Questions about absence that several callers share."""

from .pupil_sums import SUMS, PupilSums, numbers_of, places_in_term, protected_now, sums_by_pupil, sums_rows, terms_begun
from .reports import deadlines, marked_last_of_pupil, marked_withdrawable, reported_at, with_receipt
from .roll_calls import RosterRow, Sheet, current_or_next, is_locked, roll_call_sheet, with_roll_call_state
from .settings import is_minor_on, rules_for, settings_at, settings_by_unit, settings_of, with_settings
from .statistics import By, Line, Statistics, Sums, Wanted, statistics_of
from .statistics_page import (
    NamedLine,
    Period,
    Subjects,
    classes_to_choose,
    month_name,
    open_for_statistics,
    periods_of,
    rows_of,
    subjects_of,
    without_small,
)
from .terms import Comparison, TermAbsence, comparisons, owed_statements, term_statement_of
from .today import ChildToday, Today, today_of

__all__ = [
    "SUMS",
    "By",
    "ChildToday",
    "Comparison",
    "Line",
    "NamedLine",
    "Period",
    "PupilSums",
    "RosterRow",
    "Sheet",
    "Statistics",
    "Subjects",
    "Sums",
    "TermAbsence",
    "Today",
    "Wanted",
    "classes_to_choose",
    "comparisons",
    "current_or_next",
    "deadlines",
    "is_locked",
    "is_minor_on",
    "marked_last_of_pupil",
    "marked_withdrawable",
    "month_name",
    "numbers_of",
    "open_for_statistics",
    "owed_statements",
    "periods_of",
    "places_in_term",
    "protected_now",
    "reported_at",
    "roll_call_sheet",
    "rows_of",
    "rules_for",
    "settings_at",
    "settings_by_unit",
    "settings_of",
    "statistics_of",
    "subjects_of",
    "sums_by_pupil",
    "sums_rows",
    "term_statement_of",
    "terms_begun",
    "today_of",
    "with_receipt",
    "with_roll_call_state",
    "with_settings",
    "without_small",
]
