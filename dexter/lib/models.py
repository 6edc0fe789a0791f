"""What every fact of the school shares: a UUIDv7 key, when it was made and when it last really changed."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self

import pgtrigger
import uuid_utils.compat
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Now

uuid7 = uuid_utils.compat.uuid7
SCHOOL = ""  # the source of rows that the school itself keeps


class ReallyChanges(pgtrigger.Condition):
    """Some stored column differs; generated columns follow from the others and may not be named in such a condition."""

    def __init__(self) -> None:
        super().__init__("resolved per model")

    def resolve(self, model: type[models.Model]) -> str:
        names = [field.name for field in model._meta.concrete_fields if not field.generated]
        return str(pgtrigger.AnyChange(*names, exclude=["modified_at"]).resolve(model))


class Entity(models.Model):
    """An entity in the sense of SS 12000: one id namespace for all, and `meta.created`, `meta.modified`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    modified_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="modified_at",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=ReallyChanges(),
                func="NEW.modified_at = statement_timestamp(); RETURN NEW;",
            )
        ]


class DateRange(Func):
    """daterange(start, end, '[]'): both days included, an end of null is open."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, start: str = "start_date", end: str = "end_date") -> None:
        super().__init__(F(start), F(end), Value("[]"))


class PeriodQuerySet(models.QuerySet):
    def on(self, day: datetime.date) -> Self:
        """The rows whose period holds `day`."""
        return self.filter(period_holds(day))

    def on_or_after(self, day: datetime.date) -> Self:
        """The rows that are not over when `day` begins."""
        return self.filter(Q(end_date__isnull=True) | Q(end_date__gte=day))


def period_holds(day: datetime.date, prefix: str = "") -> Q:
    """A condition on `start_date` and `end_date` (last day included; null is open), behind `prefix` if given."""
    return Q(**{f"{prefix}start_date__lte": day}) & (Q(**{f"{prefix}end_date__isnull": True}) | Q(**{f"{prefix}end_date__gte": day}))


def no_overlap(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """Two rows with equal `fields` may not have periods that share a day."""
    expressions: list = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(name=name, expressions=[*expressions, (DateRange(), RangeOperators.OVERLAPS)], condition=condition)


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")))


def source_field() -> models.CharField:
    """Who keeps a row: the name of an import source, or nothing for the school itself; only its keeper changes it."""
    return models.CharField(max_length=60, blank=True, default=SCHOOL, db_default=SCHOOL, editable=False)


def made_once(condition: Q) -> Q:
    """The same, as an expression of which PostgreSQL makes no join: a list in it is put together once, not walked for each row."""
    return Q(Coalesce(condition, Value(value=False), output_field=models.BooleanField()))
