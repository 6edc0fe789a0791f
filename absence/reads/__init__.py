"""Questions about absence that several callers share."""

from .leave import has_leave, leave_to_decide, with_leave_to_answer
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
    "has_leave",
    "is_locked",
    "is_minor_on",
    "leave_to_decide",
    "marked_last_of_pupil",
    "marked_withdrawable",
    "reported_at",
    "roll_call_sheet",
    "rules_for",
    "settings_at",
    "settings_by_unit",
    "settings_of",
    "today_of",
    "with_leave_to_answer",
    "with_receipt",
    "with_roll_call_state",
    "with_settings",
]
