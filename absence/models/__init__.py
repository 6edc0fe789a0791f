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
from .roll_calls import SEEN, DayCall, DayPart, Deviation, Judgement, Reopening, RollCall, RollCallChange, Verdict
from .same_day import CallOutcome, HomeNotice, MessageKind, PhoneCall, TeacherReminder, UnauthorisedDay
from .settings import MOST_DELEGATED_DAYS, NoticeTo, RollCallMode, SchoolFormRule, UnitSettings

__all__ = [
    "MOST_DELEGATED_DAYS",
    "OPEN_STATES",
    "SEEN",
    "AbsenceReport",
    "CallOutcome",
    "ConsentAnswer",
    "DayCall",
    "DayPart",
    "Deviation",
    "Effective",
    "HomeNotice",
    "Judgement",
    "LeaveApplication",
    "LeaveConsent",
    "LeaveDay",
    "LeaveDecision",
    "LeaveNote",
    "LeaveOutcome",
    "LeaveRequest",
    "LeaveState",
    "MessageKind",
    "NoticeTo",
    "PhoneCall",
    "Reopening",
    "ReportedDay",
    "RollCall",
    "RollCallChange",
    "RollCallMode",
    "SchoolFormRule",
    "Source",
    "TeacherReminder",
    "TimeRange",
    "UnauthorisedDay",
    "UnitSettings",
    "Verdict",
]
