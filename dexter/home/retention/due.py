"""What a rule says is due: for each category that can be disposed of, its rows in the order in which they go.

The protected are left out of every list and batch; what is kept about them is weeded by hand, by the named officers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from absence.models import (
    AbsenceAlert,
    AbsenceInvestigation,
    AbsenceReport,
    AbsenceStep,
    ContactAttempt,
    CorrectionRequest,
    DayCall,
    DayMark,
    Deviation,
    HomeNotice,
    Judgement,
    LeaveApplication,
    LeaveConsent,
    LeaveDay,
    LeaveDecision,
    LeaveNote,
    LeaveRequest,
    PhoneCall,
    PresenceConfirmation,
    Reopening,
    ReportedDay,
    RollCall,
    RollCallChange,
    TeacherReminder,
    UnauthorisedDay,
)
from accounts.models import EnrolmentCode
from dexter.audit.models import Entry
from dexter.files.models import StoredFile
from dexter.home.archive.coverage import PROTECTED
from dexter.home.models import DisposalBatch, MessageReceipt, MessageText, RetentionRule, SchoolMessage
from dexter.lib import days
from dexter.notices.models import Delivery, LoopbackMessage, Notice
from registry.models import Address, Duty, EmailAddress, Enrolment, Guardianship, LanguageProfile, NoticePreference, Person, PhoneNumber

OF_LESSONS = (Judgement, PresenceConfirmation, Reopening, CorrectionRequest)
ROWS_A_BATCH = 5000  # of a category's own rows; the rest follows in the next batch
CONTACT_MODELS = (EmailAddress, PhoneNumber, Address, LanguageProfile, NoticePreference)
Due = list[QuerySet]


def cutoff_of(rule: RetentionRule) -> date:
    """The day before which the event must lie for the rule's rows to be due today."""
    return days.years_before(days.today(), rule.years or 0) - timedelta(days=rule.days or 0)


def due(code: str, cutoff: date, using: str = "default") -> Due:
    """The rows of a category, what refers to others first; no rows for a category that nothing disposes of yet."""
    return CATEGORIES[code](cutoff, using) if code in CATEGORIES else []


def has_changed(batch: DisposalBatch, using: str = "default") -> bool:
    """Whether a row of the batch is due no more, such as one about somebody who has been protected since."""
    parts = due(batch.rule.code, batch.cutoff, using)
    still_due = {part.model._meta.label: {str(key) for key in part.values_list("pk", flat=True)} for part in parts}
    return any(set(keys) - still_due.get(label, set()) for label, keys in batch.keys.items())


def _absence_reports(cutoff: date, using: str) -> Due:
    """Receipts whose last day has passed long enough ago, with their days; and the calls about days as long ago."""
    later = ReportedDay.objects.using(using).filter(report=OuterRef("pk"), day__gte=cutoff)
    about_protected = ReportedDay.objects.using(using).filter(report=OuterRef("pk"), pupil__in=_protected(using))
    rows = AbsenceReport.objects.using(using).filter(reported_at__lt=days.bounds(cutoff)[0])
    reports = rows.exclude(Exists(later)).exclude(Exists(about_protected)).exclude(reported_by__in=_protected(using))
    keys = _first(reports)
    calls = ContactAttempt.objects.using(using).filter(day__lt=cutoff).exclude(pupil__in=_protected(using))
    return [
        ReportedDay.objects.using(using).filter(report__in=keys),
        AbsenceReport.objects.using(using).filter(pk__in=keys),
        ContactAttempt.objects.using(using).filter(pk__in=_first(calls)),
    ]


def _roll_calls(cutoff: date, using: str) -> Due:
    rows = RollCall.objects.using(using).filter(lesson_starts_at__lt=days.bounds(cutoff)[0]).exclude(taken_by__in=_protected(using))
    keys = _first(rows.exclude(roster__overlap=list(_protected(using).values_list("pk", flat=True))))
    lessons = RollCall.objects.using(using).filter(pk__in=keys).values("lesson_id")
    about_lessons = [model.objects.using(using).filter(lesson__in=lessons) for model in OF_LESSONS]
    about_roll_calls = [model.objects.using(using).filter(roll_call__in=keys) for model in (RollCallChange, Deviation)]
    others = RollCall.objects.using(using).filter(day_call=OuterRef("pk")).exclude(pk__in=keys)
    days_called = DayCall.objects.using(using).filter(~Exists(others), day__lt=cutoff).exclude(taken_by__in=_protected(using))
    days_called = days_called.exclude(marks__pupil__in=_protected(using))
    marks = DayMark.objects.using(using).filter(day_call__in=days_called.values("pk"))
    return [*about_lessons, *about_roll_calls, marks, RollCall.objects.using(using).filter(pk__in=keys), days_called]


def _follow_up(cutoff: date, using: str) -> Due:
    """Alerts and steps of long ago, but those of pupils whose absence is being investigated; investigations are preserved."""
    kept = Q(pupil__in=_protected(using)) | Q(pupil__in=AbsenceInvestigation.objects.using(using).under_way().order_by().values("pupil"))
    opens = days.bounds(cutoff)[0]
    lately = kept | Q(handled_at__gte=opens) | Q(handled_by__isnull=False, handled_by__in=_protected(using))
    alerts = AbsenceAlert.objects.using(using).filter(raised_at__lt=opens).exclude(lately)
    steps = AbsenceStep.objects.using(using).filter(taken_on__lt=cutoff).exclude(kept | Q(taken_by__in=_protected(using)))
    parts = ((AbsenceAlert, _first(alerts)), (AbsenceStep, _first(steps)))
    return [model.objects.using(using).filter(pk__in=keys) for model, keys in parts]


def _leaves(cutoff: date, using: str) -> Due:
    """Applications whose last day has passed long enough ago, with requests, decisions and their documents."""
    protected = _protected(using)
    requests = LeaveRequest.objects.using(using).filter(application=OuterRef("pk"))
    concerned = Q(pupil__in=protected) | Q(consents__guardian__in=protected) | Q(notes__written_by__in=protected)
    about_protected = requests.filter(concerned | Q(decision__decided_by__in=protected))
    rows = LeaveApplication.objects.using(using).filter(end_date__lt=cutoff).exclude(applied_by__in=protected)
    keys = _first(rows.exclude(Exists(about_protected)))
    documents = LeaveDecision.objects.using(using).filter(request__application__in=keys).values("document_id")
    belonging = (LeaveDay, LeaveNote, LeaveConsent, LeaveDecision)
    return [
        *[model.objects.using(using).filter(request__application__in=keys) for model in belonging],
        StoredFile.objects.using(using).filter(pk__in=list(documents.values_list("document_id", flat=True))),
        LeaveRequest.objects.using(using).filter(application__in=keys),
        LeaveApplication.objects.using(using).filter(pk__in=keys),
    ]


def _contact_details(cutoff: date, using: str) -> Due:
    left = _first(_left_before(cutoff, using).filter(Q(pk__in=_with_contact_details(using))))
    return [
        model.objects.using(using).filter(person__in=left)
        for model in (EmailAddress, PhoneNumber, Address, LanguageProfile, NoticePreference)
    ]


def _log(cutoff: date, using: str) -> Due:
    protected = list(_protected(using).values_list("pk", flat=True))
    rows = Entry.objects.using(using).filter(at__lt=days.bounds(cutoff)[0]).exclude(subjects__overlap=protected)
    return [Entry.objects.using(using).filter(pk__in=_first(rows.exclude(actor_id__isnull=False, actor_id__in=protected)))]


def _one_time_codes(cutoff: date, using: str) -> Due:
    rows = EnrolmentCode.objects.using(using).filter(expires_at__lt=days.bounds(cutoff)[0])
    return [rows.filter(pk__in=_first(rows.exclude(user__person__in=_protected(using))))]


def _notices(cutoff: date, using: str) -> Due:
    rows = Notice.objects.using(using).filter(created_at__lt=days.bounds(cutoff)[0], not_before__lt=days.bounds(cutoff)[0])
    unmarked = rows.exclude(recipient_id__in=_protected(using)).exclude(home_notice__unauthorised_day__pupil__in=_protected(using))
    keys = _first(unmarked)
    told = [PhoneCall.objects.using(using).filter(home_notice__notice__in=keys), HomeNotice.objects.using(using).filter(notice__in=keys)]
    reminders = TeacherReminder.objects.using(using).filter(notice__in=keys)
    kept = LoopbackMessage.objects.using(using).filter(delivery__notice__in=keys)
    return [
        *told,
        _days_told(cutoff, keys, using),
        reminders,
        kept,
        Delivery.objects.using(using).filter(notice__in=keys),
        Notice.objects.using(using).filter(pk__in=keys),
    ]


def _days_told(cutoff: date, keys: list[object], using: str) -> QuerySet:
    """Days whose messages all go, or that had none."""
    rows = UnauthorisedDay.objects.using(using).filter(day__lt=cutoff).exclude(pupil__in=_protected(using))
    staying = HomeNotice.objects.using(using).filter(unauthorised_day=OuterRef("pk")).exclude(notice__in=keys)
    return UnauthorisedDay.objects.using(using).filter(pk__in=_first(rows.exclude(Exists(staying))))


def _messages(cutoff: date, using: str) -> Due:
    """Messages with their texts and receipts, but those that went to the home of somebody protected."""
    protected = _protected(using)
    receipts = MessageReceipt.objects.using(using).filter(message=OuterRef("pk"))
    shielded = receipts.filter(Q(person__in=protected) | Q(children__overlap=list(protected.values_list("pk", flat=True))))
    rows = SchoolMessage.objects.using(using).filter(sent_at__lt=days.bounds(cutoff)[0])
    keys = _first(rows.exclude(Exists(shielded)).exclude(sent_by__in=protected))
    parts = [model.objects.using(using).filter(message__in=keys) for model in (MessageReceipt, MessageText)]
    return [*parts, SchoolMessage.objects.using(using).filter(pk__in=keys)]


def _left_before(cutoff: date, using: str) -> QuerySet:
    """Persons without a place, a duty or a child with a place since `cutoff`, who were known before it."""
    lasting = Q(end_date__isnull=True) | Q(end_date__gte=cutoff)
    places = Enrolment.objects.using(using).filter(lasting, cancelled=False)
    own, employed = places.filter(pupil=OuterRef("pk")), Duty.objects.using(using).filter(lasting, person=OuterRef("pk"))
    children = Guardianship.objects.using(using).filter(guardian=OuterRef("pk"), child__in=places.values("pupil"))
    persons = Person.objects.using(using).filter(created_at__lt=days.bounds(cutoff)[0]).exclude(PROTECTED)
    return persons.exclude(Exists(own)).exclude(Exists(employed)).exclude(Exists(children))


def _with_contact_details(using: str) -> QuerySet:
    first, *rest = (model.objects.using(using).order_by().values("person_id") for model in CONTACT_MODELS)
    union: QuerySet = first.union(*rest)
    return union


def _protected(using: str) -> QuerySet:
    return Person.objects.using(using).filter(PROTECTED).order_by().values("pk")


def _first(rows: QuerySet) -> list[object]:
    """Keys of at most one batch, the oldest first."""
    return list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_A_BATCH])


CATEGORIES: dict[str, Callable[[date, str], Due]] = {
    "absence_report": _absence_reports,
    "roll_call": _roll_calls,
    "leave": _leaves,
    "absence_follow_up": _follow_up,
    "contact": _contact_details,
    "message": _messages,
    "notice": _notices,
    "one_time_code": _one_time_codes,
    "log": _log,
}
