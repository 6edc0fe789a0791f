"""Today's school as its leaders see it: first who is not accounted for, then the lessons, then class by class."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from absence.models import UnitSettings
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import Guardianship, Person, ProtectedAccess, SchoolUnit, scope
from registry.models.organisation import SchoolUnitQuerySet
from registry.models.person import PersonQuerySet

from .day_facts import DayFacts, Lesson, PupilDay, Whereabouts, facts_of_unit, places_at


class Home(NamedTuple):
    """A guardian to call, with the numbers that the reader may see."""

    name: str
    phones: list[str]


@dataclass
class NotAccounted:
    """A pupil who has not arrived, about whom nobody has said anything."""

    pupil: PupilDay
    minutes: int  # since the pupil's first lesson began
    homes: list[Home] = field(default_factory=list)


@dataclass
class AwayNow:
    """Who is missing at the moment, and why."""

    pupil: PupilDay
    is_excused: bool
    is_leave: bool
    missed: list[Lesson]  # begun lessons that the pupil was away from when they ended


@dataclass
class ClassNow:
    """One class in figures and as a bar: shares of `total`, one beside the other."""

    name: str
    away: list[AwayNow] = field(default_factory=list)
    present: int = 0
    excused: int = 0
    missing: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.present + self.excused + self.missing + self.unknown

    @property
    def until_missing(self) -> int:
        return self.present + self.excused

    @property
    def until_unknown(self) -> int:
        return self.present + self.excused + self.missing


@dataclass
class LessonNow:
    lesson: Lesson
    minutes: int  # since it began
    absent: list[PupilDay] = field(default_factory=list)


@dataclass
class SchoolDay:
    not_accounted: list[NotAccounted]
    not_known: int  # pupils as far into their day of whom no roll-call tells whether they came
    unreported: list[LessonNow]  # begun, roll-call not taken; the oldest first
    going_on: list[LessonNow]  # with the roll-call taken
    classes: list[ClassNow]
    whole: ClassNow  # all classes together
    has_lessons: bool

    @property
    def subjects(self) -> set[UUID]:
        """Whom the page names."""
        named = {row.pupil.pk for row in self.not_accounted} | {pupil.pk for row in self.going_on for pupil in row.absent}
        return named | {row.pupil.pk for school_class in self.classes for row in school_class.away}


def overseen_units(units: SchoolUnitQuerySet, actor: Actor, day: date) -> SchoolUnitQuerySet:
    """Of `units` those whose day the actor follows: as leader (`leads`), or for a protected pupil there opened by name.

    Adds `missing_after`: minutes into the day before a pupil counts as not arrived.
    """
    places = ProtectedAccess.objects.filter(
        grantee_id=actor.person_id, revoked_at=None, person__enrolments__school_unit=OuterRef("pk"), person__enrolments__cancelled=False
    )
    settings = UnitSettings.objects.on(day).filter(school_unit=OuterRef("pk")).values("missing_after_minutes")[:1]
    default = UnitSettings().missing_after_minutes
    known = units.annotate(
        leads=Exists(SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor)).filter(pk=OuterRef("pk"))),
        missing_after=Coalesce(Subquery(settings), default),
    )
    return known.filter(Q(leads=True) | Exists(places))


def overseen_pupils(persons: PersonQuerySet, unit: SchoolUnit, actor: Actor, day: date) -> PersonQuerySet:
    """Of `persons` the unit's pupils of the day; for who does not lead it, only the protected opened by name."""
    pupils = persons.filter(pk__in=places_at(unit, day))
    if unit.leads:
        return pupils
    return pupils.filter(Exists(ProtectedAccess.objects.filter(person=OuterRef("pk"), grantee_id=actor.person_id, revoked_at=None)))


def school_day_of(persons: PersonQuerySet, unit: SchoolUnit, day: date, now: datetime) -> SchoolDay:
    """Four statements; `now` is the moment that is looked at, the end of the day for a day that has passed."""
    facts = facts_of_unit(persons, unit, day, with_teachers=unit.leads)
    classes, patience = _classes(facts, now), timedelta(minutes=unit.missing_after)
    begun = [LessonNow(lesson, _minutes(lesson.starts_at, now)) for lesson in facts.lessons if unit.leads and lesson.starts_at <= now]
    return SchoolDay(
        not_accounted=_not_accounted(facts, now, patience),
        not_known=sum(_is_due(pupil, now, patience) and pupil.whereabouts(now) is Whereabouts.UNKNOWN for pupil in facts.pupils),
        unreported=[row for row in begun if row.lesson.roster is None],
        going_on=_with_absent(facts, [row for row in begun if row.lesson.roster is not None and row.lesson.ends_at > now]),
        classes=classes,
        whole=_sum_of(classes),
        has_lessons=bool(facts.lessons),
    )


def _is_due(pupil: PupilDay, now: datetime, patience: timedelta) -> bool:
    return pupil.first_at is not None and now >= pupil.first_at + patience


def _not_accounted(facts: DayFacts, now: datetime, patience: timedelta) -> list[NotAccounted]:
    rows = []
    for pupil in facts.pupils:
        if pupil.first_at is None or not _is_due(pupil, now, patience) or pupil.has_arrived(now):
            continue
        if pupil.whereabouts(now) is Whereabouts.MISSING and not pupil.is_judged(now):
            rows.append(NotAccounted(pupil, _minutes(pupil.first_at, now)))
    return rows


def _classes(facts: DayFacts, now: datetime) -> list[ClassNow]:
    classes: dict[str, ClassNow] = {}
    for pupil in facts.by_class():
        row = classes.setdefault(pupil.class_name, ClassNow(pupil.class_name))
        state = pupil.whereabouts(now)
        setattr(row, state, getattr(row, state) + 1)
        if state in (Whereabouts.EXCUSED, Whereabouts.MISSING):
            missed = [lesson for lesson, away in pupil.seen(now) if away is not None and away.is_gone]
            row.away.append(AwayNow(pupil, state is Whereabouts.EXCUSED, any(excuse.is_leave for excuse in pupil.excuses), missed))
    return list(classes.values())


def _sum_of(classes: list[ClassNow]) -> ClassNow:
    counts = {state: sum(getattr(row, state) for row in classes) for state in Whereabouts}
    return ClassNow("", **{str(state): count for state, count in counts.items()})


def _with_absent(facts: DayFacts, rows: list[LessonNow]) -> list[LessonNow]:
    by_lesson = {row.lesson.pk: row for row in rows}
    for pupil in facts.pupils:
        for lesson, away in pupil.lessons:
            if away is not None and away.is_gone and lesson.pk in by_lesson:
                by_lesson[lesson.pk].absent.append(pupil)
    return rows


def _minutes(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds() // 60)


def with_homes(rows: list[NotAccounted], actor: Actor) -> list[NotAccounted]:
    """Adds whom to call; who was called about stands last. One statement.

    The pupils are the actor's to look after, as leader or named officer, and so are the numbers of their homes; a guardian
    who is protected is shown to those alone to whom that guardian was opened by name.
    """
    shown = Person.objects.filter(scope.not_shielded_from(actor)).order_by().values("pk")
    relations = Guardianship.objects.holding(days.today()).filter(child__in=[row.pupil.pk for row in rows], guardian__in=shown)
    numbers = ArrayAgg("guardian__phone_numbers__value", filter=Q(guardian__phone_numbers__isnull=False), default=Value([]))
    named = relations.annotate(numbers=numbers).order_by("guardian__sort_key", "pk")
    found = defaultdict(list)
    for child_id, *home in named.values_list("child_id", "guardian__shown_name", "numbers"):
        found[child_id].append(Home(*home))
    for row in rows:
        row.homes = found[row.pupil.pk]
    return sorted(rows, key=lambda row: (bool(row.pupil.calls), -row.minutes))
