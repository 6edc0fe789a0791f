"""Of which lessons the home is to be told today, what it has been told, and to whom it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from absence.models import Effective, MessageKind, NoticeTo, RollCallChange, SchoolFormRule, UnauthorisedDay, UnitSettings
from absence.models.effective import EffectiveQuerySet
from dexter.lib import days
from dexter.lib.written import Among, Written, slot
from registry.models import CalendarEvent, Enrolment, Guardianship, Person, PersonStatus, ProtectedAccess, SecurityMarking
from registry.models.relations import GuardianshipQuerySet

from .settings import settings_by_unit

TOLERANCE = timedelta(seconds=30)  # between the clocks of the machines that save, queue and send


def to_tell_of(day: date) -> EffectiveQuerySet:
    """Unauthorised time of `day` that nobody has said anything about, where the law wants the home to be told (7:17, 15:16).

    What is reported, even late, or on leave starts no notice unless the school has judged it unauthorised all the same.
    The form of schooling is that of the pupil's place at the lesson's school; where there is none, any of the day's places.
    """
    places = Enrolment.objects.on(day).filter(pupil=OuterRef("pupil"), cancelled=False)
    told = SchoolFormRule.objects.on(day).filter(of_age=False, notice_to=NoticeTo.GUARDIANS).values("school_type")
    here, owed = places.filter(school_unit=OuterRef("school_unit")), Q(school_type__in=told)
    silent = Q(verdict__isnull=True, reported_late=False, reported_minutes=0) | Q(verdict__isnull=False)
    rows = Effective.objects.filter(day=day, unauthorised_minutes__gt=0, pupil__birth_date__gt=days.born_after_to_be_minor(day))
    return rows.filter(silent).filter(Exists(here.filter(owed)) | (~Exists(here) & Exists(places.filter(owed))))


def work_after(lessons: Collection[UUID], pupils: Collection[UUID], day: date) -> set[str]:
    """What a change in `lessons` leads to: "tell" where there is something to tell of, "correct" where it may have been
    told wrongly. One statement."""
    return {what for (what,) in _work_after(day).ask(lessons=list(lessons), pupils=list(pupils))}


@lru_cache(maxsize=2)
def _work_after(day: date) -> Written:
    """Every save of a roll-call asks it."""
    lessons, pupils = [slot("lessons")], [slot("pupils")]
    tell = to_tell_of(day).filter(Among("lesson", lessons), Among("pupil", pupils)).order_by().annotate(what=Value("tell"))
    told = UnauthorisedDay.objects.on(day).filter(Among("pupil", pupils), told_lessons__overlap=lessons).order_by()
    both = tell.values_list("what").union(told.annotate(what=Value("correct")).values_list("what"))
    return Written(both, "lessons", "pupils")


def pupils_after(lessons: Collection[UUID], day: date) -> list[UUID]:
    """The pupils whose day is to be looked at after a change in `lessons`, in a fixed order."""
    tell = to_tell_of(day).filter(lesson__in=lessons).order_by().values_list("pupil_id")
    told = UnauthorisedDay.objects.on(day).filter(told_lessons__overlap=list(lessons)).order_by().values_list("pupil_id")
    return sorted(pupil for (pupil,) in tell.union(told))


class Lesson(NamedTuple):
    """One lesson of a pupil's day with unauthorised time."""

    id: UUID
    unit_id: UUID
    starts_at: datetime
    minutes: int  # unauthorised
    to_tell: bool
    marked_at: datetime  # when somebody last changed the pupil's mark


class NextMessage(NamedTuple):
    kind: MessageKind
    lessons: list[UUID]  # that stand as unauthorised now


@dataclass(frozen=True)
class DaySoFar:
    """A pupil's day as it stands at `now`, beside what the home was told."""

    now: datetime
    row: UnauthorisedDay | None
    lessons: list[Lesson]
    settings: dict[UUID, UnitSettings]

    @property
    def told(self) -> set[UUID]:
        return set(self.row.told_lessons) if self.row else set()

    @property
    def settled(self) -> list[Lesson]:
        """To be told of, and past the minutes in which a slip may be mended."""
        return [lesson for lesson in self.lessons if lesson.to_tell and self._is_settled(lesson)]

    def _is_settled(self, lesson: Lesson) -> bool:
        grace = timedelta(minutes=self.settings[lesson.unit_id].grace_minutes)
        return lesson.marked_at <= self.now - grace + TOLERANCE

    @property
    def waits(self) -> bool:
        return any(lesson.to_tell and not self._is_settled(lesson) for lesson in self.lessons)

    @property
    def is_past_cut_off(self) -> bool:
        return self.row is not None and self.now >= days.moment(self.row.day, self.settings[self.row.school_unit_id].cut_off_at)

    @property
    def may_close(self) -> bool:
        return self.row is not None and self.row.closed_at is None and self.is_past_cut_off and not self.waits

    def next_message(self) -> NextMessage | None:
        """The first while nothing stands as told; a correction when something told stands no more; from the cut-off on, once,
        the sum of what was added. What is added before the cut-off, or after the sum, goes to the page alone."""
        standing, told = {lesson.id for lesson in self.lessons}, self.told
        new = {lesson.id for lesson in self.settled} - told
        known = [lesson.id for lesson in self.lessons if lesson.id in told | new]
        if told - standing:
            return NextMessage(MessageKind.CORRECTION, known)
        if new and not told:
            return NextMessage(MessageKind.FIRST, known)
        return NextMessage(MessageKind.CLOSING, known) if new and self.may_close else None


def day_so_far(pupil_id: UUID, day: date, row: UnauthorisedDay | None) -> DaySoFar:
    """Three statements, two for a day without unauthorised time."""
    return days_so_far([pupil_id], day, [row] if row else [])[pupil_id]


def days_so_far(pupils: Collection[UUID], day: date, rows: Iterable[UnauthorisedDay]) -> dict[UUID, DaySoFar]:
    """The same for any number of pupils."""
    started = {row.pupil_id: row for row in rows}
    lessons = defaultdict(list)
    for pupil, lesson in _lessons(pupils, day):
        lessons[pupil].append(lesson)
    units = {lesson.unit_id for found in lessons.values() for lesson in found} | {row.school_unit_id for row in started.values()}
    settings = settings_by_unit(units, day)
    return {pupil: DaySoFar(days.now(), started.get(pupil), lessons[pupil], settings) for pupil in pupils}


def _lessons(pupils: Collection[UUID], day: date) -> Iterable[tuple[UUID, Lesson]]:
    rows = Effective.objects.filter(day=day, pupil__in=pupils, unauthorised_minutes__gt=0)
    to_tell = set(to_tell_of(day).filter(pupil__in=pupils).values_list("deviation_id", flat=True))
    changes = RollCallChange.objects.filter(roll_call=OuterRef("roll_call")).values("changed_at")
    own, earliest = changes.filter(pupil=OuterRef("pupil")).order_by("-changed_at")[:1], changes.order_by("changed_at")[:1]
    found = rows.annotate(marked_at=Coalesce(own, earliest, F("roll_call__taken_at")))  # the first save was before any change
    names = ("pupil_id", "deviation_id", "lesson_id", "school_unit_id", "lesson_starts_at", "unauthorised_minutes", "marked_at")
    for pupil, deviation, lesson, unit, starts_at, minutes, marked_at in found.order_by("lesson_starts_at", "lesson_id").values_list(
        *names
    ):
        yield pupil, Lesson(lesson, unit, starts_at, minutes, deviation in to_tell, marked_at)


def pupils_to_follow(day: date) -> list[UUID]:
    """Those for whom something is to be done now, whatever became of its job; some statements for any number of pupils."""
    rows = list(UnauthorisedDay.objects.on(day))
    pupils = {row.pupil_id for row in rows} | set(to_tell_of(day).order_by().values_list("pupil_id", flat=True))
    found = days_so_far(pupils, day, rows)
    return sorted(pupil for pupil, so_far in found.items() if so_far.next_message())


def guardianships_told(pupil_id: UUID, day: date) -> GuardianshipQuerySet:
    """The relations by which a home is told: those that hold on the day, not ended by hand, of living guardians.

    `with_access` on each: neither is protected, or the guardian was let in by name to a protected child. The others are
    phoned by who is named.
    """
    let_in = ProtectedAccess.objects.filter(person=OuterRef("child"), grantee=OuterRef("guardian"), revoked_at=None)
    open_child = Q(child__security_marking=SecurityMarking.NONE) | Q(Exists(let_in))
    rows = Guardianship.objects.holding(day).filter(child=pupil_id, child__birth_date__gt=days.born_after_to_be_minor(day))
    rows = rows.exclude(guardian__person_status=PersonStatus.DECEASED).select_related("guardian", "child")
    told: GuardianshipQuerySet = rows.annotate(with_access=Q(guardian__security_marking=SecurityMarking.NONE) & open_child).order_by(
        "guardian_id"
    )
    return told


def first_lesson_of(lessons: Collection[UUID]) -> CalendarEvent:
    return CalendarEvent.objects.filter(pk__in=lessons).select_related("activity").order_by("starts_at", "pk")[0]


def first_name(pupil: Person) -> str:
    """All that a message says of who it is about; nothing for the protected."""
    if pupil.is_protected:
        return ""
    return (pupil.agreed_name or pupil.given_name).split()[0]
