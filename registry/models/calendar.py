"""School years, terms and the days that depart from the ordinary week."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap

from . import scope
from .codes import CalendarKind, Semester
from .organisation import Organisation, SchoolUnit

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class SchoolYearQuerySet(PeriodQuerySet):
    def visible_to(self, _actor: Actor) -> SchoolYearQuerySet:
        """All: when there is school is no secret to anybody who is signed in."""
        return self.all()


class SchoolYear(Entity):
    """A school year (läsår) of the responsible body, July to June."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="school_years")
    name = models.CharField(max_length=20)
    start_date = models.DateField()
    end_date = models.DateField()

    objects = SchoolYearQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [no_overlap("school_year_once", "organisation"), ends_after_start("school_year_period")]

    def __str__(self) -> str:
        return self.name


class TermQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> TermQuerySet:
        """Those of all schools, and of the units where the actor works or the own pupils go."""
        return self.filter(Q(school_unit=None) | Q(school_unit__in=scope.units_met_by(actor)))


class Term(Entity):
    """A semester with its first and last school day; a unit of its own may differ from the body's."""

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="terms")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, null=True, blank=True, related_name="terms")
    semester = models.CharField(max_length=2, choices=Semester.choices)
    start_date = models.DateField()
    end_date = models.DateField()

    objects = TermQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school_year", "school_unit", "semester"], name="term_once", nulls_distinct=False),
            ends_after_start("term_period"),
        ]


class CalendarDayQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> CalendarDayQuerySet:
        """Those of all schools, and of the units where the actor works or the own pupils go."""
        return self.filter(Q(school_unit=None) | Q(school_unit__in=scope.units_met_by(actor)))


class CalendarDay(Entity):
    """A span of days that departs from the ordinary week, for one unit or (without a unit) for all."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="calendar_days")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, null=True, blank=True, related_name="calendar_days")
    kind = models.CharField(max_length=12, choices=CalendarKind.choices)
    name = models.CharField(max_length=80)
    start_date = models.DateField()
    end_date = models.DateField()
    cancelled_lessons = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="lessons cancelled with it; held again when it is removed"
    )

    objects = CalendarDayQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["start_date", "end_date", "name", "id"]
        constraints: ClassVar = [
            ends_after_start("calendar_day_period"),
            models.UniqueConstraint(
                fields=["organisation", "school_unit", "kind", "name", "start_date"], name="calendar_day_once", nulls_distinct=False
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["start_date", "end_date"], name="calendar_day_dates")]
