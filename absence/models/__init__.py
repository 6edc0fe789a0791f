"""Three records of a day that never overwrite each other: what was reported, what the teacher saw, what the school judged."""

from .blocked_periods import BlockedPeriod
from .contacts import ContactAttempt, ContactOutcome
from .contradictions import Contradiction
from .corrections import MOST_OPEN, CorrectionRequest, CorrectionState
from .effective import Effective
from .follow_up import AbsenceAlert, AbsenceCheck, AbsenceStep, AlertKind, AlertRule, AlertState, LadderStep, PresenceConfirmation
from .investigations import (
    ENDED_STATES,
    NEXT_STATES,
    TEXTS,
    AbsenceInvestigation,
    BodyReport,
    InvestigationMember,
    InvestigationSave,
    InvestigationState,
    ReportReceiver,
)
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
from .roll_calls import SEEN, DayCall, DayMark, DayPart, Deviation, Judgement, Reopening, RollCall, RollCallChange, Verdict
from .same_day import CallOutcome, HomeNotice, MessageKind, PhoneCall, TeacherReminder, UnauthorisedDay
from .settings import MOST_DELEGATED_DAYS, NoticeTo, RollCallMode, SchoolFormRule, UnitSettings
from .terms import TermStatement

__all__ = [
    "ENDED_STATES",
    "MOST_DELEGATED_DAYS",
    "MOST_OPEN",
    "NEXT_STATES",
    "OPEN_STATES",
    "SEEN",
    "SOURCE_OF",
    "TEXTS",
    "AbsenceAlert",
    "AbsenceCheck",
    "AbsenceInvestigation",
    "AbsenceReport",
    "AbsenceStep",
    "AlertKind",
    "AlertRule",
    "AlertState",
    "BlockedPeriod",
    "BodyReport",
    "CallOutcome",
    "ConsentAnswer",
    "ContactAttempt",
    "ContactOutcome",
    "Contradiction",
    "CorrectionRequest",
    "CorrectionState",
    "DayCall",
    "DayMark",
    "DayPart",
    "Deviation",
    "Effective",
    "HomeNotice",
    "InvestigationMember",
    "InvestigationSave",
    "InvestigationState",
    "Judgement",
    "LadderStep",
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
    "PresenceConfirmation",
    "Reopening",
    "ReportReceiver",
    "ReportedDay",
    "RollCall",
    "RollCallChange",
    "RollCallMode",
    "SchoolFormRule",
    "Source",
    "TeacherReminder",
    "TermStatement",
    "TimeRange",
    "UnauthorisedDay",
    "UnitSettings",
    "Verdict",
]
