"""Three records of a day that never overwrite each other: what was reported, what the teacher saw, what the school judged."""

from .effective import Effective
from .leave import (
    OPEN_STATES,
    ConsentAnswer,
    LeaveApplication,
    LeaveConsent,
    LeaveDay,
    LeaveDecision,
    LeaveNote,
    LeaveOutcome,
    LeaveRequest,
    LeaveState,
)
from .reports import AbsenceReport, ReportedDay, Source, TimeRange
from .roll_calls import SEEN, DayCall, DayMark, DayPart, Deviation, Judgement, Reopening, RollCall, RollCallChange, Verdict
from .settings import MOST_DELEGATED_DAYS, NoticeTo, RollCallMode, SchoolFormRule, UnitSettings

__all__ = [
    "MOST_DELEGATED_DAYS",
    "OPEN_STATES",
    "SEEN",
    "AbsenceReport",
    "ConsentAnswer",
    "DayCall",
    "DayMark",
    "DayPart",
    "Deviation",
    "Effective",
    "Judgement",
    "LeaveApplication",
    "LeaveConsent",
    "LeaveDay",
    "LeaveDecision",
    "LeaveNote",
    "LeaveOutcome",
    "LeaveRequest",
    "LeaveState",
    "NoticeTo",
    "Reopening",
    "ReportedDay",
    "RollCall",
    "RollCallChange",
    "RollCallMode",
    "SchoolFormRule",
    "Source",
    "TimeRange",
    "UnitSettings",
    "Verdict",
]
