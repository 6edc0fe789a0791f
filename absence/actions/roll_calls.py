"""The teacher says who was there: saved once, corrected with a reason, locked after a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from absence import reads
from absence.actions import same_day
from absence.models import SEEN, Deviation, Reopening, RollCall, RollCallChange
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads as registry
from registry.models import CalendarEvent

Minutes = dict[str, int]  # by the names of SEEN, without those that are nothing
LONGEST_OPENED = 14  # days that a locked lesson is opened again


class Conflict(Exception):
    """Somebody else saved the roll-call meanwhile; nothing was changed."""


@dataclass(frozen=True)
class Seen:
    """What was seen of one pupil, in minutes of the lesson; `whole` is absence from all of it."""

    whole: bool = False
    absent: int = 0
    late: int = 0
    left_early: int = 0
    other: int = 0

    def minutes(self, lesson_minutes: int) -> Minutes:
        """Raises ValidationError when it is more than the lesson has, or all of it and a part at once."""
        found = {name: getattr(self, name) for name in SEEN if getattr(self, name)}
        if self.whole and found:
            raise ValidationError(_("Somebody is ticked as absent and has minutes too. Take away the one that is wrong."))
        if self.whole:
            return {"absent": lesson_minutes}
        if sum(found.values()) > lesson_minutes:
            raise ValidationError(_("More minutes are written than the lesson has (%(minutes)d).") % {"minutes": lesson_minutes})
        return found


@transaction.atomic
def take_roll_call(
    *, actor: Actor, lesson: CalendarEvent, marks: Mapping[UUID, Seen], version: int, submission: UUID, reason: str = ""
) -> RollCall:
    """Save what was seen of the pupils in `marks`; everybody else on the roster was present.

    `version` is that of the roll-call the form showed (0: not taken). The same form again changes nothing.
    Raises Conflict when another version is stored, or the same form with other marks; ValidationError (nothing saved) for ids
    that are not on the roster, for more minutes than there are, when the lesson is locked, or when a correction on a later
    day lacks its `reason`.
    A lesson that came with `reads.lessons_to_call` costs no statement for what is stored.
    """
    require(actor, "absence.take_roll_call", lesson)
    stored = reads.stored_of(lesson)
    if stored and stored.roll_call.submission == submission:
        return _of_the_same_form(actor, stored, submission, marks)
    if (stored.roll_call.version if stored else 0) != version:
        raise Conflict
    _refuse_locked(lesson)
    roll_call = stored.roll_call if stored else _new(actor, lesson, submission)
    seen = _minutes(roll_call, marks)
    if not (_is_renewed(actor, roll_call, stored.minutes, seen, submission, reason) if stored else _is_opened(roll_call, seen)):
        return _of_the_same_form(actor, reads.stored_of(CalendarEvent.objects.get(pk=lesson.pk)), submission, marks)
    same_day.follow_up(lesson, roll_call.roster if stored else seen)
    record(actor=actor, action="absence.take_roll_call", subjects=seen, object_id=lesson.pk, details={"version": roll_call.version})
    return roll_call


@transaction.atomic
def take_double_lesson(
    *, actor: Actor, lesson: CalendarEvent, marks: Mapping[UUID, Seen], version: int, submission: UUID, reason: str = ""
) -> RollCall:
    """Take a lesson and, where it is not taken yet, the other half of it: who was away to the end stays away, the others are there.

    Both or none; later each is corrected by itself. Raises as `take_roll_call`.
    """
    second = reads.other_half(lesson, actor)
    given: dict[str, Any] = {"marks": marks, "version": version, "submission": submission, "reason": reason}
    if second is None:
        return take_roll_call(actor=actor, lesson=lesson, **given)
    saved = take_roll_call(actor=actor, lesson=lesson, **given)
    carried = {pupil: kept for pupil, seen in marks.items() if (kept := _carried(seen, lesson, second))}
    take_roll_call(actor=actor, lesson=second, marks=carried, version=0, submission=submission)
    return saved


def _carried(seen: Seen, first: CalendarEvent, second: CalendarEvent) -> Seen | None:
    """What a break leaves of it: who was gone when it began is gone after it."""
    if seen.whole or seen.left_early or seen.absent == first.minutes:
        return Seen(whole=True)
    return Seen(other=second.minutes) if seen.other == first.minutes else None


def _new(actor: Actor, lesson: CalendarEvent, submission: UUID) -> RollCall:
    """The lesson's roll-call with the roster of this moment, not saved yet."""
    return new_roll_call(actor, lesson, list(registry.roster_of(lesson).values_list("pk", flat=True)), submission)


def new_roll_call(actor: Actor, lesson: CalendarEvent, roster: list[UUID], submission: UUID) -> RollCall:
    """Not saved: roster, time and what counts at the school as they are now."""
    settings = reads.settings_at(lesson)
    return RollCall(
        lesson=lesson,
        school_unit_id=lesson.activity.school_unit_id,
        taken_by_id=actor.person_id,
        taken_at=days.now(),
        submission=submission,
        roster=roster,
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=lesson.minutes,
        late_is_unauthorised=settings.late_is_unauthorised,
        reports_are_judged=settings.reports_are_judged,
    )


def _is_opened(roll_call: RollCall, seen: dict[UUID, Minutes]) -> bool:
    """Save the first roll-call of a lesson; False when somebody was first."""
    try:
        with transaction.atomic():
            roll_call.save(force_insert=True)
    except IntegrityError:
        return False
    Deviation.objects.bulk_create(deviation(roll_call, pupil, minutes) for pupil, minutes in seen.items())
    return True


def _of_the_same_form(actor: Actor, stored: reads.Stored | None, submission: UUID, marks: Mapping[UUID, Seen]) -> RollCall:
    """What is saved, if it came from this very form; raises Conflict where somebody else saved it, or with other marks."""
    if stored is None or (stored.roll_call.submission, stored.roll_call.taken_by_id) != (submission, actor.person_id):
        raise Conflict
    if _minutes(stored.roll_call, marks) != stored.minutes:
        raise Conflict
    return stored.roll_call


def _refuse_locked(lesson: CalendarEvent) -> None:
    if reads.is_locked(lesson, reads.settings_at(lesson)):
        raise ValidationError(_("The roll-call is locked: the lesson was too long ago. An administrator of the school can open it again."))


def _minutes(roll_call: RollCall, marks: Mapping[UUID, Seen]) -> dict[UUID, Minutes]:
    if not set(marks) <= set(roll_call.roster):
        raise ValidationError(_("The list of pupils has changed. Nothing was saved: check the list and save again."))
    found = {pupil: seen.minutes(roll_call.lesson_minutes) for pupil, seen in marks.items()}
    return {pupil: minutes for pupil, minutes in found.items() if minutes}


def _is_renewed(
    actor: Actor, roll_call: RollCall, before: Mapping[UUID, Minutes], seen: dict[UUID, Minutes], submission: UUID, reason: str
) -> bool:
    """Write what differs, and what was there before it; on a later day only with a reason. False when somebody was first."""
    changed = sorted(pupil for pupil in before.keys() | seen.keys() if before.get(pupil) != seen.get(pupil))
    if changed and not reason and days.day_of(roll_call.lesson_starts_at) < days.today():
        raise ValidationError({"reason": _("Write why the roll-call is corrected.")})
    shown = RollCall.objects.filter(pk=roll_call.pk, version=roll_call.version)
    roll_call.taken_by_id, roll_call.taken_at, roll_call.submission = actor.person_id, days.now(), submission
    roll_call.version += 1
    saved = {"taken_by": actor.person_id, "taken_at": roll_call.taken_at, "submission": submission, "version": roll_call.version}
    if not shown.update(**saved):
        return False
    write_changes([(roll_call, pupil, before.get(pupil, {}), seen.get(pupil, {})) for pupil in changed], reason)
    return True


def write_changes(changes: Sequence[tuple[RollCall, UUID, Minutes, Minutes]], reason: str) -> None:
    """Store new minutes for pupils of roll-calls whose version was counted up, and the old ones as history; three statements.

    A changed row is a new row: who judges what the roll-call said before is told.
    """
    gone: dict[UUID, list[UUID]] = {}
    for roll_call, pupil, before, _after in changes:
        if before:
            gone.setdefault(roll_call.pk, []).append(pupil)
    if gone:
        Deviation.objects.filter(reduce(or_, [Q(roll_call=key, pupil__in=pupils) for key, pupils in gone.items()])).delete()
    rows = [deviation(roll_call, pupil, after) for roll_call, pupil, _before, after in changes if after]
    Deviation.objects.bulk_create(rows)
    RollCallChange.objects.bulk_create(
        RollCallChange(
            roll_call=roll_call,
            version=roll_call.version,
            pupil_id=pupil,
            changed_by_id=roll_call.taken_by_id,
            changed_at=roll_call.taken_at,
            reason=reason,
            before=before,
            after=after,
        )
        for roll_call, pupil, before, after in changes
    )


def deviation(roll_call: RollCall, pupil: UUID, minutes: Minutes) -> Deviation:
    return Deviation(roll_call=roll_call, pupil_id=pupil, **{f"{name}_minutes": count for name, count in minutes.items()})


@transaction.atomic
def reopen_lesson(*, actor: Actor, lesson: CalendarEvent, reason: str, open_days: int) -> Reopening:
    """Open a locked lesson again for `open_days` (1 to 14) days from today on; who may take its roll-call may then correct it."""
    require(actor, "absence.reopen_lesson", lesson)
    if not 1 <= open_days <= LONGEST_OPENED:
        raise ValidationError({"open_days": _("Open it for 1 to %(days)d days.") % {"days": LONGEST_OPENED}})
    if not reads.is_locked(lesson, reads.settings_at(lesson)):
        raise ValidationError(_("The lesson is open already."))
    until = days.today() + timedelta(days=open_days - 1)
    opened = Reopening.objects.create(lesson=lesson, reopened_by_id=actor.person_id, reason=reason, open_until=until)
    record(actor=actor, action="absence.reopen_lesson", object_id=lesson.pk, details={"days": open_days})
    return opened
