"""Lessons that have begun and whose roll-call nobody has taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Coalesce

from absence.models import RollCall, UnitSettings
from absence.models.settings import MOST_AHEAD
from dexter.lib import days
from registry.models import CalendarEvent
from registry.models.scope import memberships_at_lesson
from registry.models.teaching import CalendarEventQuerySet

from .day_parts import marked_day_call, with_day_call

SHOWN = 100  # more than a teacher holds in the usual fortnight


@dataclass(frozen=True)
class Unreported:
    """The newest first, at most as many as were asked for; `count` of all."""

    lessons: list[CalendarEvent]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.lessons)


def unreported(lessons: CalendarEventQuerySet, limit: int = SHOWN) -> Unreported:
    """Of `lessons` those with pupils that are over, not taken and not locked yet; one statement."""
    still = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    settings = UnitSettings.objects.filter(still, school_unit=OuterRef("activity__school_unit"), start_date__lte=OuterRef("day"))
    usual = Value(UnitSettings._meta.get_field("open_days").default)
    kept_open = Coalesce(Subquery(settings.values("open_days")[:1], output_field=IntegerField()), usual)
    locked_after = ExpressionWrapper(F("day") + kept_open, output_field=DateField())
    found: Any = (
        lessons.filter(~Exists(RollCall.objects.filter(lesson=OuterRef("pk"))), Exists(memberships_at_lesson()))
        .filter(day__gte=days.today() - timedelta(days=MOST_AHEAD), day__lte=days.today(), ends_at__lte=days.now())
        .annotate(locked_after=locked_after)
        .filter(locked_after__gte=days.today())
        .annotate(all_of_them=Window(Count("pk")))
        .order_by("-starts_at", "pk")
    )
    rows = marked_day_call(with_day_call(found)[:limit])
    return Unreported(rows, rows[0].all_of_them if rows else 0)
