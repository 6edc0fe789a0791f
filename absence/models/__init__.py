"""Three records of a day that never overwrite each other: what was reported, what the teacher saw, what the school judged."""

from .contacts import ContactAttempt, ContactOutcome
from .corrections import MOST_OPEN, CorrectionRequest, CorrectionState
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
from .reports import SOURCE_OF, AbsenceReport, ReportedDay, Source, TimeRange
from .roll_calls import SEEN, DayCall, DayPart, Deviation, Judgement, Reopening, RollCall, RollCallChange, Verdict
from .settings import MOST_DELEGATED_DAYS, NoticeTo, RollCallMode, SchoolFormRule, UnitSettings

__all__ = [
    "MOST_DELEGATED_DAYS",
    "MOST_OPEN",
    "OPEN_STATES",
    "SEEN",
    "SOURCE_OF",
    "AbsenceReport",
    "ConsentAnswer",
    "ContactAttempt",
    "ContactOutcome",
    "CorrectionRequest",
    "CorrectionState",
    "DayCall",
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
