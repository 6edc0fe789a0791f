"""Questions about absence that several callers share."""

from .office import Doors, doors_of, just_registered, possible_callers, reported_for_by, takes_calls, units_of, works_in
from .presence import after_school_of, present_in
from .reports import deadlines, marked_last_of_pupil, marked_withdrawable, reported_at, with_receipt
from .roll_calls import RosterRow, Sheet, current_or_next, is_locked, roll_call_sheet, with_roll_call_state
from .school_day import overseen_pupils, overseen_units, school_day_of, with_homes
from .settings import is_minor_on, rules_for, settings_at, settings_by_unit, settings_of, with_settings
from .today import ChildToday, Today, today_of

__all__ = [
    "ChildToday",
    "Doors",
    "RosterRow",
    "Sheet",
    "Today",
    "after_school_of",
    "current_or_next",
    "deadlines",
    "doors_of",
    "is_locked",
    "is_minor_on",
    "just_registered",
    "marked_last_of_pupil",
    "marked_withdrawable",
    "overseen_pupils",
    "overseen_units",
    "possible_callers",
    "present_in",
    "reported_at",
    "reported_for_by",
    "roll_call_sheet",
    "rules_for",
    "school_day_of",
    "settings_at",
    "settings_by_unit",
    "settings_of",
    "takes_calls",
    "today_of",
    "units_of",
    "with_homes",
    "with_receipt",
    "with_roll_call_state",
    "with_settings",
    "works_in",
]
