"""The roll-call of a class for a day or half of it, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from absence.models import DayCall, DayMark, DayPart
from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Group, GroupMembership, GroupType, Person
from registry.models.teaching import CalendarEventQuerySet

from .day_parts import begins_in, with_day_call
from .said import Said, said_of, spread, with_said
from .seen_words import seen_in_words
from .settings import with_settings
from .stored import Stored, stored_of, with_stored

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Away:
    """When somebody was away from a day: all of it; before `came_at` and after `left_at`; or, come back, between them."""

    came_at: time | None = None
    left_at: time | None = None

    def spans(self, day: date) -> list[Span]:
        opens, closes = days.bounds(day)
        came = days.moment(day, self.came_at) if self.came_at else None
        left = days.moment(day, self.left_at) if self.left_at else None
        if came and left:
            return [(left, came)] if left < came else [(opens, came), (left, closes)]
        return [(left or opens, came or closes)]


def minutes_of(away: Away | None, day: date, starts_at: datetime, length: int) -> dict[str, int]:
    """What a day's mark says of one lesson."""
    return spread(away.spans(day), starts_at, length) if away else {}


def classes_called(groups: QuerySet[Group], lessons: CalendarEventQuerySet) -> QuerySet[Group]:
    """The classes among `groups`, and those of `lessons`: who stands in for a lesson calls its class."""
    of_lessons = Q(pk__in=lessons.order_by().values("activity__groups"))
    return Group.objects.filter(of_lessons | Q(pk__in=groups.order_by().values("pk")), group_type=GroupType.CLASS).select_related(
        "school_unit"
    )


def lessons_called(group: Group, day: date, part: DayPart) -> CalendarEventQuerySet:
    """The lessons of the part of the day that are for this class alone, by time, with what their roll-calls need."""
    own = with_day_call(registry.lessons_of_group(group).on(day).filter(begins_in(part, day))).filter(class_held=group.pk)
    return with_stored(with_settings(own)).order_by("starts_at", "pk")


def call_of(group: Group, day: date, part: DayPart) -> DayCall | None:
    return DayCall.objects.filter(group=group, day=day, part=part).select_related("taken_by").first()


def marks_of(call: DayCall | None) -> dict[UUID, Away]:
    """By pupil; no statement for a day that was not called."""
    rows = DayMark.objects.filter(day_call=call) if call else DayMark.objects.none()
    return {row.pupil_id: Away(row.came_at, row.left_at) for row in rows}


def roster_frozen(lessons: Iterable[Any], call: DayCall | None) -> set[UUID]:
    """Ids: of the lessons that were called with the class; nothing before."""
    return {pupil for lesson in lessons if (kept := stored_of(lesson)) and is_of(kept, call) for pupil in kept.roll_call.roster}


def roster_called(group: Group, day: date, lessons: Iterable[Any], call: DayCall | None) -> set[UUID]:
    """Ids: those of the lessons that were called with the class, else the class of the day."""
    return roster_frozen(lessons, call) or set(GroupMembership.objects.on(day).filter(group=group).values_list("person", flat=True))


def is_of(stored: Stored, call: DayCall | None) -> bool:
    """Whether a lesson's roll-call was made by this call; one that was taken by itself is left alone."""
    return call is not None and stored.roll_call.day_call_id == call.pk


@dataclass
class DayRow:
    """One pupil of the class: what is shown in the form, and what the lessons say otherwise."""

    pupil: Person
    reports: list[Said]
    on_leave: bool
    away: Away | None  # in the form
    whole: bool
    saved: Away | None
    is_taken: bool
    is_sent: bool
    exceptions: list[tuple[CalendarEvent, str]]

    @property
    def times(self) -> dict[str, str]:
        away = self.away or Away()
        return {
            "came": away.came_at.strftime("%H:%M") if away.came_at else "",
            "left": away.left_at.strftime("%H:%M") if away.left_at else "",
        }

    @property
    def differs(self) -> bool:
        return self.is_sent and self.is_taken and self.away != self.saved

    @property
    def is_both(self) -> bool:
        return self.whole and bool(self.away and (self.away.came_at or self.away.left_at))


@dataclass
class DaySheet:
    rows: list[DayRow]
    lessons: list[CalendarEvent]  # with `by_itself`: taken before the class was called
    call: DayCall | None

    @property
    def version(self) -> int:
        return self.call.version if self.call else 0


def day_sheet(group: Group, day: date, part: DayPart, marks: Mapping[UUID, Any] | None = None) -> DaySheet:
    """The class with what was reported, granted and stored; `marks` is what a form held that was not saved. Five statements."""
    call = call_of(group, day, part)
    lessons: list[Any] = list(lessons_called(group, day, part))
    saved = marks_of(call)
    roster = roster_called(group, day, lessons, call)
    opens = lessons[0].starts_at if lessons else days.bounds(day)[0]
    closes = max((lesson.ends_at for lesson in lessons), default=days.bounds(day)[1])
    said = with_said(registry.shown_pupils(roster), group.school_unit_id, day, opens, closes)
    for lesson in lessons:
        kept = stored_of(lesson)
        lesson.by_itself = kept is not None and not is_of(kept, call)
    rows = []
    pupils: Iterable[Any] = said
    for pupil in pupils:
        reports, stands = said_of(pupil, opens), saved.get(pupil.pk)
        if marks is not None:
            whole, away = _written(marks.get(pupil.pk))
        else:
            away = stands if call else _expected(reports, opens, closes, on_leave=pupil.on_leave)
            whole = away == Away()
        exceptions = _exceptions(pupil.pk, stands, day, lessons)
        rows.append(DayRow(pupil, reports, pupil.on_leave, away, whole, stands, call is not None, marks is not None, exceptions))
    return DaySheet(rows, lessons, call)


def _written(mark: Any) -> tuple[bool, Away | None]:
    return (mark.whole, Away(mark.came_at, mark.left_at)) if mark else (False, None)


def _expected(reports: list[Said], opens: datetime, closes: datetime, *, on_leave: bool) -> Away | None:
    """What was said beforehand, as the form begins; of several reports in the middle of the day the first."""
    in_time = [report for report in reports if not report.late]
    if on_leave:
        return Away()
    if not in_time:
        return None
    first, last = in_time[0], in_time[-1]
    begins, ends = first.starts_at <= opens, last.ends_at >= closes
    if begins and ends:
        return Away() if len(in_time) == 1 else Away(_clock(first.ends_at), _clock(last.starts_at))
    if begins:
        return Away(came_at=_clock(first.ends_at))
    return Away(left_at=_clock(last.starts_at)) if ends else Away(_clock(first.ends_at), _clock(first.starts_at))


def _clock(moment: datetime) -> time:
    return moment.astimezone(days.STOCKHOLM).time().replace(second=0, microsecond=0)


def _exceptions(pupil: UUID, saved: Away | None, day: date, lessons: list[Any]) -> list[tuple[CalendarEvent, str]]:
    """The lessons whose own roll-call says otherwise of the pupil than the day's."""
    found = []
    for lesson in lessons:
        kept = stored_of(lesson)
        if kept is None or pupil not in kept.roll_call.roster:
            continue
        length, minutes = kept.roll_call.lesson_minutes, kept.minutes.get(pupil, {})
        if minutes != minutes_of(saved, day, kept.roll_call.lesson_starts_at, length):
            found.append((lesson, seen_in_words(minutes, length)))
    return found
