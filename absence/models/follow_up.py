"""What is done when absence goes on: rules that raise alerts, the alerts, and the ladder of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap
from registry.models import CalendarEvent, Person, SchoolUnit

from .scope import attendance_open_to, followed_by

if TYPE_CHECKING:
    from dexter.lib.access import Actor

WHOLE = 100  # per cent


class AlertKind(models.TextChoices):
    TOTAL_SHARE = "total_share", _("Share of all absence")
    UNAUTHORISED_COUNT = "unauthorised_count", _("Lessons with unauthorised absence")
    CONSECUTIVE_DAYS = "consecutive_days", _("Days away in a row")


class AlertRuleQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> AlertRuleQuerySet:
        """The common ones, and those of the units where the actor works."""
        return self.filter(Q(school_unit=None) | Q(school_unit__in=SchoolUnit.objects.visible_to(actor)))


class AlertRule(Entity):
    """When absence raises an alert, valid or not (skollagen 7:19 a). A unit's own rule goes before the one for all units."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, null=True, blank=True, related_name="+", help_text="none: all units")
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind.choices)
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    is_on = models.BooleanField(_("alerts are raised"), default=True)
    threshold = models.PositiveSmallIntegerField(
        _("limit"), validators=[MinValueValidator(1), MaxValueValidator(WHOLE)], help_text="per cent, lessons or days, by its kind"
    )
    window_days = models.PositiveSmallIntegerField(_("days looked back"), validators=[MinValueValidator(1), MaxValueValidator(366)])
    least_days = models.PositiveSmallIntegerField(
        _("days with lessons before a share is counted"), default=5, help_text=_("So that one day away in the first week raises nothing.")
    )
    standard = models.JSONField(default=dict, help_text="the values as they came with Dexter; a row that differs is the municipality's own")

    objects = AlertRuleQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            no_overlap("alert_rule_once", "school_unit", "kind"),
            no_overlap("common_alert_rule_once", "kind", condition=Q(school_unit__isnull=True)),
            ends_after_start("alert_rule_period"),
            models.CheckConstraint(name="alert_rule_numbers", condition=Q(threshold__gte=1, window_days__gte=1)),
            models.CheckConstraint(name="alert_rule_share", condition=~Q(kind="total_share") | Q(threshold__lte=WHOLE)),
        ]


class AlertState(models.TextChoices):
    OPEN = "open", _("Open")
    HANDLED = "handled", _("Handled")


class AbsenceAlertQuerySet(models.QuerySet["AbsenceAlert"]):
    def visible_to(self, actor: Actor) -> AbsenceAlertQuerySet:
        """For mentors, others with an assignment in the class, and who leads the unit."""
        return self.filter(followed_by(actor))

    def standing(self) -> AbsenceAlertQuerySet:
        return self.filter(state=AlertState.OPEN)


class AbsenceAlert(Entity):
    """A pupil whose absence has passed a limit; it stays open until somebody writes what was done."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="absence_alerts")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    rule = models.ForeignKey(AlertRule, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=20, choices=AlertKind.choices, help_text="of the rule; the limit may have changed since")
    figures = models.JSONField(help_text="found, limit, days: what was counted when it was raised")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.OPEN)
    handled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    done = models.CharField(_("what was done"), max_length=500, blank=True)

    class_name: str | None  # what absence.reads adds

    objects = AbsenceAlertQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pupil", "school_unit", "kind"], condition=Q(state="open"), name="one_open_alert"),
            models.CheckConstraint(
                name="alert_handled_by_somebody",
                condition=Q(state="open", handled_by__isnull=True, handled_at__isnull=True)
                | Q(state="handled", handled_by__isnull=False, handled_at__isnull=False) & ~Q(done=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["school_unit", "state", "raised_at"], name="absence_alert_unit_state")]


class AbsenceCheck(Entity):
    """A unit's absence was looked through on a day, once; the sums are those of the window before it, the protected left out."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    day = models.DateField()
    pupils = models.PositiveIntegerField(default=0)
    offered_minutes = models.PositiveBigIntegerField(default=0)
    away_minutes = models.PositiveBigIntegerField(default=0)
    unauthorised_minutes = models.PositiveBigIntegerField(default=0)
    raised = models.PositiveIntegerField(default=0, help_text="alerts, those about the protected left out")

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["school_unit", "day"], name="absence_check_once")]


class LadderStepQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> LadderStepQuerySet:
        """The common ones, and those of the units where the actor works; how a school goes about absence is no secret there."""
        return self.filter(Q(school_unit=None) | Q(school_unit__in=SchoolUnit.objects.visible_to(actor)))


class LadderStep(Entity):
    """A step of a ladder for absence, for a time: what is done, by whom, in which order. A unit's own go before the common ones.

    Another text from a day on is another row with the same `code`; steps that were taken keep the row they were taken by.
    """

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, null=True, blank=True, related_name="+", help_text="none: all units")
    code = models.SlugField(max_length=40, editable=False)
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=80)
    what = models.CharField(_("what is done"), max_length=300)
    who = models.CharField(_("who does it"), max_length=120)
    standard = models.JSONField(default=dict, help_text="the values as they came with Dexter; a row that differs is the municipality's own")

    objects = LadderStepQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            no_overlap("ladder_step_once", "school_unit", "code"),
            no_overlap("common_ladder_step_once", "code", condition=Q(school_unit__isnull=True)),
            ends_after_start("ladder_step_period"),
        ]

    def __str__(self) -> str:
        return self.name


class AbsenceStepQuerySet(models.QuerySet["AbsenceStep"]):
    def visible_to(self, actor: Actor) -> AbsenceStepQuerySet:
        return self.filter(followed_by(actor))


class AbsenceStep(Entity):
    """A step of the ladder that was taken for a pupil."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="absence_steps")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    step = models.ForeignKey(LadderStep, models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taken_on = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=500, blank=True, help_text="never an illness")
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one step")
    version = models.PositiveIntegerField(default=1)

    objects = AbsenceStepQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-taken_on", "-id"]
        constraints: ClassVar = [models.CheckConstraint(name="absence_step_version", condition=Q(version__gte=1))]
        indexes: ClassVar = [models.Index(F("pupil"), F("taken_on").desc(), name="absence_step_pupil")]


class PresenceConfirmationQuerySet(models.QuerySet["PresenceConfirmation"]):
    def visible_to(self, actor: Actor) -> PresenceConfirmationQuerySet:
        return self.filter(attendance_open_to(actor))


class PresenceConfirmation(Entity):
    """Somebody looked: the pupil was at the lesson although absence was reported or leave granted. It counts nothing anew."""

    lesson = models.ForeignKey(CalendarEvent, models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    objects = PresenceConfirmationQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["lesson", "pupil"], name="presence_confirmed_once")]
