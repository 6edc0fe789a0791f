"""What was reported beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from absence.models import ReportedDay
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent


def reported_at(lesson: CalendarEvent) -> QuerySet[ReportedDay]:
    """The standing reports that overlap a lesson; `late` ones were made after it began and are for the school to judge."""
    overlapping = ReportedDay.objects.standing().filter(day=lesson.day, starts_at__lt=lesson.ends_at, ends_at__gt=lesson.starts_at)
    return overlapping.annotate(late=Q(report__reported_at__gt=lesson.starts_at))


def with_receipt(reported: QuerySet[ReportedDay], person_id: UUID) -> QuerySet[ReportedDay]:
    """Adds when each day was reported and whether the asking person did it; never who else did."""
    return reported.annotate(reported_at=F("report__reported_at"), mine=Q(report__reported_by=person_id)).select_related("pupil")


def deadlines(rows: Sequence[ReportedDay], lessons: Iterable[CalendarEvent] | None = None) -> dict[UUID, datetime]:
    """Until when each reported day may be withdrawn: the first lesson it covers, else the end of the reported time.

    `lessons` (of `registry.reads.lessons_for`) may be given when the caller has them already.
    """
    if not rows:
        return {}
    if lessons is None:
        pupils = {row.pupil_id for row in rows}
        lessons = registry.lessons_for(pupils, min(row.day for row in rows), max(row.day for row in rows))
    by_pupil = defaultdict(list)
    for lesson in lessons:
        by_pupil[lesson.pupil_id].append(lesson)
    return {row.pk: _first_covered(row, by_pupil[row.pupil_id]) for row in rows}


def _first_covered(row: ReportedDay, lessons: Iterable[CalendarEvent]) -> datetime:
    covered = (lesson.starts_at for lesson in lessons if lesson.starts_at < row.ends_at and lesson.ends_at > row.starts_at)
    return min(covered, default=row.ends_at)


def marked_withdrawable(rows: list[ReportedDay]) -> list[ReportedDay]:
    """Tells on each row (of `with_receipt`) whether the asking person may still take it back."""
    limits = deadlines([row for row in rows if row.withdrawn_at is None])
    for row in rows:
        row.withdrawable = row.mine and row.pk in limits and days.now() < limits[row.pk]
        row.is_late = row.pk in limits and row.reported_at > limits[row.pk]
    return rows


def marked_last_of_pupil(rows: list[ReportedDay]) -> list[ReportedDay]:
    """Tells on each row of a receipt (ordered by pupil and day) whether it is the pupil's last: there one more day is offered."""
    last = {row.pupil_id: row.pk for row in rows}
    for row in rows:
        row.last_of_pupil = last[row.pupil_id] == row.pk
    return rows
