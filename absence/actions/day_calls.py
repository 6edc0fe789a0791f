"""The roll-call of a class once a day or half day: its minutes are spread over the lessons (docs/decisions: a class called for a day).

A lesson that was taken by itself is left alone. In the lessons that were called with the class, what the lesson's own page
changed for a pupil afterwards is an exception, and stays when the day is saved again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
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
    any number of pupils and lessons.
    """
    require(actor, "absence.take_day_call", ClassDay(group, day))
    _refuse_closed(day, part, reads.settings_of(group.school_unit_id, day))
    stored = reads.call_of(group, day, part)
    if stored and stored.submission == submission:
        return _of_the_same_form(actor, stored, submission, marks)
    if (stored.version if stored else 0) != version:
        raise Conflict
    lessons = list(reads.lessons_called(group, day, part))
    roster = reads.roster_called(group, day, lessons, stored)
    before, away = reads.marks_of(stored), _marked(marks, roster)
    call = _written(actor, stored or DayCall(group=group, day=day, part=part), submission)
    if call is None:
        return _of_the_same_form(actor, reads.call_of(group, day, part), submission, marks)
    _keep_marks(call, before, away)
    new = _open_lessons(actor, call, lessons, sorted(roster), away)
    _spread_over(call, lessons, new, before, away, reason)
    same_day.follow_up(lessons, roster if stored else away)
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


def _open_lessons(actor: Actor, call: DayCall, lessons: list[Any], roster: list[UUID], away: Mapping[UUID, Away]) -> set[UUID]:
    """Make the roll-calls that lack, and give their ids; a lesson that its teacher takes in this moment stays the teacher's."""
    made = []
    for lesson in lessons:
        if reads.stored_of(lesson) is None:
            roll_call = new_roll_call(actor, lesson, roster, call.submission)
            roll_call.day_call = call
            made.append(roll_call)
    RollCall.objects.bulk_create(made, ignore_conflicts=True)
    saved = set(RollCall.objects.filter(pk__in=[roll_call.pk for roll_call in made]).values_list("pk", flat=True)) if made else set()
    Deviation.objects.bulk_create(
        deviation(roll_call, pupil, minutes)
        for roll_call in made
        if roll_call.pk in saved
        for pupil, mark in away.items()
        if (minutes := _minutes(mark, call.day, roll_call))
    )
    return saved


def _minutes(mark: Away | None, day: date, roll_call: RollCall) -> Minutes:
    return reads.minutes_of(mark, day, roll_call.lesson_starts_at, roll_call.lesson_minutes)


def _spread_over(
    call: DayCall, lessons: Sequence[CalendarEvent], new: set[UUID], before: Mapping[UUID, Away], away: Mapping[UUID, Away], reason: str
) -> None:
    """Bring a changed mark into the lessons that still say what the mark before it said."""
    moved = [pupil for pupil in before.keys() | away.keys() if before.get(pupil) != away.get(pupil)]
    roll_calls = list(RollCall.objects.select_for_update().filter(day_call=call, lesson__in=lessons).exclude(pk__in=new).order_by("pk"))
    rows = Deviation.objects.filter(roll_call__in=roll_calls, pupil__in=moved) if roll_calls else []
    stored = {(row.roll_call_id, row.pupil_id): row.minutes for row in rows}
    changes = []
    for roll_call in roll_calls:
        for pupil in moved:
            old, new_minutes = _minutes(before.get(pupil), call.day, roll_call), _minutes(away.get(pupil), call.day, roll_call)
            if pupil in roll_call.roster and old != new_minutes and stored.get((roll_call.pk, pupil), {}) == old:
                changes.append((roll_call, pupil, old, new_minutes))
    _save_changes(call, changes, reason)


def _save_changes(call: DayCall, changes: list[tuple[RollCall, UUID, Minutes, Minutes]], reason: str) -> None:
    if not changes:
        return
    if not reason and call.day < days.today():
        raise ValidationError({"reason": _("Write why the roll-call is corrected.")})
    touched = {roll_call.pk: roll_call for roll_call, *_rest in changes}
    for roll_call in touched.values():
        roll_call.version += 1
        roll_call.taken_by_id, roll_call.taken_at = call.taken_by_id, call.taken_at
    saved = {"taken_by": call.taken_by_id, "taken_at": call.taken_at, "submission": call.submission}
    RollCall.objects.filter(pk__in=touched).update(version=F("version") + 1, **saved)
    write_changes(changes, reason)
