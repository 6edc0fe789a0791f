"""What the tests of the same-day notice share: a school day that is played through, with real ways out."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from absence.actions import roll_calls
from absence.actions.roll_calls import Seen
from absence.models import HomeNotice, RollCall
from absence.tasks import same_day as absence
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from dexter.notices import tasks as notices
from dexter.notices.models import Delivery, DeliveryState
from registry.models import CalendarEvent

TASKS = {
    "absence.tasks.same_day.follow_lessons": absence.follow_lessons,
    "dexter.notices.tasks.send_notice": notices.send_notice,
}


class SchoolDay:
    """A clock, a teacher and a worker. `lose_jobs` makes the worker forget what was queued, as a killed one does."""

    def __init__(self, cast: Any, day: Any = None) -> None:
        self.cast, self.day = cast, day or days.today()
        self.traveller = time_machine.travel(days.moment(self.day, time(7, 30)), tick=False)
        self.clock = self.traveller.start()
        self.done: set[int] = set(ProcrastinateJob.objects.values_list("pk", flat=True))

    def at(self, hour: int, minute: int = 0) -> SchoolDay:
        """Move on to that time of the day; the worker does meanwhile what falls due, in its order, and the schedules tick."""
        self.until(days.moment(self.day, time(hour, minute)))
        return self

    def until(self, moment: datetime) -> None:
        while (due := self._next(moment)) is not None:
            self.clock.move_to(max(due, days.now()))
            self.work()
        self.clock.move_to(moment)
        self.work()

    def _next(self, moment: datetime) -> datetime | None:
        now = days.now()
        times = [job.scheduled_at or now for job in self._jobs()]
        quarter = now.replace(second=0, microsecond=0) + timedelta(minutes=15 - now.minute % 15)
        due = min([*times, quarter])
        return due if due <= moment else None

    def _jobs(self) -> list[ProcrastinateJob]:
        return list(ProcrastinateJob.objects.filter(task_name__in=TASKS).exclude(pk__in=self.done).order_by("pk"))

    def work(self) -> None:
        """All jobs that are due, also those that they queue; at a quarter of an hour the schedules first."""
        if days.now().minute % 15 == 0:
            self.tick()
        while ready := [job for job in self._jobs() if job.scheduled_at is None or job.scheduled_at <= days.now()]:
            for job in ready:
                self.done.add(job.pk)
                TASKS[job.task_name](**job.args)

    def tick(self) -> None:
        absence.follow_days(timestamp=0)
        notices.sweep_notices(timestamp=0)

    def lose_jobs(self) -> None:
        self.done |= {job.pk for job in self._jobs()}

    def sleep_until(self, hour: int, minute: int = 0) -> SchoolDay:
        """The worker is down meanwhile."""
        self.clock.move_to(days.moment(self.day, time(hour, minute)))
        return self

    def mark(self, who: str, lesson: CalendarEvent, reason: str = "", **pupils: Seen | int) -> RollCall:
        """`who` saves the roll-call: `sami=Seen(late=5)`, or minutes absent; the others are there."""
        marks = {self.cast.id(key): seen if isinstance(seen, Seen) else Seen(absent=seen) for key, seen in pupils.items()}
        stored = RollCall.objects.filter(lesson=lesson).first()
        return roll_calls.take_roll_call(
            actor=Actor(self.cast.id(who), Role.STAFF, Level.TWO_FACTOR),
            lesson=CalendarEvent.objects.with_activity().get(pk=lesson.pk),
            marks=marks,
            version=stored.version if stored else 0,
            submission=uuid.uuid4(),
            reason=reason,
        )

    def stop(self) -> None:
        self.traveller.stop()


AWAY = Seen(whole=True)


def told(pupil: UUID) -> list[tuple[str, str]]:
    """Kind and guardian's given name of every message of the pupil's day, in order."""
    rows = HomeNotice.objects.filter(unauthorised_day__pupil=pupil).order_by("number", "guardian__given_name")
    return [(row.kind, row.guardian.given_name) for row in rows.select_related("guardian")]


def states(kind: str = "absence.same_day") -> dict[str, int]:
    """How many deliveries stand in which state."""
    found: dict[str, int] = {}
    for state in Delivery.objects.filter(notice__kind=kind).exclude(state=DeliveryState.HELD).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found
