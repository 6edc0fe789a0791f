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


@dataclass(frozen=True)
class Sums:
    """Minutes; present + valid + unauthorised + other = offered (SS 12000 AggregatedAttendance)."""

    offered: int = 0
    present: int = 0
    valid: int = 0
    unauthorised: int = 0
    other: int = 0
    lessons: int = 0  # that were taken
    not_taken: int = 0  # that are over and were not
    late: int = 0  # arrivals

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Self:
        rows = list(lines)
        called = [line for line in rows if line.called]
        return cls(
            offered=sum(line.minutes for line in called),
            present=sum(line.present for line in called),
            valid=sum(line.valid for line in called),
            unauthorised=sum(line.unauthorised for line in called),
            other=sum(line.other for line in called),
            lessons=len(called),
            not_taken=sum(line.mark is Mark.NOT_TAKEN for line in rows),
            late=sum(line.late > 0 for line in called),
        )

    @property
    def present_share(self) -> float:
        return self.share(self.present)

    @property
    def valid_share(self) -> float:
        return self.share(self.valid)

    @property
    def unauthorised_share(self) -> float:
        return self.share(self.unauthorised)

    @property
    def other_share(self) -> float:
        return self.share(self.other)

    def share(self, minutes: int) -> float:
        """In per cent of the time offered."""
        return 100 * minutes / self.offered if self.offered else 0.0

    @property
    def parts(self) -> list[Part]:
        """For a bar: each kind that has minutes, one after the other."""
        found, start = [], 0.0
        for kind in KINDS:
            minutes = getattr(self, kind)
            if minutes:
                found.append(Part(kind, minutes, self.share(minutes), start))
                start += self.share(minutes)
        return found


KINDS = ("present", "other", "valid", "unauthorised")


@dataclass(frozen=True)
class Part:
    kind: str
    minutes: int
    share: float  # per cent
    start: float

    @property
    def x(self) -> str:
        """With a point, whatever the language."""
        return f"{self.start:.3f}"

    @property
    def width(self) -> str:
        return f"{self.share:.3f}"
