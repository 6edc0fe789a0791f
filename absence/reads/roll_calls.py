"""The roll-call as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from absence.models import SEEN, RollCall, RollCallChange, UnitSettings
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Person
from registry.models.teaching import CalendarEventQuerySet

from .said import Said, said_of, spread, with_said
from .seen_words import seen_in_words
from .stored import Stored, reopened_until, stored_of

Minutes = Mapping[str, int]


def with_roll_call_state(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds `taken`: whether the roll-call exists. Not taken is a state of its own, never "all present"."""
    return lessons.annotate(taken=Exists(RollCall.objects.filter(lesson=OuterRef("pk"))))


def current_or_next(lessons: Sequence[CalendarEvent]) -> CalendarEvent | None:
    """Of a day's lessons in order, the one going on now, else the next to begin; None when the day's are over."""
    return next((lesson for lesson in lessons if lesson.ends_at > days.now()), None)


def is_old(lesson: CalendarEvent, settings: UnitSettings) -> bool:
    """Longer ago than the unit keeps roll-calls open."""
    return bool((days.today() - lesson.day).days > settings.open_days)


def is_locked(lesson: CalendarEvent, settings: UnitSettings) -> bool:
    """Too long ago, and nobody has opened it again."""
    if not is_old(lesson, settings):
        return False
    until = reopened_until(lesson)
    return until is None or until < days.today()


@dataclass
class RosterRow:
    """One pupil on the roll-call. Minutes by the names of SEEN; the whole lesson away is `whole`."""

    pupil: Person
    reports: list[Said]
    on_leave: bool
    class_name: str
    length: int  # minutes
    whole: bool  # ticked in the form
    minutes: Minutes  # written in the form, beside the tick
    saved: Minutes | None  # what is stored; None: not taken
    is_sent: bool  # the form was sent and not saved

    @property
    def fields(self) -> dict[str, int | str]:
        return {name: self.minutes.get(name, "") for name in SEEN}

    @property
    def shown(self) -> Minutes:
        return {**self.minutes, "absent": self.length} if self.whole else self.minutes

    @property
    def differs(self) -> bool:
        return self.is_sent and self.saved is not None and self.shown != self.saved

    @property
    def is_both(self) -> bool:
        """Ticked and with minutes: it can only be one of them."""
        return self.whole and bool(self.minutes)

    @property
    def words(self) -> str:
        """Of the minutes written, for the row when it is not ticked."""
        return seen_in_words(self.minutes, self.length)

    @property
    def saved_words(self) -> str:
        return seen_in_words(self.saved or {}, self.length)

    @property
    def is_excused(self) -> bool:
        return self.on_leave or any(not report.late for report in self.reports)

    @property
    def came_after_all(self) -> bool:
        """Said to be away, and seen all the time."""
        return self.saved == {} and self.is_excused

    @property
    def is_unexplained(self) -> bool:
        """Away, and nobody has said so in time."""
        away = {name for name in self.saved or {} if name not in ("other", "late")}
        return bool(away) and not self.is_excused


@dataclass
class Sheet:
    """The roll-call of a lesson as a page shows it."""

    rows: list[RosterRow]
    stored: Stored | None
    length: int
    minutes_gone: int  # minutes since the lesson began, by the server's clock; negative before it
    has_classes: bool  # pupils of several classes, so each row names its own

    @property
    def roll_call(self) -> RollCall | None:
        return self.stored.roll_call if self.stored else None

    @property
    def version(self) -> int:
        return self.stored.roll_call.version if self.stored else 0

    @property
    def is_going_on(self) -> bool:
        return 0 < self.minutes_gone < self.length

    @property
    def nobody_is_marked(self) -> bool:
        return not any(row.whole or row.minutes for row in self.rows)


def roll_call_sheet(lesson: CalendarEvent, marks: Mapping[UUID, Any] | None = None) -> Sheet:
    """The roster with what was reported, granted and stored; `marks` is what a form held that was not saved.

    Before the roll-call is taken those with leave or a report in time for the whole lesson are ticked; late reports are
    for the school to judge. One statement, for a lesson that came with `lessons_to_call`.
    """
    stored = stored_of(lesson)
    length = stored.roll_call.lesson_minutes if stored else lesson.minutes
    starts_at = stored.roll_call.lesson_starts_at if stored else lesson.starts_at
    pupils = registry.shown_pupils(stored.roll_call.roster) if stored else registry.roster_of(lesson)
    said = with_said(pupils, lesson.activity.school_unit_id, lesson.day, lesson.starts_at, lesson.ends_at)
    rows = [_row(pupil, starts_at, length, stored, marks) for pupil in said]
    return Sheet(
        rows=rows,
        stored=stored,
        length=length,
        minutes_gone=int((days.now() - starts_at).total_seconds() // 60),
        has_classes=len({row.class_name for row in rows}) > 1,
    )


def _row(pupil: Any, starts_at: Any, length: int, stored: Stored | None, marks: Mapping[UUID, Any] | None) -> RosterRow:
    reports = said_of(pupil, starts_at)
    saved = stored.minutes.get(pupil.pk, {}) if stored else None
    if marks is not None:
        whole, minutes = _written(marks.get(pupil.pk))
    else:
        shown = saved if saved is not None else expected(reports, starts_at, length, on_leave=pupil.on_leave)
        whole = shown.get("absent") == length
        minutes = {} if whole else shown
    return RosterRow(pupil, reports, pupil.on_leave, pupil.class_name or "", length, whole, minutes, saved, marks is not None)


def expected(reports: list[Said], starts_at: Any, length: int, *, on_leave: bool) -> dict[str, int]:
    """What was said beforehand, as the form begins: the whole lesson, or the parts of it that the reports cover."""
    if on_leave:
        return {"absent": length}
    return spread([(report.starts_at, report.ends_at) for report in reports if not report.late], starts_at, length)


def _written(seen: Any) -> tuple[bool, dict[str, int]]:
    if seen is None:
        return False, {}
    return seen.whole, {name: getattr(seen, name) for name in SEEN if getattr(seen, name)}


class Change(NamedTuple):
    """One line of a roll-call's history, in words."""

    at: Any
    by: str
    pupil: str
    reason: str
    before: str
    after: str


def roll_call_changes(changes: QuerySet[RollCallChange], stored: Stored) -> QuerySet[RollCallChange]:
    """What later saves changed, the newest first."""
    rows = changes.filter(roll_call=stored.roll_call.pk).select_related("pupil", "changed_by")
    return rows.order_by("-version", "pupil__sort_key", "pk")


def changes_in_words(changes: Iterable[RollCallChange], stored: Stored) -> list[Change]:
    length = stored.roll_call.lesson_minutes
    return [
        Change(
            row.changed_at,
            row.changed_by.shown_name,
            row.pupil.shown_name,
            row.reason,
            seen_in_words(row.before, length),
            seen_in_words(row.after, length),
        )
        for row in changes
    ]
