"""A pupil's day, lesson by lesson, with what is registered of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from absence.models import Effective, ReportedDay, RollCall
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent


@dataclass
class LessonOfDay:
    lesson: CalendarEvent
    is_taken: bool
    is_reported: bool  # a standing report overlaps it, made in time or not
    effective: Effective | None  # None: there all the time, where the roll-call is taken

    @property
    def is_over(self) -> bool:
        return self.lesson.ends_at <= days.now()


def lessons_of_day(pupil_id: UUID, day: date) -> list[LessonOfDay]:
    """The pupil's lessons of the day, and those of groups that were left since; four statements."""
    taken = {row.lesson_id: row for row in _roll_calls(pupil_id, day)}
    lessons = {lesson.pk: lesson for lesson in registry.lessons_for([pupil_id], day, day)}
    lessons |= {key: row.lesson for key, row in taken.items() if key not in lessons}
    weighed = {row.lesson_id: row for row in Effective.objects.between(day, day).of([pupil_id])}
    reports = list(ReportedDay.objects.standing().of([pupil_id], day, day))
    return [
        LessonOfDay(
            lesson,
            is_taken=lesson.pk in taken,
            is_reported=any(row.starts_at < lesson.ends_at and row.ends_at > lesson.starts_at for row in reports),
            effective=weighed.get(lesson.pk),
        )
        for lesson in sorted(lessons.values(), key=lambda lesson: (lesson.starts_at, lesson.pk))
    ]


def _roll_calls(pupil_id: UUID, day: date) -> list[RollCall]:
    rows = RollCall.objects.filter(day=day, roster__contains=[pupil_id])
    return list(rows.select_related("lesson__activity__syllabus", "lesson__activity__school_unit", "lesson__room"))
