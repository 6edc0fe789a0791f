"""The day of many pupils at once: what was reported, granted and seen, lesson by lesson, in four statements for any number."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FilteredRelation, OuterRef, Value

from absence.models import ContactAttempt, ContactOutcome, Effective, LeaveDay, ReportedDay, Verdict
from dexter.lib import days
from dexter.lib.models import period_holds
from registry import reads as registry
from registry.models import ActivityGroup, CalendarEvent, Enrolment, SchoolUnit
from registry.models.person import PersonQuerySet
from registry.models.teaching import CalendarEventQuerySet

NO_CLASS = "~"  # behind every class
REPORT, LEAVE = "report", "leave"


class Whereabouts(enum.StrEnum):
    """What is known of a pupil at a moment, by the latest roll-call and what was said beforehand."""

    PRESENT = "present"
    EXCUSED = "excused"  # reported, on leave, or judged valid
    MISSING = "missing"  # absent without a word from home
    UNKNOWN = "unknown"  # no roll-call has been taken yet


class Excuse(NamedTuple):
    """A standing report, or a day of granted leave."""

    starts_at: datetime
    ends_at: datetime
    is_leave: bool
    whole_day: bool

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and self.ends_at > starts_at

    def holds_at(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


class Call(NamedTuple):
    """The school phoned the home."""

    at: datetime
    outcome: ContactOutcome


@dataclass(slots=True)
class Lesson:
    """A lesson of the day; `roster` is None as long as the roll-call is not taken."""

    pk: UUID
    name: str
    room: str | None
    starts_at: datetime
    ends_at: datetime
    groups: list[UUID]
    roster: list[UUID] | None
    teachers: list[str] = field(default_factory=list)  # where they were asked for


class Away(NamedTuple):
    """What one pupil's departure from a lesson is and counts as (see absence.models.Effective)."""

    lesson_minutes: int
    absent: int
    late: int
    left_early: int
    unauthorised: int
    verdict: str | None
    on_leave: bool

    @property
    def is_gone(self) -> bool:
        """Was not there when the lesson ended."""
        return self.left_early > 0 or self.absent + self.late >= self.lesson_minutes

    @property
    def is_whole(self) -> bool:
        return self.absent + self.late + self.left_early >= self.lesson_minutes


@dataclass(slots=True)
class PupilDay:
    """One pupil's day so far."""

    pk: UUID
    name: str
    class_name: str = ""
    class_order: str = NO_CLASS
    groups: set[UUID] = field(default_factory=set)
    excuses: list[Excuse] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    lessons: list[tuple[Lesson, Away | None]] = field(default_factory=list)  # in order, all of the day

    @property
    def latest_call(self) -> Call | None:
        return max(self.calls, default=None)

    @property
    def first_at(self) -> datetime | None:
        return self.lessons[0][0].starts_at if self.lessons else None

    @property
    def last_at(self) -> datetime | None:
        return max((lesson.ends_at for lesson, _away in self.lessons), default=None)

    def seen(self, now: datetime) -> list[tuple[Lesson, Away | None]]:
        """The lessons begun whose roll-call is taken."""
        return [(lesson, away) for lesson, away in self.lessons if lesson.roster is not None and lesson.starts_at <= now]

    def has_arrived(self, now: datetime) -> bool:
        return any(away is None or not away.is_whole for _lesson, away in self.seen(now))

    def is_judged(self, now: datetime) -> bool:
        """The school has said what the latest absence is."""
        return any(away is not None and away.verdict for _lesson, away in self.seen(now)[-1:])

    def is_excused(self, lesson: Lesson, away: Away) -> bool:
        """By a report, in time or late, by leave, or by the school's judgement; a judgement stands above the others."""
        if away.verdict:
            return away.verdict == Verdict.VALID
        covered = any(excuse.overlaps(lesson.starts_at, lesson.ends_at) for excuse in self.excuses)
        return away.on_leave or covered or not away.unauthorised

    def excuse_at(self, now: datetime) -> Excuse | None:
        """What says that the pupil is away now; before the day begins, what holds at its first lesson."""
        moment = max(now, self.first_at) if self.first_at else now
        return next((excuse for excuse in self.excuses if excuse.holds_at(moment)), None)

    def whereabouts(self, now: datetime) -> Whereabouts:
        seen, excuse = self.seen(now), self.excuse_at(now)
        if not seen:
            return Whereabouts.EXCUSED if excuse else Whereabouts.UNKNOWN
        lesson, away = seen[-1]
        if away is not None and away.is_gone:
            return Whereabouts.EXCUSED if self.is_excused(lesson, away) else Whereabouts.MISSING
        went = excuse is not None and excuse.starts_at > lesson.starts_at
        return Whereabouts.EXCUSED if went else Whereabouts.PRESENT


@dataclass
class DayFacts:
    pupils: list[PupilDay]  # in the order of names
    lessons: list[Lesson]  # in the order of time

    def by_class(self) -> list[PupilDay]:
        """By class as a school counts them, then by name; who is in none comes last."""
        return sorted(self.pupils, key=lambda pupil: pupil.class_order)


def facts_of_unit(persons: PersonQuerySet, unit: SchoolUnit, day: date, *, with_teachers: bool = False) -> DayFacts:
    """The day of `persons` in the lessons of a unit where they have a place."""
    places = places_at(unit, day)
    lessons = CalendarEvent.objects.filter(activity__school_unit=unit)
    away = Effective.objects.filter(school_unit=unit, day=day)
    return _put_together(persons, lessons, away, places, day, with_teachers=with_teachers)


def facts_of_pupils(pupils: Any, day: date) -> DayFacts:
    """The day of some pupils (ids, or a statement that gives them) in whatever lessons they have, under their shown names."""
    membership = "activity__groups__memberships__"
    mine = CalendarEvent.objects.filter(period_holds(day, membership), **{f"{membership}person__in": pupils}).order_by().values("pk")
    away = Effective.objects.filter(pupil__in=pupils, day=day)
    return _put_together(registry.shown_pupils(pupils), CalendarEvent.objects.filter(pk__in=mine), away, pupils, day)


def places_at(unit: SchoolUnit, day: date) -> Any:
    """Ids of the pupils with a place at the unit on `day`."""
    return Enrolment.objects.on(day).filter(school_unit=unit, cancelled=False).values("pupil_id")


def _put_together(
    persons: PersonQuerySet, lessons: CalendarEventQuerySet, away: Any, ids: Any, day: date, *, with_teachers: bool = False
) -> DayFacts:
    pupils = _pupils(persons, day)
    for pupil_id, starts_at, ends_at, kind, whole_day in _said(ids, day):
        if pupil_id in pupils and kind in (REPORT, LEAVE):
            pupils[pupil_id].excuses.append(Excuse(starts_at, ends_at, kind == LEAVE, whole_day))
        elif pupil_id in pupils:
            pupils[pupil_id].calls.append(Call(starts_at, ContactOutcome(kind)))
    listed = _lessons(lessons.held().on(day), with_teachers=with_teachers)
    _attend(pupils, listed, away)
    return DayFacts(list(pupils.values()), listed)


def _attend(pupils: dict[UUID, PupilDay], lessons: list[Lesson], away: Any) -> None:
    """Gives each pupil the lessons of the day; most pupils of most lessons are simply there."""
    found: dict[UUID, dict[UUID, Away]] = defaultdict(dict)
    for lesson_id, pupil_id, *minutes in away.values_list("lesson_id", "pupil_id", *AWAY):
        found[lesson_id][pupil_id] = Away(*minutes)
    members: dict[UUID, list[UUID]] = defaultdict(list)
    for pupil in pupils.values():
        for group in pupil.groups:
            members[group].append(pupil.pk)
    for lesson in lessons:
        gone = found.get(lesson.pk, {})
        for pupil_id in _attending(lesson, members):
            attending = pupils.get(pupil_id)
            if attending is not None:
                attending.lessons.append((lesson, gone.get(pupil_id) if gone else None))


NAMES = ("planned_names", "substitute_names")
AWAY = ("lesson_minutes", "absent_minutes", "late_minutes", "left_early_minutes", "unauthorised_minutes", "verdict", "on_leave")


def _attending(lesson: Lesson, members: dict[UUID, list[UUID]]) -> Iterable[UUID]:
    """The frozen roster, else the members of the lesson's groups, each once."""
    if lesson.roster is not None:
        return lesson.roster
    return dict.fromkeys(pupil for group in lesson.groups for pupil in members.get(group, ()))


def _pupils(persons: PersonQuerySet, day: date) -> dict[UUID, PupilDay]:
    """The persons with their groups of the day, in the order of names; who is in no group stays."""
    joined = persons.annotate(member=FilteredRelation("group_memberships", condition=period_holds(day, "group_memberships__")))
    rows = joined.order_by("sort_key", "pk").values_list(
        "pk", "shown_name", "member__group_id", "member__in_class", "member__group__name", "member__group__sort_key"
    )
    pupils: dict[UUID, PupilDay] = {}
    for pk, name, group, in_class, group_name, group_order in rows:
        pupil = pupils.setdefault(pk, PupilDay(pk, name))
        if group:
            pupil.groups.add(group)
        if in_class:
            pupil.class_name, pupil.class_order = group_name, group_order
    return pupils


def _lessons(lessons: CalendarEventQuerySet, *, with_teachers: bool) -> list[Lesson]:
    groups = ActivityGroup.objects.filter(activity=OuterRef("activity")).values("group_id")
    rows = lessons.annotate(group_ids=ArraySubquery(groups), taken_of=F("roll_call__roster"))
    fields = ("pk", "activity__name", "room__name", "starts_at", "ends_at", "group_ids", "taken_of", *NAMES)
    if not with_teachers:
        return [Lesson(*row) for row in rows.order_by("starts_at", "activity__name", "pk").values_list(*fields[:-2])]
    named = registry.with_teacher_names(rows).order_by("starts_at", "activity__name", "pk").values_list(*fields)
    return [Lesson(*row[:-2], teachers=list(dict.fromkeys([*row[-2], *row[-1]]))) for row in named]


def _said(ids: Any, day: date) -> Any:
    """What is reported and granted for the day, and how the school's calls went, in one statement: pupil, from, until, kind, whole day."""
    opens, closes = days.bounds(day)
    fields = ("pupil_id", "starts_at", "ends_at", "kind", "whole_day")
    reported = ReportedDay.objects.standing().annotate(kind=Value(REPORT))
    granted = LeaveDay.objects.standing().annotate(
        starts_at=Value(opens), ends_at=Value(closes), kind=Value(LEAVE), whole_day=Value(value=True)
    )
    called = ContactAttempt.objects.annotate(
        starts_at=F("attempted_at"), ends_at=F("attempted_at"), kind=F("outcome"), whole_day=Value(value=False)
    )
    first, *rest = (rows.filter(day=day, pupil__in=ids).order_by().values_list(*fields) for rows in (reported, granted, called))
    return first.union(*rest, all=True)
