"""Periods in which a school seldom grants leave: national tests and the like. A warning, never a bar: the law wants the whole weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start
from registry.models import SchoolUnit, scope

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class BlockedPeriodQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> BlockedPeriodQuerySet:
        """Of the schools where staff work, or where the own children or oneself have a place."""
        return self.filter(school_unit__in=scope.units_met_by(actor))

    def standing(self) -> BlockedPeriodQuerySet:
        return self.filter(ended_at=None)


class BlockedPeriod(Entity):
    """Days on which leave is seldom granted at a school (skollagen 7:18), and why. Never changed, only taken off the list."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="blocked_periods")
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    reason = models.CharField(_("why"), max_length=120)
    school_years = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, help_text="that it concerns; none is all")
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one period")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when it was taken off the list")

    objects = BlockedPeriodQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["start_date", "id"]
        indexes: ClassVar = [models.Index(fields=["school_unit", "end_date"], name="blocked_period_unit")]
        constraints: ClassVar = [
            ends_after_start("blocked_period_dates"),
            models.CheckConstraint(name="blocked_period_reason", condition=~Q(reason="")),
        ]
