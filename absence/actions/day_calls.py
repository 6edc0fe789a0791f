"""The roll-call of a class once a day or half day: its minutes are spread over the lessons (docs/decisions: a class called for a day).

A lesson that was taken by itself is left alone. In the lessons that were called with the class, what the lesson's own page
changed for a pupil afterwards is an exception, and stays when the day is saved again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from absence import reads
from absence.actions import same_day
from absence.models import DayCall, DayMark, DayPart, Deviation, RollCall, UnitSettings
from absence.reads import Away, ClassDay
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import CalendarEvent, Group

from .roll_calls import Conflict, Minutes, deviation, new_roll_call, write_changes


@dataclass(frozen=True)
class AwayFromDay:
    """What the form says of one pupil; `whole` is absence from all of it."""

    whole: bool = False
    came_at: time | None = None
    left_at: time | None = None

    def away(self) -> Away:
        """Raises ValidationError when it is all of the day and a part at once, or no time at all."""
        if self.whole and (self.came_at or self.left_at):
            raise ValidationError(_("Somebody is ticked as absent and has times too. Take away the one that is wrong."))
        if self.came_at and self.came_at == self.left_at:
            raise ValidationError(_("Somebody came and left at the same time. Take away the one that is wrong."))
        return Away(self.came_at, self.left_at)


@transaction.atomic
def take_day_call(
    *,
    actor: Actor,
    group: Group,
    day: date,
    part: DayPart,
    marks: Mapping[UUID, AwayFromDay],
    version: int,
    submission: UUID,
    reason: str = "",
) -> DayCall:
    """Save who of a class was away and when; everybody else was present. Each lesson of the class alone gets its roll-call.

    `version`, `submission`, `reason` and what is raised: as in `take_roll_call`. The number of statements is the same for
    any number of pupils and lessons; a class that came with `reads.with_call` costs none for what stands.
    """
    require(actor, "absence.take_day_call", ClassDay(group, day))
    _refuse_closed(day, part, reads.settings_of_class(group, day))
    called = reads.called_so_far(group, day, part)
    stored, before = called.call, called.marks
    if stored and stored.submission == submission:
        return _of_the_same_form(actor, stored, submission, marks)
    if (stored.version if stored else 0) != version:
        raise Conflict
    lessons = list(reads.lessons_called(group, day, part))
    roster = reads.roster_frozen(lessons, stored) or reads.members_of_class(group, day)
    away = _marked(marks, roster)
    call = _written(actor, stored or DayCall(group=group, day=day, part=part), submission)
    if call is None:
        return _of_the_same_form(actor, reads.call_of(group, day, part), submission, marks)
    _keep_marks(call, before, away)
    _open_lessons(actor, call, lessons, sorted(roster), away)
    if stored:
        _spread_over(call, lessons, before, away, reason)
    if stored:
        same_day.follow_up(lessons, roster)
    elif away:
        same_day.look_after_grace(lessons)
    record(actor=actor, action="absence.take_day_call", subjects=away, object_id=call.pk, details={"version": call.version})
    return call


def _refuse_closed(day: date, part: DayPart, settings: UnitSettings) -> None:
    if part not in reads.PARTS[settings.roll_call_mode]:
        raise ValidationError(_("The school does not call its classes this way that day. Take the roll-call of each lesson."))
    if (days.today() - day).days > settings.open_days:
        raise ValidationError(
            _("The day is locked: it was too long ago. An administrator can open a lesson again, to be corrected by itself.")
        )


def _marked(marks: Mapping[UUID, AwayFromDay], roster: set[UUID]) -> dict[UUID, Away]:
    if not set(marks) <= roster:
        raise ValidationError(_("The list of pupils has changed. Nothing was saved: check the list and save again."))
    return {pupil: mark.away() for pupil, mark in marks.items()}


def _written(actor: Actor, call: DayCall, submission: UUID) -> DayCall | None:
    """The call under its next version; None when somebody was first."""
    is_new, shown = call._state.adding, DayCall.objects.filter(pk=call.pk, version=call.version)
    call.taken_by_id, call.taken_at, call.submission = actor.person_id, days.now(), submission
    if is_new:
        try:
            with transaction.atomic():
                call.save(force_insert=True)
        except IntegrityError:
            return None
        return call
    call.version += 1
    saved = {"taken_by": actor.person_id, "taken_at": call.taken_at, "submission": submission, "version": call.version}
    return call if shown.update(**saved) else None


def _of_the_same_form(actor: Actor, stored: DayCall | None, submission: UUID, marks: Mapping[UUID, AwayFromDay]) -> DayCall:
    """As in `take_roll_call`."""
    if stored is None or (stored.submission, stored.taken_by_id) != (submission, actor.person_id):
        raise Conflict
    if reads.marks_of(stored) != {pupil: mark.away() for pupil, mark in marks.items()}:
        raise Conflict
    return stored


def _keep_marks(call: DayCall, before: Mapping[UUID, Away], away: Mapping[UUID, Away]) -> None:
    gone = before.keys() - away.keys()
    if gone:
        DayMark.objects.filter(day_call=call, pupil__in=gone).delete()
    rows = [DayMark(day_call=call, pupil_id=pupil, **vars(mark)) for pupil, mark in away.items() if mark != before.get(pupil)]
    DayMark.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day_call", "pupil"], update_fields=["came_at", "left_at"])


def _open_lessons(actor: Actor, call: DayCall, lessons: list[Any], roster: list[UUID], away: Mapping[UUID, Away]) -> None:
    """Make the roll-calls that lack; a lesson that its teacher takes in this moment stays the teacher's."""
    made = []
    for lesson in lessons:
        if reads.stored_of(lesson) is None:
            roll_call = new_roll_call(actor, lesson, roster, call.submission)
            roll_call.day_call = call
            made.append(roll_call)
    Deviation.objects.bulk_create(
        deviation(roll_call, pupil, minutes)
        for roll_call in _saved(made)
        for pupil, mark in away.items()
        if (minutes := _minutes(mark, call.day, roll_call))
    )


def _saved(made: list[RollCall]) -> list[RollCall]:
    """Those of `made` that are in the database now: all, but where somebody was first."""
    try:
        with transaction.atomic():
            return RollCall.objects.bulk_create(made)
    except IntegrityError:
        RollCall.objects.bulk_create(made, ignore_conflicts=True)
        kept = set(RollCall.objects.filter(pk__in=[row.pk for row in made]).values_list("pk", flat=True))
        return [row for row in made if row.pk in kept]


def _minutes(mark: Away | None, day: date, roll_call: RollCall) -> Minutes:
    return reads.minutes_of(mark, day, roll_call.lesson_starts_at, roll_call.lesson_minutes)


def _spread_over(
    call: DayCall, lessons: Sequence[CalendarEvent], before: Mapping[UUID, Away], away: Mapping[UUID, Away], reason: str
) -> None:
    """Bring a changed mark into the lessons that still say what the mark before it said."""
    moved = [pupil for pupil in before.keys() | away.keys() if before.get(pupil) != away.get(pupil)]
    changes = []
    for kept in filter(None, map(reads.stored_of, lessons)):
        if not reads.is_of(kept, call):
            continue
        roll_call = kept.roll_call
        for pupil in set(moved) & set(roll_call.roster):
            old, new = _minutes(before.get(pupil), call.day, roll_call), _minutes(away.get(pupil), call.day, roll_call)
            if old != new and kept.minutes.get(pupil, {}) == old:
                changes.append((roll_call, pupil, old, new))
    _save_changes(call, changes, reason)


def _save_changes(call: DayCall, changes: list[tuple[RollCall, UUID, Minutes, Minutes]], reason: str) -> None:
    """Raises Conflict when somebody saved one of the lessons since it was read."""
    if not changes:
        return
    if not reason and call.day < days.today():
        raise ValidationError({"reason": _("Write why the roll-call is corrected.")})
    touched = {roll_call.pk: roll_call for roll_call, *_rest in changes}
    as_read = reduce(or_, [Q(pk=key, version=roll_call.version) for key, roll_call in touched.items()])
    saved = {"taken_by": call.taken_by_id, "taken_at": call.taken_at, "submission": call.submission}
    if RollCall.objects.filter(as_read).update(version=F("version") + 1, **saved) != len(touched):
        raise Conflict
    for roll_call in touched.values():
        roll_call.version += 1
        roll_call.taken_by_id, roll_call.taken_at = call.taken_by_id, call.taken_at
    write_changes(changes, reason)
