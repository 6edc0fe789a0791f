"""Leave (skollagen 7:18): one application for one child or several, a request a child, each decided by its school."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dexter.files.models import StoredFile
from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import DateRange, Entity
from registry.models import Person, SchoolUnit, scope

from .settings import MOST_DELEGATED_DAYS

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class LeaveApplicationQuerySet(models.QuerySet["LeaveApplication"]):
    def visible_to(self, actor: Actor) -> LeaveApplicationQuerySet:
        return self.filter(requests__in=LeaveRequest.objects.visible_to(actor)).distinct()


class LeaveApplication(Entity):
    """What a guardian, or a pupil of age, asks for."""

    applied_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one application")
    submitted_at = models.DateTimeField()
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    purpose = models.TextField(_("what the leave is for"), max_length=1000)

    objects = LeaveApplicationQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.CheckConstraint(name="leave_application_period", condition=Q(end_date__gte=F("start_date")))]


class LeaveState(models.TextChoices):
    AWAITING_CONSENT = "consent", _("Waits for the other guardian")
    IN_PREPARATION = "preparation", _("With the school")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("Over without a decision")


OPEN_STATES = (LeaveState.AWAITING_CONSENT, LeaveState.IN_PREPARATION)


class LeaveRequestQuerySet(models.QuerySet["LeaveRequest"]):
    def visible_to(self, actor: Actor) -> LeaveRequestQuerySet:
        """Of the pupils whom the actor reaches; to staff those whose mentor they are, whose school they lead, or on which they
        decided. What a leave is for may be most private: no other assignment in the class opens it.

        Who is both guardian and adult pupil sees the own requests in the role of pupil alone.
        """
        reached = self.filter(pupil__in=Person.objects.visible_to(actor))
        if actor.role is Role.GUARDIAN:
            return reached.exclude(pupil=actor.person_id)
        if actor.role is Role.PUPIL:
            return reached
        own = Q(pupil__in=scope.led_as_mentor_by(actor)) | Q(decision__decided_by=actor.person_id)
        return reached.filter(own | Q(school_unit__in=scope.units_led_by(actor)))


class LeaveRequest(Entity):
    """One child's part of an application, at one school."""

    application = models.ForeignKey(LeaveApplication, models.PROTECT, related_name="requests")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="leave_requests")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="leave_requests")
    start_date = models.DateField(help_text="of the application")
    end_date = models.DateField()
    state = models.CharField(max_length=12, choices=LeaveState.choices)
    school_days = models.PositiveSmallIntegerField(help_text="in the period, as the calendar was when it was asked for")
    answer_by = models.DateField(null=True, blank=True, help_text="after it the request goes on without the other guardian's answer")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    school_warned_at = models.DateTimeField(null=True, blank=True, help_text="that it is about to begin without a decision")
    home_warned_at = models.DateTimeField(null=True, blank=True)

    # What reads add (see absence.reads.leave); never stored.
    applicant_answers: bool
    class_name: str | None
    days_left: int
    refused_by_guardian: bool

    objects = LeaveRequestQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["start_date", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "pupil", "school_unit"], name="leave_request_once"),
            models.CheckConstraint(name="leave_request_period", condition=Q(end_date__gte=F("start_date"))),
            models.CheckConstraint(name="leave_request_has_days", condition=Q(school_days__gt=0)),
            models.CheckConstraint(name="leave_request_state_known", condition=Q(state__in=LeaveState.values)),
            models.CheckConstraint(
                name="leave_withdrawn_by_somebody",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                | ~Q(state="withdrawn") & Q(withdrawn_at__isnull=True),
            ),
            ExclusionConstraint(
                name="leave_asked_for_once",
                expressions=[
                    ("pupil", RangeOperators.EQUAL),
                    ("school_unit", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["consent", "preparation"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school_unit", "state", "start_date"], name="leave_request_unit_state"),
            models.Index(fields=["pupil", "start_date"], name="leave_request_pupil"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_decided(self) -> bool:
        return self.state == LeaveState.DECIDED

    @property
    def has_begun(self) -> bool:
        return self.start_date <= days.today()


class OfRequestQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OfRequestQuerySet:
        return self.filter(request__in=LeaveRequest.objects.visible_to(actor))


class LeaveNoteQuerySet(OfRequestQuerySet):
    def visible_to(self, actor: Actor) -> OfRequestQuerySet:
        """The school's own: a home reads it on request, as a register extract."""
        return super().visible_to(actor) if actor.role is Role.STAFF else self.none()


class ConsentAnswer(models.TextChoices):
    AGREES = "agrees", _("Agrees")
    REFUSES = "refuses", _("Does not agree")


class LeaveConsent(Entity):
    """What the other guardian answered."""

    request = models.ForeignKey(LeaveRequest, models.PROTECT, related_name="consents")
    guardian = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=ConsentAnswer.choices)
    answered_at = models.DateTimeField()

    objects = OfRequestQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "guardian"], name="leave_consent_once")]


class LeaveNote(Entity):
    """What the mentor tells the decider; read by the school and, on request, by the home."""

    request = models.ForeignKey(LeaveRequest, models.PROTECT, related_name="notes")
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    text = models.TextField(max_length=2000)

    objects = LeaveNoteQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["written_at", "id"]


class LeaveOutcome(models.TextChoices):
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Granted in part")
    REFUSED = "refused", _("Refused")


class LeaveDecision(Entity):
    """The school's decision on a request, under a registry number; never changed."""

    append_only = True

    request = models.OneToOneField(LeaveRequest, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=LeaveOutcome.choices)
    start_date = models.DateField(null=True, blank=True, help_text="the first granted day")
    end_date = models.DateField(null=True, blank=True)
    school_days = models.PositiveSmallIntegerField(help_text="granted")
    days_before = models.PositiveSmallIntegerField(help_text="school days granted earlier in the school year")
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    as_principal = models.BooleanField(help_text="else within the delegation")
    registry_no = models.CharField(max_length=40)
    document = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    objects = OfRequestQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="leave_decision_days",
                condition=Q(outcome="refused", school_days=0, start_date__isnull=True, end_date__isnull=True)
                | ~Q(outcome="refused") & Q(school_days__gt=0, start_date__isnull=False, end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(name="leave_decision_reasons", condition=Q(outcome="granted") | ~Q(reasons="")),
            models.CheckConstraint(
                name="long_leave_is_the_principals",
                condition=Q(as_principal=True) | Q(school_days__lte=MOST_DELEGATED_DAYS - F("days_before")) | Q(outcome="refused"),
            ),
        ]


class LeaveDayQuerySet(models.QuerySet["LeaveDay"]):
    def visible_to(self, actor: Actor) -> LeaveDayQuerySet:
        return self.filter(pupil__in=Person.objects.visible_to(actor))

    def standing(self) -> LeaveDayQuerySet:
        return self.filter(revoked_at=None)


class LeaveDay(Entity):
    """A school day of granted leave: absence on it is valid. Given back day by day."""

    request = models.ForeignKey(LeaveRequest, models.PROTECT, related_name="granted_days")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="leave_days")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    day = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = LeaveDayQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pupil", "school_unit", "day"], condition=Q(revoked_at__isnull=True), name="leave_day_once"),
        ]
