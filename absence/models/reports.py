"""Two records of a day that never overwrite each other: what was reported beforehand, and what the teacher saw.

The third, the school's judgement, comes with the follow-up of absence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.access import Role
from dexter.lib.models import Entity
from registry.models import Person

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from dexter.lib.access import Actor


class Source(models.TextChoices):
    GUARDIAN = "guardian", _("Guardian")
    PUPIL = "pupil", _("Adult pupil")
    OFFICE = "office", _("The school's office")


SOURCE_OF = {Role.GUARDIAN: Source.GUARDIAN, Role.PUPIL: Source.PUPIL, Role.STAFF: Source.OFFICE}


class ReportQuerySet(models.QuerySet["AbsenceReport"]):
    def visible_to(self, actor: Actor) -> ReportQuerySet:
        """One's own receipts: who reported is nobody else's business in the role of guardian or pupil."""
        return self.filter(reported_by=actor.person_id, days__in=ReportedDay.objects.visible_to(actor)).distinct()


class AbsenceReport(Entity):
    """One receipt: somebody said beforehand that pupils will be absent. Why is neither asked nor stored."""

    reported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one report")
    reported_at = models.DateTimeField()
    phoned_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="who phoned the office; null: another, or not known"
    )

    objects = ReportQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="phoned_to_the_office", condition=Q(phoned_by__isnull=True) | Q(source="office"))
        ]


class TimeRange(Func):
    """tstzrange(starts_at, ends_at): the end is not included."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class ReportedDayQuerySet(models.QuerySet["ReportedDay"]):
    def visible_to(self, actor: Actor) -> ReportedDayQuerySet:
        return self.filter(pupil__in=Person.objects.visible_to(actor))

    def standing(self) -> ReportedDayQuerySet:
        return self.filter(withdrawn_at=None)

    def of(self, pupils: Iterable[UUID], first: datetime.date, last: datetime.date) -> ReportedDayQuerySet:
        return self.filter(pupil__in=list(pupils), day__range=(first, last))


class ReportedDay(Entity):
    """One pupil on one school day under a receipt; never edited, only withdrawn before its first lesson."""

    report = models.ForeignKey(AbsenceReport, models.PROTECT, related_name="days")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="reported_days")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    whole_day = models.BooleanField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    # What queries and reads add (see absence.reads); never stored.
    reported_at: datetime.datetime
    source: str
    mine: bool
    inherited: bool
    late: bool
    is_late: bool
    withdrawable: bool
    last_of_pupil: bool
    subjects: list[str]

    objects = ReportedDayQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["day", "starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["pupil", "day"], name="reported_day_pupil")]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="reported_once",
                expressions=[("pupil", RangeOperators.EQUAL), (TimeRange(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="reported_day_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True) | Q(withdrawn_by__isnull=False),
            ),
        ]
