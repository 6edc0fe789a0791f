"""Who is at school at this moment, for an evacuation and for the after-school centre; no reasons."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dexter.lib import days
from registry import reads as registry
from registry.models import Group, GroupMembership, SchoolUnit

from .day_facts import Excuse, PupilDay, Whereabouts, facts_of_pupils, facts_of_unit, places_at


@dataclass
class ClassPresent:
    """One class to count: those whom the latest roll-call saw, those about whom nothing is known, and the absent apart."""

    name: str
    present: list[PupilDay] = field(default_factory=list)
    unknown: list[PupilDay] = field(default_factory=list)
    absent: list[PupilDay] = field(default_factory=list)
    seen_at: datetime | None = None  # when the lesson of the latest roll-call began


def present_in(unit: SchoolUnit, now: datetime) -> list[ClassPresent]:
    """Every pupil of the unit by class, the protected under the agreed name, as a roll-call shows them. Four statements.

    Who was seen in the latest roll-call counts as present, whatever was reported for later: better one too many to look for.
    """
    day = days.day_of(now)
    classes: dict[str, ClassPresent] = {}
    for pupil in facts_of_unit(registry.shown_pupils(places_at(unit, day)), unit, day).by_class():
        row = classes.setdefault(pupil.class_name, ClassPresent(pupil.class_name))
        seen = pupil.seen(now)
        if seen:
            row.seen_at = max(row.seen_at or seen[-1][0].starts_at, seen[-1][0].starts_at)
        if seen and not (seen[-1][1] and seen[-1][1].is_gone):
            row.present.append(pupil)
        elif pupil.whereabouts(now) is Whereabouts.UNKNOWN:
            row.unknown.append(pupil)
        else:
            row.absent.append(pupil)
    return list(classes.values())


class AfterSchool(enum.StrEnum):
    """What the after-school centre learns of a pupil's day, and nothing more."""

    REPORTED = "reported"
    LEAVE = "leave"
    LEFT = "left"
    AWAY = "away"
    COMING = "coming"
    NO_LESSONS = "no_lessons"


@dataclass
class AfterSchoolRow:
    pupil: PupilDay
    state: AfterSchool
    at: datetime | None = None  # when the pupil left, or the day's last lesson ends
    reported: Excuse | None = None  # for a part of the day

    @property
    def is_away(self) -> bool:
        return self.state in {AfterSchool.REPORTED, AfterSchool.LEAVE, AfterSchool.LEFT, AfterSchool.AWAY}


def after_school_of(group: Group, now: datetime) -> list[AfterSchoolRow]:
    """The group's members of today in the order of names, the protected under the agreed name. Four statements."""
    day = days.day_of(now)
    members = GroupMembership.objects.on(day).filter(group=group).values("person_id")
    return [_row(pupil, now) for pupil in facts_of_pupils(members, day).pupils]


def _row(pupil: PupilDay, now: datetime) -> AfterSchoolRow:
    whole = next((excuse for excuse in pupil.excuses if excuse.whole_day), None)
    part = next((excuse for excuse in pupil.excuses if not excuse.whole_day), None)
    seen = pupil.seen(now)
    lesson, away = seen[-1] if seen else (None, None)
    if away is not None and lesson is not None and away.left_early:
        return AfterSchoolRow(pupil, AfterSchool.LEFT, lesson.ends_at - timedelta(minutes=away.left_early), part)
    if whole and (lesson is None or away is not None):
        return AfterSchoolRow(pupil, AfterSchool.LEAVE if whole.is_leave else AfterSchool.REPORTED)
    if away is not None and away.is_gone:
        return AfterSchoolRow(pupil, AfterSchool.AWAY, None, part)
    if pupil.last_at is None:
        return AfterSchoolRow(pupil, AfterSchool.NO_LESSONS, None, part)
    return AfterSchoolRow(pupil, AfterSchool.COMING, pupil.last_at, part)
