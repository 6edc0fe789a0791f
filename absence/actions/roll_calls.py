"""The teacher says who was there: saved once, corrected with a reason, locked after a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.actions import same_day
from absence.models import SEEN, Deviation, Reopening, RollCall, RollCallChange, UnitSettings
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry import reads as registry
from registry.models import CalendarEvent

Minutes = dict[str, int]  # by the names of SEEN, without those that are nothing


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
        """Raises ValidationError when it is more than the lesson has."""
        found = {"absent": lesson_minutes} if self.whole else {name: getattr(self, name) for name in SEEN if getattr(self, name)}
        if sum(found.values()) > lesson_minutes:
            raise ValidationError(_("More minutes are written than the lesson has (%(minutes)d).") % {"minutes": lesson_minutes})
        return found


@transaction.atomic
def take_roll_call(
    *, actor: Actor, lesson: CalendarEvent, marks: Mapping[UUID, Seen], version: int, submission: UUID, reason: str = ""
) -> RollCall:
    """Save what was seen of the pupils in `marks`; everybody else on the roster was present.

    `version` is that of the roll-call the form showed (0: not taken). The same `submission` again changes nothing.
    Raises Conflict when another version is stored, ValidationError (nothing saved) for ids that are not on the roster, for
    more minutes than there are, when the lesson is locked, or when a correction on a later day lacks its `reason`.
    """
    require(actor, "absence.take_roll_call", lesson)
    settings = reads.settings_at(lesson)
    roll_call = _opened(actor, lesson, settings, submission) if version == 0 else None
    is_new = roll_call is not None
    roll_call = roll_call or _stored(lesson)
    if not is_new and roll_call.submission == submission:
        return roll_call
    if not is_new and roll_call.version != version:
        raise Conflict
    _refuse_locked(lesson, settings)
    seen = _minutes(roll_call, marks)
    if is_new:
        Deviation.objects.bulk_create(_deviation(roll_call, pupil, minutes) for pupil, minutes in seen.items())
    else:
        _correct(actor, roll_call, seen, submission, reason)
    same_day.follow_up(lesson, seen if is_new else roll_call.roster)
    record(actor=actor, action="absence.take_roll_call", subjects=seen, object_id=lesson.pk, details={"version": roll_call.version})
    return roll_call


def _opened(actor: Actor, lesson: CalendarEvent, settings: UnitSettings, submission: UUID) -> RollCall | None:
    """The lesson's roll-call, made now with the roster of this moment; None when somebody was first."""
    roster = list(registry.roster_of(lesson).values_list("pk", flat=True))
    try:
        with transaction.atomic():
            return RollCall.objects.create(
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
    except IntegrityError:
        return None


def _stored(lesson: CalendarEvent) -> RollCall:
    stored = RollCall.objects.select_for_update().filter(lesson=lesson).first()
    if stored is None:
        raise Conflict
    return stored


def _refuse_locked(lesson: CalendarEvent, settings: UnitSettings) -> None:
    if reads.is_locked(lesson, settings):
        raise ValidationError(_("The roll-call is locked: the lesson was too long ago. An administrator of the school can open it again."))


def _minutes(roll_call: RollCall, marks: Mapping[UUID, Seen]) -> dict[UUID, Minutes]:
    if not set(marks) <= set(roll_call.roster):
        raise ValidationError(_("The list of pupils has changed. Nothing was saved: check the list and save again."))
    found = {pupil: seen.minutes(roll_call.lesson_minutes) for pupil, seen in marks.items()}
    return {pupil: minutes for pupil, minutes in found.items() if minutes}


def _correct(actor: Actor, roll_call: RollCall, seen: dict[UUID, Minutes], submission: UUID, reason: str) -> None:
    """Write what differs, and what was there before it; on a later day only with a reason."""
    before = {row.pupil_id: row.minutes for row in roll_call.deviations.all()}
    changed = sorted(pupil for pupil in before.keys() | seen.keys() if before.get(pupil) != seen.get(pupil))
    if changed and not reason and days.day_of(roll_call.lesson_starts_at) < days.today():
        raise ValidationError({"reason": _("Write why the roll-call is corrected.")})
    roll_call.taken_by_id, roll_call.taken_at, roll_call.submission = actor.person_id, days.now(), submission
    roll_call.version += 1
    roll_call.save(update_fields=["taken_by", "taken_at", "submission", "version"])
    if not changed:
        return
    Deviation.objects.filter(roll_call=roll_call, pupil__in=changed).delete()
    Deviation.objects.bulk_create(_deviation(roll_call, pupil, seen[pupil]) for pupil in changed if pupil in seen)
    RollCallChange.objects.bulk_create(
        RollCallChange(
            roll_call=roll_call,
            version=roll_call.version,
            pupil_id=pupil,
            changed_by_id=actor.person_id,
            changed_at=days.now(),
            reason=reason,
            before=before.get(pupil, {}),
            after=seen.get(pupil, {}),
        )
        for pupil in changed
    )


def _deviation(roll_call: RollCall, pupil: UUID, minutes: Minutes) -> Deviation:
    return Deviation(roll_call=roll_call, pupil_id=pupil, **{f"{name}_minutes": count for name, count in minutes.items()})


@transaction.atomic
def reopen_lesson(*, actor: Actor, lesson: CalendarEvent, reason: str, open_days: int) -> Reopening:
    """Open a locked lesson again for `open_days` days from today on; who may take its roll-call may then correct it."""
    require(actor, "absence.reopen_lesson", lesson)
    until = days.today() + timedelta(days=open_days - 1)
    opened = Reopening.objects.create(lesson=lesson, reopened_by_id=actor.person_id, reason=reason, open_until=until)
    record(actor=actor, action="absence.reopen_lesson", object_id=lesson.pk, details={"days": open_days})
    return opened
