"""Questions about absence that several callers share."""

from .reports import deadlines, marked_last_of_pupil, marked_withdrawable, reported_at, with_receipt
from .roll_calls import RosterRow, Sheet, current_or_next, is_locked, roll_call_sheet, with_roll_call_state
from .settings import is_minor_on, rules_for, settings_at, settings_by_unit, settings_of, with_settings
from .today import ChildToday, Today, today_of

__all__ = [
    "ChildToday",
    "RosterRow",
    "Sheet",
    "Today",
    "current_or_next",
    "deadlines",
    "is_locked",
    "is_minor_on",
    "marked_last_of_pupil",
    "marked_withdrawable",
    "reported_at",
    "roll_call_sheet",
    "rules_for",
    "settings_at",
    "settings_by_unit",
    "settings_of",
    "today_of",
    "with_receipt",
    "with_roll_call_state",
    "with_settings",
]
