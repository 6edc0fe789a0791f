"""A lesson with all that its roll-call needs, in the lesson's own statement: what is stored, who may take it, the school's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, Max, OuterRef, Q, Subquery, UUIDField, Value
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from absence.models import SEEN, Deviation, Reopening, RollCall
from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.models import period_holds
from dexter.lib.written import Written, slot
from registry import reads as registry
from registry.models import CalendarEvent, Duty, DutyRole, scope
from registry.models.teaching import CalendarEventQuerySet

from .settings import with_settings

Minutes = dict[str, int]  # by the names of SEEN, without those that are nothing
LONGEST_BREAK = timedelta(minutes=15)  # between the two halves of a double lesson
KEPT = ("id", "version", "submission", "taken_by", "lesson_minutes", "day_call")


@dataclass(frozen=True)
class Stored:
    """A roll-call as it stands: by pupil the minutes of each deviation, as history keeps them."""

    roll_call: RollCall
    minutes: Mapping[UUID, Minutes] = field(default_factory=dict)
    taken_by: str = ""


@scope.for_the_day
def lessons_to_call(actor: Actor) -> CalendarEventQuerySet:
    """The lessons that the actor sees, each with all that page and save of its roll-call ask for."""
    return with_stored(with_rights(with_settings(CalendarEvent.objects.visible_to(actor)), actor)).with_activity()


def lesson_to_call(actor: Actor, pk: UUID) -> CalendarEvent | None:
    """The same of one lesson, as every page and save of a roll-call asks it; None: there is none, or not for the actor."""
    found: list[CalendarEvent] = _one_to_call(replace(actor, person_id=slot("actor")), days.today()).ask(actor=actor.person_id, lesson=pk)
    return found[0] if found else None


@lru_cache(maxsize=16)
def _one_to_call(somebody: Actor, _day: date) -> Written:
    """By role and level."""
    return Written(lessons_to_call(somebody).filter(pk=slot("lesson")).order_by(), "actor", "lesson")


def with_rights(lessons: CalendarEventQuerySet, actor: Actor) -> CalendarEventQuerySet:
    """Adds, for the rules, whether this actor holds the lesson or keeps the unit's office; `asked_by` says for whom it holds."""
    office = Duty.objects.filter(period_holds(days.today()), person=actor.person_id, duty_role=DutyRole.ADMINISTRATOR)
    asked_by = Value(actor.person_id, output_field=UUIDField())
    held = ExpressionWrapper(Q(cancelled=False) & registry.held_by(actor), output_field=BooleanField())
    return lessons.annotate(asked_by=asked_by, is_held=held, in_office=Exists(office.filter(school_unit=OuterRef("activity__school_unit"))))


def with_stored(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds `stored_held` and `reopened_until`, read by `stored_of` and `reopened`."""
    seen = JSONObject(pupil="pupil_id", **{name: f"{name}_minutes" for name in SEEN})
    rows = ArraySubquery(Deviation.objects.filter(roll_call=OuterRef("pk")).values(found=seen))
    times = {"taken_at": "taken_at", "lesson_starts_at": "lesson_starts_at", "roster": "roster", "name": "taken_by__shown_name"}
    kept = JSONObject(rows=rows, **times, **{name: name for name in KEPT})
    roll_call = RollCall.objects.filter(lesson=OuterRef("pk")).values(held=kept)[:1]
    opened = Reopening.objects.filter(lesson=OuterRef("pk")).order_by("-open_until").values("open_until")[:1]
    return lessons.annotate(stored_held=Subquery(roll_call), reopened_until=Subquery(opened))


def stored_of(lesson: Any) -> Stored | None:
    """Of a lesson that came with `with_stored`; else by a statement. None: not taken."""
    if not hasattr(lesson, "stored_held"):
        lesson = with_stored(CalendarEvent.objects.all()).get(pk=lesson.pk)
    held = lesson.stored_held
    if held is None:
        return None
    keys = {name: UUID(held[name]) for name in ("id", "submission")}
    moments = {name: parse_datetime(held[name]) for name in ("taken_at", "lesson_starts_at")}
    roll_call = RollCall(
        lesson_id=lesson.pk,
        taken_by_id=UUID(held["taken_by"]),
        day_call_id=held["day_call"] and UUID(held["day_call"]),
        version=held["version"],
        lesson_minutes=held["lesson_minutes"],
        roster=[UUID(key) for key in held["roster"]],
        **keys,
        **moments,
    )
    minutes = {UUID(row["pupil"]): {name: row[name] for name in SEEN if row[name]} for row in held["rows"]}
    return Stored(roll_call, minutes, held["name"])


def reopened_until(lesson: Any) -> date | None:
    """The last day on which a lesson is open again, or None."""
    until: date | None
    if hasattr(lesson, "reopened_until"):
        until = lesson.reopened_until
    else:
        until = Reopening.objects.filter(lesson=lesson).aggregate(last=Max("open_until"))["last"]
    return until


def other_half(lesson: CalendarEvent, actor: Actor) -> CalendarEvent | None:
    """The same activity again after a short break, the actor's to take and not taken yet."""
    again = lessons_to_call(actor).filter(Q(is_held=True) | Q(in_office=True), cancelled=False, roll_call=None)
    after = (lesson.ends_at, lesson.ends_at + LONGEST_BREAK)
    return again.filter(activity=lesson.activity_id, day=lesson.day, starts_at__range=after).order_by("starts_at").first()
