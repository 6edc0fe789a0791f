"""The home is told the same day of absence that nobody excused (skollagen 7:17, 15:16), and of what was wrong in it.

The chain, each link a commit: the roll-call with a job for after the grace minutes; the day with its notices and their
jobs; each delivery (`dexter.notices`). `follow_day` decides from what stands in the database alone, so that it may run at
any time and any number of times; `absence.tasks.same_day.follow_days` finds every day whose job was lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import CallOutcome, HomeNotice, MessageKind, PhoneCall, TeacherReminder, UnauthorisedDay
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, System, require
from dexter.lib.queue import defer
from dexter.notices.actions import queue_notice
from dexter.notices.models import Channel
from registry import reads as registry
from registry.models import CalendarEvent

from .submissions import refuse_other

TASK = "absence.tasks.same_day.follow_lessons"


def follow_up(lessons: CalendarEvent | Collection[CalendarEvent], pupils: Iterable[UUID]) -> None:
    """To be called inside the transaction of every change that may make time unauthorised, or no longer: what was seen of
    `pupils`, judged or granted in `lessons`.

    Queues a look at their day after the grace minutes where there is something to tell, at once where something told may
    be wrong. No statement without pupils or for another day than today, else one, and one for each job.
    """
    chosen = [lessons] if isinstance(lessons, CalendarEvent) else lessons
    today = [lesson for lesson in chosen if lesson.day == days.today()]
    ids = list(pupils)
    work = reads.work_after([lesson.pk for lesson in today], ids, days.today()) if today and ids else set()
    if "correct" in work:
        defer(TASK, lessons=_keys(today))
    if "tell" in work:
        look_after_grace(today)


def look_after_grace(lessons: Collection[CalendarEvent]) -> None:
    """What `follow_up` does where somebody is away from lessons that were never called before: nothing told can be wrong, and
    the look itself finds whether there is something to tell. One statement; none for another day than today."""
    today = [lesson for lesson in lessons if lesson.day == days.today()]
    if today:
        grace = timedelta(minutes=max(reads.settings_at(lesson).grace_minutes for lesson in today))
        defer(TASK, not_before=days.now() + grace if grace else None, lessons=_keys(today))


def _keys(lessons: Iterable[CalendarEvent]) -> str:
    return " ".join(str(lesson.pk) for lesson in lessons)


@transaction.atomic
def follow_day(*, pupil_id: UUID, day: date) -> MessageKind | None:
    """Queue the message that a pupil's day calls for now, if any, to every guardian; gives its kind.

    Nothing on another day than today. Guardians without access, or without an address, get a notice without a delivery:
    it stands on the phone list at once.
    """
    if day != days.today():
        return None
    row = UnauthorisedDay.objects.select_for_update().filter(pupil=pupil_id, day=day).first()
    message = reads.day_so_far(pupil_id, day, row).next_message()
    if message is None:
        return None
    row = row or _started(pupil_id, day, message)
    if row is None:
        return None
    told = _queued(row, message)
    record(
        actor=System(), action="absence.tell_home", subjects=[pupil_id], object_id=row.pk, details={"kind": message.kind, "notices": told}
    )
    return message.kind


def _started(pupil_id: UUID, day: date, message: reads.NextMessage) -> UnauthorisedDay | None:
    """The day's row; None when another worker makes it at this moment, and with it the message."""
    lesson = reads.first_lesson_of(message.lessons)
    unit = lesson.activity.school_unit_id
    try:
        with transaction.atomic():
            return UnauthorisedDay.objects.create(
                pupil_id=pupil_id, day=day, school_unit_id=unit, first_lesson=lesson, started_at=days.now()
            )
    except IntegrityError:
        return None


def _queued(row: UnauthorisedDay, message: reads.NextMessage) -> int:
    """How many guardians are told."""
    row.messages, row.told_lessons = row.messages + 1, message.lessons
    row.corrected_at = days.now() if message.kind == MessageKind.CORRECTION else row.corrected_at
    row.closed_at = days.now() if message.kind == MessageKind.CLOSING else row.closed_at
    row.save(update_fields=["messages", "told_lessons", "corrected_at", "closed_at"])
    relations = list(reads.guardianships_told(row.pupil_id, row.day))
    ways = registry.ways_to_tell([relation.guardian_id for relation in relations])
    for relation in relations:
        way = ways[relation.guardian_id]
        addresses = way.addresses if relation.with_access else {}
        notice = queue_notice("absence.same_day", relation.guardian_id, addresses, {"day": str(row.pk)}, wish=way.wish)
        HomeNotice.objects.create(
            unauthorised_day=row,
            number=row.messages,
            kind=message.kind,
            guardian_id=relation.guardian_id,
            notice=notice,
            queued_at=days.now(),
            told_lessons=message.lessons,
        )
    return len(relations)


@transaction.atomic
def remind_teacher(*, teacher_id: UUID, day: date) -> TeacherReminder | None:
    """Write to the teacher's work address of the day's lessons without roll-call; once a day, only on the day itself."""
    if day != days.today() or TeacherReminder.objects.filter(teacher=teacher_id, day=day).exists():
        return None
    address = registry.work_email(teacher_id)
    try:
        with transaction.atomic():
            notice = queue_notice("absence.unreported_lessons", teacher_id, {Channel.EMAIL: address}, {"day": day.isoformat()})
            reminder = TeacherReminder.objects.create(teacher_id=teacher_id, day=day, notice=notice)
    except IntegrityError:
        return None
    record(actor=System(), action="absence.remind_teacher", subjects=[teacher_id], object_id=reminder.pk)
    return reminder


@transaction.atomic
def record_call(*, actor: Actor, home_notice: HomeNotice, outcome: str, submission: UUID) -> PhoneCall:
    """Write down that somebody phoned the guardian, and how it went; the latest outcome holds. The same form again changes nothing.

    Raises ValidationError on another day than that of the notice, when the home can no longer be told the same day, and for a
    form that was sent before about another call.
    """
    require(actor, "absence.phone_homes")
    day = home_notice.unauthorised_day
    if day.day != days.today():
        raise ValidationError(_("That day is over. What is phoned now does not belong to it."))
    values = {"home_notice": home_notice, "called_by_id": actor.person_id, "outcome": CallOutcome(outcome)}
    call, is_new = PhoneCall.objects.get_or_create(submission=submission, defaults={**values, "called_at": days.now()})
    if not is_new:
        refuse_other(call, values)
    else:
        subjects = [day.pupil_id, home_notice.guardian_id]
        record(actor=actor, action="absence.record_call", subjects=subjects, object_id=call.pk, details={"outcome": outcome})
    return call
