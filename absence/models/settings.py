"""What holds where: by the law for a form of schooling and an age, and by the school unit's own decision; all of it dated."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap
from registry.models import SchoolType, SchoolUnit

if TYPE_CHECKING:
    from dexter.lib.access import Actor

MOST_DELEGATED_DAYS = 10  # skollagen 7:18: leave longer than ten days is the principal's own decision
MOST_AHEAD = 366  # days


class NoticeTo(models.TextChoices):
    GUARDIANS = "guardians", _("The guardians")
    NOBODY = "nobody", _("Nobody")


class SchoolFormRuleQuerySet(PeriodQuerySet):
    def visible_to(self, _actor: Actor) -> SchoolFormRuleQuerySet:
        """All: what the law says is no secret."""
        return self.all()


class SchoolFormRule(Entity):
    """What holds for the pupils of a form of schooling who are, or are not, of age."""

    school_type = models.CharField(_("form of school"), max_length=10, choices=SchoolType.choices)
    of_age = models.BooleanField(_("of age"))
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    guardians_report = models.BooleanField(_("guardians report absence"))
    pupil_reports = models.BooleanField(_("the pupil reports absence"))
    notice_to = models.CharField(_("told the same day of unauthorised absence"), max_length=10, choices=NoticeTo.choices)
    has_leave = models.BooleanField(_("leave can be applied for"))
    has_term_statement = models.BooleanField(_("unauthorised absence stands in the term report"))
    has_investigation = models.BooleanField(_("repeated or longer absence is investigated"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    standard = models.JSONField(default=dict, help_text="the values as they came with Dexter; a row that differs is the municipality's own")

    objects = SchoolFormRuleQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["school_type", "of_age", "start_date"]
        constraints: ClassVar = [
            no_overlap("school_form_rule_once", "school_type", "of_age"),
            ends_after_start("school_form_rule_period"),
            models.CheckConstraint(
                name="adults_have_no_guardians",
                violation_error_message=_("Pupils of age have no guardians who report for them or are told."),
                condition=Q(of_age=False) | Q(guardians_report=False, notice_to="nobody"),
            ),
        ]


class RollCallMode(models.TextChoices):
    LESSON = "lesson", _("For each lesson")
    HALF_DAY = "half_day", _("For each half day and class")
    DAY = "day", _("For each day and class")


class UnitSettingsQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> UnitSettingsQuerySet:
        return self.filter(school_unit__in=SchoolUnit.objects.visible_to(actor))


class UnitSettings(Entity):
    """How a school unit goes about absence in a period. Where there is no row, the defaults below hold."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="absence_settings")
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes before the home is told"), default=15, validators=[MaxValueValidator(240)], help_text=_("So that a slip can be mended.")
    )
    remind_at = models.TimeField(_("teachers are reminded at"), default=datetime.time(15, 30))
    cut_off_at = models.TimeField(_("the day's notices are closed at"), default=datetime.time(17, 0))
    open_days = models.PositiveSmallIntegerField(
        _("days a roll-call stays open"), default=14, validators=[MinValueValidator(1), MaxValueValidator(MOST_AHEAD)]
    )
    report_ahead_days = models.PositiveSmallIntegerField(
        _("days ahead that absence may be reported"), default=180, validators=[MaxValueValidator(MOST_AHEAD)]
    )
    reports_are_judged = models.BooleanField(_("reported absence waits for the school's judgement"), default=False)
    late_is_unauthorised = models.BooleanField(_("late arrival counts as unauthorised absence"), default=True)
    both_guardians_sign_leave = models.BooleanField(_("both guardians must agree to leave"), default=False)
    consent_days = models.PositiveSmallIntegerField(
        _("days the other guardian has to answer"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    delegated_leave_days = models.PositiveSmallIntegerField(
        _("school days of leave a year that a mentor may grant"), default=3, validators=[MaxValueValidator(MOST_DELEGATED_DAYS)]
    )
    leave_notice_days = models.PositiveSmallIntegerField(
        _("school days ahead that leave is to be applied for"), default=0, db_default=0, validators=[MaxValueValidator(60)]
    )
    missing_after_minutes = models.PositiveSmallIntegerField(
        _("minutes into the day before a pupil counts as not arrived"), default=30, validators=[MaxValueValidator(240)]
    )
    roll_call_mode = models.CharField(_("roll-call"), max_length=10, choices=RollCallMode.choices, default=RollCallMode.LESSON)

    objects = UnitSettingsQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            no_overlap("unit_settings_once", "school_unit"),
            ends_after_start("unit_settings_period"),
            models.CheckConstraint(name="unit_settings_delegation", condition=Q(delegated_leave_days__lte=MOST_DELEGATED_DAYS)),
            models.CheckConstraint(
                name="unit_settings_cut_off",
                violation_error_message=_("Teachers must be reminded before the day is closed."),
                condition=Q(remind_at__lte=models.F("cut_off_at")),
            ),
        ]
