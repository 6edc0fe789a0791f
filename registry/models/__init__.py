"""The school's facts, named and valued by SS 12000."""

from .calendar import CalendarDay, SchoolYear, Term
from .codes import (
    ActivityType,
    AddressType,
    AssignmentRoleType,
    CalendarKind,
    CivicNumberKind,
    DutyRole,
    EmailType,
    GroupType,
    OrganisationType,
    PersonStatus,
    PhoneType,
    RelationType,
    SchoolType,
    SecurityMarking,
    Semester,
    Sex,
)
from .contact import ContactChange, ContactKind
from .feeds import FeedAddress
from .groups import Group, GroupMembership
from .imports import ImportRun, ImportSource, ImportState, SourceKind, Template
from .modules import OFF_UNTIL_SWITCHED_ON, PART_OF, Module, ModuleSwitch, units_with, uses
from .numbers import RegistrySeries
from .organisation import Organisation, SchoolUnit
from .person import Address, CivicNumber, EmailAddress, ExternalId, LanguageProfile, Person, PhoneNumber, ProtectedAccess
from .preferences import Digest, NoticePreference, UrgentChannel
from .relations import AssignmentRole, Duty, Enrolment, Guardianship
from .roll_over import ClassFate, ClassStep, PupilFate, PupilStep, RollOver, RollOverState
from .teaching import Activity, ActivityGroup, CalendarEvent, DutyAssignment, PupilSyllabus, Room, Syllabus, TeacherException
from .timetable_import import TimetableImport

__all__ = [
    "OFF_UNTIL_SWITCHED_ON",
    "PART_OF",
    "Activity",
    "ActivityGroup",
    "ActivityType",
    "Address",
    "AddressType",
    "AssignmentRole",
    "AssignmentRoleType",
    "CalendarDay",
    "CalendarEvent",
    "CalendarKind",
    "CivicNumber",
    "CivicNumberKind",
    "ClassFate",
    "ClassStep",
    "ContactChange",
    "ContactKind",
    "Digest",
    "Duty",
    "DutyAssignment",
    "DutyRole",
    "EmailAddress",
    "EmailType",
    "Enrolment",
    "ExternalId",
    "FeedAddress",
    "Group",
    "GroupMembership",
    "GroupType",
    "Guardianship",
    "ImportRun",
    "ImportSource",
    "ImportState",
    "LanguageProfile",
    "Module",
    "ModuleSwitch",
    "NoticePreference",
    "Organisation",
    "OrganisationType",
    "Person",
    "PersonStatus",
    "PhoneNumber",
    "PhoneType",
    "ProtectedAccess",
    "PupilFate",
    "PupilStep",
    "PupilSyllabus",
    "RegistrySeries",
    "RelationType",
    "RollOver",
    "RollOverState",
    "Room",
    "SchoolType",
    "SchoolUnit",
    "SchoolYear",
    "SecurityMarking",
    "Semester",
    "Sex",
    "SourceKind",
    "Syllabus",
    "TeacherException",
    "Template",
    "Term",
    "TimetableImport",
    "UrgentChannel",
    "units_with",
    "uses",
]
