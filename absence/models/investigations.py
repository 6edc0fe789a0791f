"""The investigation of repeated or longer absence (skollagen 7:19 a) and its report to the responsible body."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap, period_holds
from registry.models import Duty, Person, SchoolUnit
from registry.models import scope as registry

from .scope import mentored_today_by, units_headed_by

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class InvestigationState(models.TextChoices):
    OPENED = "opened", pgettext_lazy("investigation", "Opened")
    INVESTIGATING = "investigating", _("Being investigated")
    MEASURES = "measures", _("Measures are taken")
    FOLLOW_UP = "follow_up", _("Being followed up")
    CLOSED = "closed", _("Closed")
    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    TURNED_INTO_SUPPORT = "turned_into_support", _("Goes on as an investigation of support")


ENDED_STATES = (InvestigationState.CLOSED, InvestigationState.NO_LONGER_NEEDED, InvestigationState.TURNED_INTO_SUPPORT)
NEXT_STATES = {
    InvestigationState.OPENED: (InvestigationState.OPENED, InvestigationState.INVESTIGATING),
    InvestigationState.INVESTIGATING: (InvestigationState.INVESTIGATING, InvestigationState.MEASURES),
    InvestigationState.MEASURES: (InvestigationState.MEASURES, InvestigationState.FOLLOW_UP),
    InvestigationState.FOLLOW_UP: (InvestigationState.FOLLOW_UP, InvestigationState.MEASURES),
}
TEXTS = ("participants", "causes", "pupil_voice", "measures")  # what two may write at once
LONGEST_TEXT = 5000  # characters


class InvestigationQuerySet(models.QuerySet["AbsenceInvestigation"]):
    def visible_to(self, actor: Actor) -> InvestigationQuerySet:
        """The principal of the unit, the pupil's mentor of today, and who was invited; no other teacher, no home, no pupil."""
        if actor.role is not Role.STAFF:
            return self.none()
        members = InvestigationMember.objects.filter(investigation=OuterRef("pk"), person=actor.person_id, left_at=None)
        invited = Exists(members) & Q(school_unit__in=registry.units_worked_at(actor))
        concerned = Q(school_unit__in=units_headed_by(actor)) | Q(pupil__in=mentored_today_by(actor)) | invited
        return self.filter(concerned, pupil__in=Person.objects.filter(registry.not_shielded_from(actor)))

    def under_way(self) -> InvestigationQuerySet:
        return self.exclude(state__in=ENDED_STATES)


class AbsenceInvestigation(Entity):
    """One investigation under a registry number. Each save leaves a row in its history."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="absence_investigations")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    registry_no = models.CharField(max_length=40)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=20, choices=InvestigationState.choices, default=InvestigationState.OPENED)
    participants = models.TextField(_("who takes part"), max_length=LONGEST_TEXT, blank=True)
    causes = models.TextField(_("what causes the absence"), max_length=LONGEST_TEXT, blank=True)
    pupil_voice = models.TextField(_("the pupil's own view"), max_length=LONGEST_TEXT, blank=True)
    measures = models.TextField(_("measures"), max_length=LONGEST_TEXT, blank=True)
    follow_up_on = models.DateField(_("to be followed up"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), max_length=LONGEST_TEXT, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice opens one")
    version = models.PositiveIntegerField(default=1)

    objects = InvestigationQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pupil", "school_unit"], condition=~Q(state__in=list(ENDED_STATES)), name="one_investigation_under_way"
            ),
            models.CheckConstraint(
                name="investigation_ended_by_somebody",
                condition=Q(state__in=list(ENDED_STATES), closed_by__isnull=False, closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state__in=list(ENDED_STATES)) & Q(closed_by__isnull=True, closed_at__isnull=True, outcome=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["school_unit", "state"], name="investigation_unit_state")]

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED_STATES


class OfInvestigationQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OfInvestigationQuerySet:
        return self.filter(investigation__in=AbsenceInvestigation.objects.visible_to(actor))


class InvestigationSave(Entity):
    """What an investigation said after a save, by whom. Never rewritten."""

    append_only = True

    investigation = models.ForeignKey(AbsenceInvestigation, models.PROTECT, related_name="saves")
    version = models.PositiveIntegerField()
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    content = models.JSONField(help_text="state, texts and day of follow-up")

    objects = OfInvestigationQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["investigation", "version"], name="investigation_saved_once")]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What it said, with titles, as a page shows it."""
        fields, content = AbsenceInvestigation._meta, dict(self.content)
        content["state"] = str(InvestigationState(content["state"]).label)
        return [(capfirst(str(fields.get_field(name).verbose_name)), text) for name, text in content.items()]  # type: ignore[union-attr]


class InvestigationMember(Entity):
    """Staff who were invited: they read and write the investigation until they leave it."""

    investigation = models.ForeignKey(AbsenceInvestigation, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = OfInvestigationQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["investigation", "person"], condition=Q(left_at__isnull=True), name="invited_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="investigation_member_person")]


class ReportReceiverQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> ReportReceiverQuerySet:
        """Those of the responsible bodies where the actor manages; the protected left out."""
        mine = self.filter(duty__organisation__in=registry.bodies_led_by(actor))
        return mine.filter(duty__person__in=Person.objects.unmarked())

    def held_by(self, actor: Actor) -> ReportReceiverQuerySet:
        """The actor's own of today, while the duty at the body holds."""
        held = self.on(days.today()).filter(period_holds(days.today(), "duty__"), duty__person=actor.person_id)
        return held if actor.role is Role.STAFF else self.none()


class ReportReceiver(Entity):
    """An officer of the responsible body who receives the reports of one school unit for a time."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="report_receivers", verbose_name=_("officer"))
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="report_receivers", verbose_name=_("school"))
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"), null=True, blank=True)

    objects = ReportReceiverQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [no_overlap("report_receiver_once", "duty", "school_unit"), ends_after_start("report_receiver_period")]


class BodyReportQuerySet(models.QuerySet["BodyReport"]):
    def visible_to(self, actor: Actor) -> BodyReportQuerySet:
        """For the officers who receive the unit's reports today; the protected by a named access alone."""
        units = ReportReceiver.objects.held_by(actor).values("school_unit_id")
        reached = Person.objects.filter(registry.not_shielded_from(actor))
        return self.filter(investigation__school_unit__in=units, investigation__pupil__in=reached)


class BodyReport(Entity):
    """That an investigation was opened, told to the responsible body (7:19 a), and when an officer received it."""

    investigation = models.OneToOneField(AbsenceInvestigation, models.PROTECT, related_name="report")
    reported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    home_municipality = models.CharField(
        _("home municipality"), max_length=60, blank=True, help_text="as far as known when opened; empty: the body's own"
    )

    objects = BodyReportQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-reported_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="report_received_by_somebody",
                condition=Q(received_at__isnull=True, received_by__isnull=True) | Q(received_at__isnull=False, received_by__isnull=False),
            ),
        ]


class Means(models.TextChoices):
    SECURE = "secure", _("Secure digital channel")
    POST = "post", _("Post")
    BY_HAND = "by_hand", _("Handed over")
    PHONE = "phone", _("Phone, confirmed in writing")


class OnwardReport(Entity):
    """The report went on to the municipality where the pupil lives (skollagen 7:22): once, outside Dexter, and noted here."""

    append_only = True

    investigation = models.OneToOneField(AbsenceInvestigation, models.PROTECT, related_name="onward")
    municipality = models.CharField(_("home municipality"), max_length=60)
    sent_on = models.DateField(_("sent on"))
    means = models.CharField(_("by what means"), max_length=10, choices=Means.choices)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = OfInvestigationQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="onward_to_somewhere", condition=~Q(municipality="") & Q(means__in=Means.values)),
        ]
