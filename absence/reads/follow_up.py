"""What followed from absence: pupils' days in minutes, and terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet, Sum, UUIDField

from absence.models import Effective, RollCall
from absence.models.effective import EffectiveQuerySet
from registry.models import Term

from .sums import Sums

WITHOUT_TERM = 120  # days counted where the calendar holds no term


@dataclass
class DaySums:
    """A pupil's day at school."""

    pupil: UUID
    day: date
    sums: Sums


DEPARTED: dict[str, Any] = {
    "valid": Sum("valid_minutes"),
    "unauthorised": Sum("unauthorised_minutes"),
    "other": Sum("other_minutes"),
    "unauthorised_lessons": Count("pk", filter=Q(unauthorised_minutes__gt=0)),
    "absent_lessons": Count("pk", filter=Q(absent_minutes__gt=0)),
    "late_lessons": Count("pk", filter=Q(late_minutes__gt=0)),
    "to_judge": Count("pk", filter=Q(to_judge=True)),
}


def day_sums(roll_calls: QuerySet[RollCall], departures: EffectiveQuerySet, pupils: Collection[UUID]) -> list[DaySums]:
    """Each day of each of `pupils`, in order; two statements. Both querysets are narrowed to the same time and place by the caller."""
    wanted = set(pupils)
    listed = roll_calls.annotate(pupil=Func(F("roster"), function="unnest", output_field=UUIDField())).order_by()
    offered = listed.values("pupil", "day").annotate(offered=Sum("lesson_minutes"))
    found = {(row["pupil"], row["day"]): Sums(row["offered"]) for row in offered if row["pupil"] in wanted}
    away: Any = departures.filter(pupil__in=wanted).order_by().values("pupil", "day").annotate(**DEPARTED)
    for row in away:
        if (row["pupil"], row["day"]) in found:
            found[row["pupil"], row["day"]] += Sums(**{name: row[name] for name in DEPARTED})
    return [DaySums(pupil, day, sums) for (pupil, day), sums in sorted(found.items(), key=lambda item: item[0])]


def sums_of_days(rows: Iterable[DaySums]) -> Sums:
    return sum((row.sums for row in rows), Sums())


def days_of_pupils(pupils: Collection[UUID], first: date, last: date) -> list[DaySums]:
    """For few pupils, whom the caller has found by its scope, wherever their lessons were."""
    roll_calls = RollCall.objects.of_pupils(pupils, first, last)
    return day_sums(roll_calls, Effective.objects.between(first, last), pupils)


def days_at_unit(unit_id: UUID, pupils: Collection[UUID], first: date, last: date) -> list[DaySums]:
    roll_calls = RollCall.objects.filter(school_unit=unit_id, day__range=(first, last))
    return day_sums(roll_calls, Effective.objects.between(first, last).filter(school_unit=unit_id), pupils)


def by_pupil(rows: Iterable[DaySums]) -> dict[UUID, list[DaySums]]:
    found: dict[UUID, list[DaySums]] = defaultdict(list)
    for row in rows:
        found[row.pupil].append(row)
    return found


def term_start(unit_id: UUID, day: date) -> date:
    """The first day of the term that holds at the unit on `day`: its own before the common one; without a term, some months back."""
    terms = Term.objects.on(day).filter(Q(school_unit=unit_id) | Q(school_unit=None))
    first: date | None = terms.order_by(F("school_unit").asc(nulls_last=True)).values_list("start_date", flat=True).first()
    return first or day - timedelta(days=WITHOUT_TERM)
