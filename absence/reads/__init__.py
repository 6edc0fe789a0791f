"""Questions about absence that several callers share."""

from .day_page import LessonOfDay, lessons_of_day
from .phone_list import HomeToPhone, PupilToPhone, Told, arrived_before, homes_to_phone, told_of
from .reminders import teachers_to_remind, unreported_of
from .reports import deadlines, marked_last_of_pupil, marked_withdrawable, reported_at, with_receipt
from .roll_calls import RosterRow, Sheet, current_or_next, is_locked, roll_call_sheet, with_roll_call_state
from .same_day import (
    DaySoFar,
    NextMessage,
    day_so_far,
    first_lesson_of,
    first_name,
    guardianships_told,
    pupils_after,
    pupils_to_follow,
    to_tell_of,
    work_after,
)
from .settings import is_minor_on, rules_for, settings_at, settings_by_unit, settings_of, with_settings
from .today import ChildToday, Today, today_of

__all__ = [
    "ChildToday",
    "DaySoFar",
    "HomeToPhone",
    "LessonOfDay",
    "NextMessage",
    "PupilToPhone",
    "RosterRow",
    "Sheet",
    "Today",
    "Told",
    "arrived_before",
    "current_or_next",
    "day_so_far",
    "deadlines",
    "first_lesson_of",
    "first_name",
    "guardianships_told",
    "homes_to_phone",
    "is_locked",
    "is_minor_on",
    "lessons_of_day",
    "marked_last_of_pupil",
    "marked_withdrawable",
    "pupils_after",
    "pupils_to_follow",
    "reported_at",
    "roll_call_sheet",
    "rules_for",
    "settings_at",
    "settings_by_unit",
    "settings_of",
    "teachers_to_remind",
    "to_tell_of",
    "today_of",
    "told_of",
    "unreported_of",
    "with_receipt",
    "with_roll_call_state",
    "with_settings",
    "work_after",
]
