"""What the archive holds of each model: one entry a model, and a test that knows of no other.

A field goes in under its name in SS 12000 where the standard has one (`names`; a dot nests), else under its own in
camelCase. Generated columns follow from the others and stay out by themselves; whatever else stays out says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from graphlib import TopologicalSorter
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db.models import Field, Model, Q

from absence.models import LeaveDecision
from dexter.lib import civic
from larande.planning.models import PlanFile
from registry.models import Person

ROOTS = frozenset({"dexter", "registry", "accounts", "absence", "larande"})
META = {"created_at": "meta.created", "modified_at": "meta.modified"}
PERIOD_OF_LESSON = {"starts_at": "startTime", "ends_at": "endTime"}
PROTECTED = ~Q(security_marking="Ingen") | ~Q(agreed_name="")  # a marking that was taken away shows nothing by itself
ABOUT_PROTECTION = Q(action__in=["registry.protect_person", "registry.grant_access", "registry.revoke_access", "registry.unlock_person"])


@dataclass(frozen=True)
class LeftOut:
    """A field that stays behind; `anew` makes its value from the row's other values when an archive is read."""

    why: str
    anew: Callable[[dict[str, Any]], Any] | None = None


@dataclass(frozen=True)
class Kept:
    """One model in the archive."""

    label: str  # app.Model
    file: str  # without its ending
    names: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    absent: str = ""  # why no row at all goes in
    sealed: Q | None = None  # rows that go into the protected envelope whatever they point at
    only: Q | None = None  # the rows that go in, where not all do
    secret: bool = False  # all rows go into an envelope of their own
    seeded: bool = False  # rows that `prepare` loads into an empty database; an archive's own replace them

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @cached_property
    def fields(self) -> list[Field]:
        """What is written: every stored column that is neither generated nor left out."""
        return [column for column in self.model._meta.concrete_fields if not column.generated and column.name not in self.left_out]

    def name_of(self, column: Field) -> str:
        return {**META, **self.names}.get(column.name) or camel(column.name)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


ADDRESS = {
    "address": LeftOut("where it went, encrypted with the keys of the installation; nothing is sent anew", lambda _row: b""),
}
NUMBER = {
    "keyed_hash": LeftOut("made from the number, with the keys of the installation", lambda row: civic.keyed_hash(row["encrypted"])),
}
ACCOUNT = {"password": LeftOut("no hash leaves the installation: passwords are set anew", lambda _row: make_password(None))}

TOKEN = {"token": LeftOut("the key to another system, encrypted with the keys of the installation", lambda _row: b"")}
IMPORT = {
    "file": LeftOut("lists that were sent in are gone when they have served"),
    "job": LeftOut("how far the work had come"),
    "report": LeftOut("names people for thirty days; the log keeps what was done", lambda _row: {}),
}


def _documents_with_the_protected() -> Q:
    """A file holds no key of a person: it is sealed with the decision it belongs to."""
    protected = Person.objects.filter(PROTECTED).values("pk")
    people = ("decided_by", "request__pupil", "request__withdrawn_by", "request__application__applied_by")
    concerned = [Q(**{f"{person}__in": protected}) for person in people]
    return Q(pk__in=LeaveDecision.objects.filter(reduce(or_, concerned)).values("document_id"))


def _owned_files() -> Q:
    """Not the lists on their way into the register, which are gone when they have served."""
    decisions, plans = LeaveDecision.objects.values("document_id"), PlanFile.objects.values("stored_id")
    return Q(pk__in=decisions) | Q(pk__in=plans)


COVERAGE: tuple[Kept, ...] = (
    Kept("registry.Organisation", "organisations", {"name": "displayName", "parent": "parentOrganisation"}),
    Kept("registry.SchoolUnit", "schoolUnits", {"name": "displayName", "phone": "phoneNumber"}),
    Kept("registry.SchoolYear", "schoolYears", {"name": "displayName"}),
    Kept("registry.Term", "terms"),
    Kept("registry.CalendarDay", "calendarDays", {"name": "displayName"}),
    Kept("registry.Person", "persons", sealed=PROTECTED),
    Kept("registry.CivicNumber", "civicNumbers", {"encrypted": "civicNo.value"}, NUMBER, secret=True),
    Kept("registry.EmailAddress", "emails", {"email_type": "type"}),
    Kept("registry.PhoneNumber", "phoneNumbers", {"phone_type": "type"}),
    Kept("registry.ContactChange", "contactChanges", absent="codes on their way to a new address; they last a quarter of an hour"),
    Kept("registry.Address", "addresses", {"address_type": "type"}),
    Kept("registry.LanguageProfile", "languageProfiles"),
    Kept("registry.NoticePreference", "noticePreferences"),
    Kept("registry.ProtectedAccess", "protectedAccesses", sealed=Q(pk__isnull=False)),
    Kept("registry.ExternalId", "externalIdentifiers", {"source": "context"}),
    Kept("registry.Guardianship", "responsibles", {"guardian": "person"}),
    Kept("registry.Enrolment", "enrolments", {"pupil": "student", "school_unit": "enroledAt"}),
    Kept("registry.Duty", "duties", {"school_unit": "dutyAtSchoolUnit", "organisation": "dutyAtOrganisation"}),
    Kept("registry.RegistrySeries", "registrySeries"),
    Kept("registry.Group", "groups", {"name": "displayName", "school_unit": "organisation"}),
    Kept("registry.GroupMembership", "groupMemberships"),
    Kept("registry.AssignmentRole", "assignmentRoles"),
    Kept("registry.Syllabus", "syllabuses"),
    Kept("registry.Room", "rooms", {"name": "displayName", "school_unit": "owner"}),
    Kept("registry.Activity", "activities", {"name": "displayName", "school_unit": "organisation"}),
    Kept("registry.ActivityGroup", "activityGroups"),
    Kept("registry.PupilSyllabus", "pupilSyllabuses", {"pupil": "student"}),
    Kept("registry.ModuleSwitch", "moduleSwitches", {"school_unit": "organisation"}),
    Kept("registry.DutyAssignment", "dutyAssignments"),
    Kept("registry.CalendarEvent", "calendarEvents", PERIOD_OF_LESSON),
    Kept("registry.TeacherException", "teacherExceptions"),
    Kept("registry.FeedAddress", "feedAddresses"),
    Kept("registry.RollOver", "rollOvers", {"school_unit": "organisation"}),
    Kept("registry.RollOver_ending_groups", "rollOverEndingGroups"),
    Kept("registry.ClassStep", "rollOverClasses", {"name": "displayName"}),
    Kept("registry.ClassStep_mentors", "rollOverMentors"),
    Kept("registry.PupilStep", "rollOverPupils", {"pupil": "student"}),
    Kept("registry.TimetableImport", "timetableImports", {"school_unit": "organisation"}),
    Kept("registry.ImportSource", "importSources", left_out=TOKEN),
    Kept("registry.ImportRun", "importRuns", left_out=IMPORT),
    Kept("jobs.JobRun", "jobRuns", absent="how far background work has come"),
    Kept("files.StoredFile", "storedFiles", sealed=_documents_with_the_protected(), only=_owned_files()),
    Kept("notices.Notice", "notices", secret=True),
    Kept("notices.Delivery", "deliveries", left_out=ADDRESS, secret=True),
    Kept("notices.LoopbackMessage", "loopbackMessages", absent="what the demo would have sent"),
    Kept("absence.AbsenceReport", "absenceReports", {"reported_by": "registeredBy"}),
    Kept("absence.ReportedDay", "absences", {"pupil": "student", **PERIOD_OF_LESSON}),
    Kept("absence.ContactAttempt", "contactAttempts", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.RollCall", "rollCalls", {"lesson": "calendarEvent", "taken_by": "reporter", "taken_at": "reportedTimestamp"}),
    Kept("absence.DayCall", "dayRollCalls", {"taken_by": "reporter", "taken_at": "reportedTimestamp"}),
    Kept("absence.DayMark", "dayAttendances", {"pupil": "student"}),
    Kept("absence.Deviation", "attendances", {"pupil": "student"}),
    Kept("absence.RollCallChange", "attendanceChanges", {"pupil": "student"}),
    Kept("absence.Reopening", "reopenedLessons", {"lesson": "calendarEvent"}),
    Kept("absence.Judgement", "attendanceJudgements", {"lesson": "calendarEvent", "pupil": "student"}),
    Kept("absence.CorrectionRequest", "attendanceCorrectionRequests", {"lesson": "calendarEvent", "pupil": "student"}),
    Kept("absence.SchoolFormRule", "absenceRules", seeded=True),
    Kept("absence.UnitSettings", "absenceSettings", {"school_unit": "organisation"}),
    Kept("absence.BlockedPeriod", "leaveBlockedPeriods", {"school_unit": "organisation"}),
    Kept("absence.AlertRule", "absenceAlertRules", {"school_unit": "organisation"}, seeded=True),
    Kept("absence.LadderStep", "absenceLadder", {"school_unit": "organisation"}, seeded=True),
    Kept("absence.AbsenceAlert", "absenceAlerts", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.AbsenceCheck", "absenceChecks", absent="sums that a new night makes anew"),
    Kept("absence.AbsenceStep", "absenceSteps", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.PresenceConfirmation", "presenceConfirmations", {"lesson": "calendarEvent", "pupil": "student"}),
    Kept("absence.AbsenceInvestigation", "absenceInvestigations", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.InvestigationSave", "absenceInvestigationSaves"),
    Kept("absence.InvestigationMember", "absenceInvestigationMembers"),
    Kept("absence.ReportReceiver", "absenceReportReceivers", {"school_unit": "organisation"}),
    Kept("absence.BodyReport", "absenceBodyReports"),
    Kept("absence.OnwardReport", "absenceOnwardReports"),
    Kept("absence.LeaveApplication", "leaveApplications"),
    Kept("absence.LeaveRequest", "leaveRequests", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.LeaveConsent", "leaveConsents"),
    Kept("absence.LeaveNote", "leaveNotes"),
    Kept("absence.LeaveDecision", "leaveDecisions"),
    Kept("absence.LeaveDay", "leaveDays", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.TermStatement", "termStatements", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.UnauthorisedDay", "unauthorisedDays", {"pupil": "student", "school_unit": "organisation"}),
    Kept("absence.HomeNotice", "homeNotices", secret=True),
    Kept("absence.PhoneCall", "phoneCalls", secret=True),
    Kept("absence.TeacherReminder", "teacherReminders", secret=True),
    Kept("syllabus.SubjectVersion", "curriculumSubjects", {"name": "displayName"}),
    Kept("syllabus.Ability", "curriculumAbilities"),
    Kept("syllabus.CentralContentItem", "curriculumContent"),
    Kept("syllabus.Criterion", "curriculumCriteria"),
    Kept("planning.LessonPlan", "lessonPlans", {"school_unit": "organisation"}),
    Kept("planning.PlanTeaching", "lessonPlanTeachings"),
    Kept("planning.PlanChange", "lessonPlanChanges"),
    Kept("planning.PlanContent", "lessonPlanContent"),
    Kept("planning.PlanCriterion", "lessonPlanCriteria"),
    Kept("planning.PlanGoal", "lessonPlanGoals"),
    Kept("planning.Task", "lessonPlanTasks"),
    Kept("planning.PlanLink", "lessonPlanLinks"),
    Kept("planning.PlanFile", "lessonPlanFiles"),
    Kept("assessment.AssessmentScale", "assessmentScales", {"name": "displayName"}, seeded=True),
    Kept("assessment.AssessmentStep", "assessmentSteps", {"name": "displayName"}, seeded=True),
    Kept("assessment.AssessmentMatrix", "assessmentMatrices", {"school_unit": "organisation"}),
    Kept("assessment.MatrixRow", "assessmentMatrixRows"),
    Kept("assessment.MatrixCell", "assessmentMatrixCells"),
    Kept("assessment.MatrixUse", "assessmentMatrixUses"),
    Kept("assessment.Assessment", "assessments", {"pupil": "student"}),
    Kept("assessment.AssessmentChange", "assessmentChanges", {"pupil": "student"}),
    Kept("assessment.SelfAssessment", "selfAssessments", {"pupil": "student"}),
    Kept("assessment.SelfAssessmentChange", "selfAssessmentChanges", {"pupil": "student"}),
    Kept("assessment.SubjectSummary", "subjectSummaries", {"pupil": "student"}),
    Kept("assessment.SubjectSummaryChange", "subjectSummaryChanges", {"pupil": "student"}),
    Kept("accounts.User", "accounts", left_out=ACCOUNT),
    Kept("accounts.EnrolmentCode", "enrolmentCodes", absent="one-time codes for a second factor; second factors are enrolled anew"),
    Kept("accounts.Throttle", "throttles", absent="failed attempts of the last minutes"),
    Kept("home.Municipality", "municipality"),
    Kept("home.SiteText", "siteTexts"),
    Kept("home.RetentionRule", "retentionRules", seeded=True),
    Kept("home.Disclosure", "disclosures", secret=True),
    Kept("home.DisposalBatch", "disposalBatches", secret=True),
    Kept("home.SchoolMessage", "messages", {"school_unit": "organisation", "lesson": "calendarEvent", "sent_by": "sender"}),
    Kept("home.MessageText", "messageTexts"),
    Kept("home.MessageReceipt", "messageReceipts"),
    Kept("audit.Entry", "log", sealed=ABOUT_PROTECTION),
)


def our_models() -> list[type[Model]]:
    """Every table of our own apps, also those that Django makes between two models."""
    return [
        model for model in apps.get_models(include_auto_created=True) if model.__module__.split(".")[0] in ROOTS and model._meta.managed
    ]


def kept(model: type[Model]) -> Kept | None:
    return next((entry for entry in COVERAGE if entry.label == model._meta.label), None)


def in_order() -> list[Kept]:
    """The models whose rows go in, what is referred to before what refers to it; raises CycleError where there is no such order."""
    entries = {entry.model: entry for entry in COVERAGE if not entry.absent}
    order = TopologicalSorter({model: {target for target in targets(model) if target in entries} for model in entries})
    return [entries[model] for model in order.static_order()]


def targets(model: type[Model]) -> Iterator[type[Model]]:
    """The other models that this one refers to."""
    for column in model._meta.concrete_fields:
        related: Any = column.related_model
        if related is not None and related is not model:
            yield related


def refers_to_itself(model: type[Model]) -> bool:
    return any(column.related_model is model for column in model._meta.concrete_fields)
