"""Which steps are offered where: dated rows by form of schooling, years, subject and cohort (domain 3.4), never code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start
from registry.models import SchoolType

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class AssessmentScaleQuerySet(PeriodQuerySet):
    def visible_to(self, _actor: Actor) -> AssessmentScaleQuerySet:
        """All: what the law says is no secret."""
        return self.all()


class AssessmentScale(Entity):
    """The steps that hold for some pupils in a period. Of several that match, the longest subject prefix and then the
    latest first cohort goes before the others (`reads.scale_for`)."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    school_type = models.CharField(_("form of school"), max_length=10, choices=SchoolType.choices)
    subject_prefix = models.CharField(_("subject codes beginning with"), max_length=20, blank=True, help_text=_("Empty: every subject."))
    start_year = models.PositiveSmallIntegerField(_("from school year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("to school year"), null=True, blank=True)
    first_cohort = models.PositiveSmallIntegerField(
        _("from the cohort"), null=True, blank=True, help_text=_("The year in whose autumn the pupils began year 1.")
    )
    last_cohort = models.PositiveSmallIntegerField(_("to the cohort"), null=True, blank=True)
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    standard = models.JSONField(default=dict, help_text="the values as they came with Dexter; a row that differs is the municipality's own")

    objects = AssessmentScaleQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["school_type", "start_year", "subject_prefix", "start_date"]
        constraints: ClassVar = [
            ends_after_start("assessment_scale_period"),
            models.CheckConstraint(name="assessment_scale_years", condition=Q(end_year__isnull=True) | Q(end_year__gte=F("start_year"))),
            models.CheckConstraint(
                name="assessment_scale_cohorts",
                condition=Q(last_cohort__isnull=True) | Q(first_cohort__isnull=True) | Q(last_cohort__gte=F("first_cohort")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AssessmentStepQuerySet(models.QuerySet["AssessmentStep"]):
    def visible_to(self, _actor: Actor) -> AssessmentStepQuerySet:
        return self.all()


class AssessmentStep(Entity):
    """One step; the first is the lowest. Whatever an assessment points at stays, though the scale has ended."""

    scale = models.ForeignKey(AssessmentScale, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10, help_text="as criteria call it: E, C, A")
    name = models.CharField(_("name"), max_length=80)
    reaches = models.BooleanField(default=True, help_text="what is asked for at the least is reached")

    objects = AssessmentStepQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["scale", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scale", "position"], name="assessment_step_place_once"),
            models.UniqueConstraint(fields=["scale", "code"], name="assessment_step_once"),
        ]

    def __str__(self) -> str:
        return self.name
