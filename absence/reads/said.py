"""What was said of pupils beforehand, reports and leave, with the list of pupils in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from absence.models import LeaveDay, ReportedDay
from registry.models import GroupMembership
from registry.models.person import PersonQuerySet

TIMES = ("starts_at", "ends_at", "reported_at")


@dataclass(frozen=True)
class Said:
    """A standing report that overlaps the time asked about; `late` was made after that time began and is the school's to judge."""

    starts_at: datetime
    ends_at: datetime
    reported_at: datetime
    whole_day: bool
    late: bool


def with_said(pupils: PersonQuerySet, unit_id: UUID, day: date, starts_at: datetime, ends_at: datetime) -> PersonQuerySet:
    """Adds `reports_held` (read by `said_of`), `on_leave` and `class_name` to each pupil."""
    reports = ReportedDay.objects.standing().filter(pupil=OuterRef("pk"), day=day, starts_at__lt=ends_at, ends_at__gt=starts_at)
    found = JSONObject(starts_at="starts_at", ends_at="ends_at", reported_at="report__reported_at", whole_day="whole_day")
    leave = LeaveDay.objects.standing().filter(pupil=OuterRef("pk"), day=day, school_unit=unit_id)
    classes = GroupMembership.objects.on(day).filter(person=OuterRef("pk"), in_class=True).values("group__name")[:1]
    held = ArraySubquery(reports.order_by("starts_at").values(found=found))
    return pupils.annotate(reports_held=held, on_leave=Exists(leave), class_name=Subquery(classes))


def said_of(pupil: Any, starts_at: datetime) -> list[Said]:
    """The reports of a pupil that came with `with_said`, by time; late ones were made after `starts_at`."""
    found = []
    for row in pupil.reports_held:
        times: Any = {name: parse_datetime(row[name]) for name in TIMES}
        found.append(Said(whole_day=row["whole_day"], late=times["reported_at"] > starts_at, **times))
    return found


def spread(spans: Iterable[tuple[datetime, datetime]], starts_at: datetime, length: int) -> dict[str, int]:
    """Times away as minutes of a lesson that began at `starts_at`: late at its start, left early at its end, else absent.

    Whole minutes, those begun not counted, as in the view `absence_effective`; `spans` may not overlap each other.
    """
    found: dict[str, int] = {}
    for opens, closes in spans:
        first = max((opens - starts_at).total_seconds(), 0)
        last = min((closes - starts_at).total_seconds(), length * 60)
        minutes = int((last - first) // 60)
        if minutes <= 0:
            continue
        whole = minutes == length
        seen = "absent" if whole else "late" if first == 0 else "left_early" if last == length * 60 else "absent"
        found[seen] = found.get(seen, 0) + minutes
    return {"absent": length} if sum(found.values()) == length else found
