"""What was reported beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from absence.models import ReportedDay, Source
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Guardianship, Person


def reported_at(lesson: CalendarEvent) -> QuerySet[ReportedDay]:
    """The standing reports that overlap a lesson; `late` ones were made after it began and are for the school to judge."""
    overlapping = ReportedDay.objects.standing().filter(day=lesson.day, starts_at__lt=lesson.ends_at, ends_at__gt=lesson.starts_at)
    return overlapping.annotate(late=Q(report__reported_at__gt=lesson.starts_at))


def with_receipt(reported: QuerySet[ReportedDay], person_id: UUID) -> QuerySet[ReportedDay]:
    """Adds when each day was reported, from where, and whether the asking person did it; never who else did.

    What somebody entered for the school is the school's, also when it was about an own child. `inherited` is what a home may
    take back in the place of a guardian who reported it and answers for the pupil no more.
    """
    mine = Q(report__reported_by=person_id) & ~Q(report__source=Source.OFFICE)
    found = reported.annotate(reported_at=F("report__reported_at"), source=F("report__source"), mine=mine)
    return found.annotate(inherited=_inherited_by(person_id)).select_related("pupil")


def _inherited_by(person_id: UUID) -> Q:
    """A guardian's report: the pupil's own from the day of age on; of a minor any guardian's, once who made it is none."""
    today = days.today()
    minor, oneself = Q(pupil__birth_date__gt=days.born_after_to_be_minor(today)), Q(pupil=person_id)
    still = Guardianship.objects.holding(today).filter(guardian=OuterRef("report__reported_by"), child=OuterRef("pupil"))
    return Q(report__source=Source.GUARDIAN) & ((~minor & oneself) | (minor & ~oneself & ~Q(Exists(still))))


def deadlines(rows: Sequence[ReportedDay], lessons: Iterable[CalendarEvent] | None = None) -> dict[UUID, datetime]:
    """Until when each reported day may be withdrawn: the first lesson it covers, else the end of the reported time.

    `lessons` (of `registry.reads.lessons_for`) may be given when the caller has them already.
    """
    if not rows:
        return {}
    by_pupil = defaultdict(list)
    for lesson in _lessons_of(rows) if lessons is None else lessons:
        by_pupil[lesson.pupil_id].append(lesson)
    return {row.pk: _first_covered(row, by_pupil[row.pupil_id]) for row in rows}


def _first_covered(row: ReportedDay, lessons: Iterable[CalendarEvent]) -> datetime:
    return min((lesson.starts_at for lesson in lessons if _covers(row, lesson)), default=row.ends_at)


def _lessons_of(rows: Sequence[ReportedDay]) -> list[CalendarEvent]:
    """The lessons of the rows' pupils from their first day to their last; one statement."""
    if not rows:
        return []
    return list(registry.lessons_for({row.pupil_id for row in rows}, min(row.day for row in rows), max(row.day for row in rows)))


def _covers(row: ReportedDay, lesson: CalendarEvent) -> bool:
    return row.pupil_id == lesson.pupil_id and lesson.starts_at < row.ends_at and lesson.ends_at > row.starts_at


def _subject(lesson: CalendarEvent) -> str:
    return lesson.activity.syllabus.subject_name if lesson.activity.syllabus else lesson.activity.name


def marked_withdrawable(rows: list[ReportedDay]) -> list[ReportedDay]:
    """Tells on each row (of `with_receipt`) whether the asking person may still take it back, and the subjects of a part of a day."""
    lessons = _lessons_of(rows)
    limits = deadlines([row for row in rows if row.withdrawn_at is None], lessons)
    for row in rows:
        row.subjects = [] if row.whole_day else [_subject(lesson) for lesson in lessons if _covers(row, lesson)]
        row.withdrawable = (row.mine or row.inherited) and row.pk in limits and days.now() < limits[row.pk]
        row.is_late = row.pk in limits and row.reported_at > limits[row.pk]
    return rows


def marked_last_of_pupil(rows: list[ReportedDay]) -> list[ReportedDay]:
    """Tells on each row of a receipt (ordered by pupil and day) whether it is the pupil's last: there one more day is offered."""
    last = {row.pupil_id: row.pk for row in rows}
    for row in rows:
        row.last_of_pupil = last[row.pupil_id] == row.pk
    return rows


class Choice(NamedTuple):
    """A lesson of a pupil that can be ticked; `reported` when a standing report covers all of it."""

    lesson: CalendarEvent
    value: str  # of the form: pupil and lesson
    reported: bool
    ticked: bool


def lessons_to_choose(pupils: Sequence[Person], day: date, ticked: Collection[str]) -> list[tuple[Person, list[Choice]]]:
    """The day's lessons of each pupil; two statements. `ticked` are the values that a form sent."""
    lessons = list(registry.lessons_for([pupil.pk for pupil in pupils], day, day))
    standing = list(ReportedDay.objects.standing().of([pupil.pk for pupil in pupils], day, day))
    found: dict[UUID, list[Choice]] = defaultdict(list)
    for lesson in lessons:
        value = f"{lesson.pupil_id}:{lesson.pk}"
        reported = any(_covers(row, lesson) and row.starts_at <= lesson.starts_at and row.ends_at >= lesson.ends_at for row in standing)
        found[lesson.pupil_id].append(Choice(lesson, value, reported, value in ticked))
    return [(pupil, found[pupil.pk]) for pupil in pupils]
