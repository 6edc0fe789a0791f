"""The roll-call as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from absence.models import SEEN, LeaveDay, Reopening, ReportedDay, RollCall, UnitSettings
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Person
from registry.models.teaching import CalendarEventQuerySet

from .reports import reported_at

Minutes = Mapping[str, int]


def with_roll_call_state(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds `taken`: whether the roll-call exists. Not taken is a state of its own, never "all present"."""
    return lessons.annotate(taken=Exists(RollCall.objects.filter(lesson=OuterRef("pk"))))


def current_or_next(lessons: Sequence[CalendarEvent]) -> CalendarEvent | None:
    """Of a day's lessons in order, the one going on now, else the next to begin; None when the day's are over."""
    return next((lesson for lesson in lessons if lesson.ends_at > days.now()), None)


def is_locked(lesson: CalendarEvent, settings: UnitSettings) -> bool:
    """The lesson is longer ago than the unit keeps roll-calls open, and nobody has opened it again."""
    if (days.today() - lesson.day).days <= settings.open_days:
        return False
    return not Reopening.objects.filter(lesson=lesson, open_until__gte=days.today()).exists()


@dataclass
class RosterRow:
    """One pupil on the roll-call. Minutes by the names of SEEN; the whole lesson away is `whole`."""

    pupil: Person
    reported: ReportedDay | None
    on_leave: bool
    whole: bool  # ticked in the form
    minutes: Minutes  # written in the form, when not `whole`
    saved: Minutes | None  # what is stored; None: not taken
    differs: bool  # the form sent says otherwise than what is stored

    @property
    def fields(self) -> list[tuple[str, int | str]]:
        return [(name, self.minutes.get(name, "")) for name in SEEN]


@dataclass
class Sheet:
    """The roll-call of a lesson as a page shows it."""

    rows: list[RosterRow]
    roll_call: RollCall | None
    lesson_minutes: int

    @property
    def version(self) -> int:
        return self.roll_call.version if self.roll_call else 0


def roll_call_sheet(lesson: CalendarEvent, marks: Mapping[UUID, Any] | None = None) -> Sheet:
    """The roster with what was reported, granted and stored; `marks` is what a form held that was not saved.

    Before the roll-call is taken those with leave or a report in time for the whole lesson are ticked; late reports are
    for the school to judge. Four statements.
    """
    roll_call = RollCall.objects.filter(lesson=lesson).select_related("taken_by").first()
    length = roll_call.lesson_minutes if roll_call else lesson.minutes
    stored = {row.pupil_id: row.minutes for row in roll_call.deviations.all()} if roll_call else None
    reports = {row.pupil_id: row for row in reported_at(lesson)}
    pupils = registry.roster_of(lesson) if roll_call is None else registry.shown_pupils(roll_call.roster)
    leave = set(
        LeaveDay.objects.standing().filter(day=lesson.day, pupil__in=[pupil.pk for pupil in pupils]).values_list("pupil", flat=True)
    )
    rows = []
    for pupil in pupils:
        saved = None if stored is None else stored.get(pupil.pk, {})
        expected = _expected(lesson, length, reports.get(pupil.pk), pupil.pk in leave) if saved is None else saved
        shown = expected if marks is None else _written(marks.get(pupil.pk), length)
        whole = shown.get("absent") == length
        differs = marks is not None and saved is not None and shown != saved
        rows.append(RosterRow(pupil, reports.get(pupil.pk), pupil.pk in leave, whole, {} if whole else shown, saved, differs))
    return Sheet(rows, roll_call, length)


def _expected(lesson: CalendarEvent, length: int, report: ReportedDay | None, on_leave: bool) -> dict[str, int]:
    """What was said beforehand, as the form begins: the whole lesson, or the part of it that the report covers."""
    if on_leave:
        return {"absent": length}
    if report is None or report.late:
        return {}
    opens, closes = max(report.starts_at, lesson.starts_at), min(report.ends_at, lesson.ends_at)
    minutes = int((closes - opens).total_seconds() // 60)
    if minutes >= length:
        return {"absent": length}
    return {"late" if opens == lesson.starts_at else "left_early" if closes == lesson.ends_at else "absent": minutes} if minutes else {}


def _written(seen: Any, length: int) -> dict[str, int]:
    if seen is None:
        return {}
    return {"absent": length} if seen.whole else {name: getattr(seen, name) for name in SEEN if getattr(seen, name)}
