"""What lessons and days amount to: a mark in words, and minutes that add up to the time offered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from absence.models import Effective
from dexter.lib import days

from .sums import Sums


class Mark(TextChoices):
    """What a lesson, or a day, amounts to; of a day's lessons the first of these decides."""

    UNAUTHORISED = "unauthorised", _("Unauthorised absence")
    TO_JUDGE = "to-judge", _("Waits for the school's judgement")
    VALID = "valid", _("Valid absence")
    LATE = "late", _("Late arrival")
    OTHER = "other", _("Other school activity")
    NOT_TAKEN = "not-taken", _("Not registered")
    PRESENT = "present", _("Present")
    LEAVE = "leave", _("Leave granted")
    REPORTED = "reported", _("Reported absence")
    COMING = "coming", _("To come")
    FREE = "free", _("No lessons")

    @property
    def icon(self) -> str:
        return ICONS[self]


ICONS = {
    Mark.UNAUTHORISED: "circle-x",
    Mark.TO_JUDGE: "hourglass",
    Mark.VALID: "circle-slash",
    Mark.LATE: "clock-alert",
    Mark.OTHER: "shuffle",
    Mark.NOT_TAKEN: "circle-dashed",
    Mark.PRESENT: "check",
    Mark.LEAVE: "luggage",
    Mark.REPORTED: "calendar-x-2",
    Mark.COMING: "dot",
    Mark.FREE: "minus",
}
ORDER = list(Mark)


@dataclass
class Line:
    """One lesson of a pupil. Minutes are 0 where no roll-call held the pupil."""

    lesson: Any  # a CalendarEvent with what absence.reads.attendance adds
    day: date
    starts_at: datetime
    ends_at: datetime
    minutes: int
    called: bool = False
    effective: Effective | None = None  # None: there all the time, when called

    @classmethod
    def of(cls, lesson: Any, effective: Effective | None) -> Self:
        """A roll-call keeps the day and the length that the lesson had."""
        if not lesson.held_pupil:
            return cls(lesson, lesson.day, lesson.starts_at, lesson.ends_at, 0)
        ends_at = lesson.called_at + timedelta(minutes=lesson.called_minutes)
        return cls(lesson, lesson.called_day, lesson.called_at, ends_at, lesson.called_minutes, called=True, effective=effective)

    @property
    def subject(self) -> str:
        activity = self.lesson.activity
        return str(activity.syllabus.subject_name if activity.syllabus else activity.name)

    @property
    def correction(self) -> str | None:
        """The state of the last request to correct it."""
        state: str | None = self.lesson.correction
        return state

    @property
    def valid(self) -> int:
        return self.effective.valid_minutes if self.effective else 0

    @property
    def unauthorised(self) -> int:
        return self.effective.unauthorised_minutes if self.effective else 0

    @property
    def other(self) -> int:
        return self.effective.other_minutes if self.effective else 0

    @property
    def present(self) -> int:
        return self.effective.present_minutes if self.effective else self.minutes

    @property
    def late(self) -> int:
        return self.effective.late_minutes if self.effective else 0

    @property
    def mark(self) -> Mark:
        if not self.called:
            return self._before()
        row = self.effective
        if row is None:
            return Mark.PRESENT
        marks = {
            Mark.TO_JUDGE: row.to_judge,
            Mark.UNAUTHORISED: row.unauthorised_minutes,
            Mark.VALID: row.valid_minutes,
            Mark.LATE: row.late_minutes,
            Mark.OTHER: row.other_minutes,
        }
        return next((mark for mark, holds in marks.items() if holds), Mark.PRESENT)

    def _before(self) -> Mark:
        if self.ends_at <= days.now():
            return Mark.NOT_TAKEN
        return Mark.LEAVE if self.lesson.on_leave else Mark.REPORTED if self.lesson.is_reported else Mark.COMING


def mark_of_day(lines: Sequence[Line], *, reported: bool) -> Mark:
    """Present only when every lesson that is over was taken."""
    marks = {line.mark for line in lines}
    if marks:
        return next(mark for mark in ORDER if mark in marks)
    return Mark.REPORTED if reported else Mark.FREE


def sums_of(lines: Iterable[Line]) -> Sums:
    rows = list(lines)
    called = [line for line in rows if line.called]
    return Sums(
        offered=sum(line.minutes for line in called),
        valid=sum(line.valid for line in called),
        unauthorised=sum(line.unauthorised for line in called),
        other=sum(line.other for line in called),
        lessons=len(called),
        not_taken=sum(line.mark is Mark.NOT_TAKEN for line in rows),
        late_lessons=sum(line.late > 0 for line in called),
    )
