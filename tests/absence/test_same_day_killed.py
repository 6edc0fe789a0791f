"""The whole chain, killed before and after each commit: roll-call, job, day and notices, delivery. Real processes, the real
queue's worker, a real gateway, committed rows. No guardian is forgotten, and none is told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import time as clock
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from absence import reads, tasks
from absence.actions import roll_calls
from absence.models import HomeNotice, RollCall, UnauthorisedDay, UnitSettings
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from dexter.notices import tasks as notices
from dexter.notices.models import Delivery, DeliveryState
from registry.models import CalendarEvent, NoticePreference, PhoneNumber
from tests.environment import ROOT
from tests.notices.servers import Gateway
from tests.notices.test_killed import outside

__all__ = ["outside"]

PROCESS = """
import datetime, os, pathlib, signal, sys, time, uuid
import django, time_machine
django.setup()
from django.core.management import call_command
from absence.tasks import same_day as tasks
from absence.actions import roll_calls, same_day
from dexter.notices import sending
from tests.absence.test_same_day_killed import take_roll_call

what, point, moment, *given = sys.argv[1:]
time_machine.travel(datetime.datetime.fromisoformat(moment)).start()

def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)

def and_die(function):
    return lambda *args, **more: die(function(*args, **more))

def linger(*args):
    pathlib.Path(given[0]).touch()
    time.sleep(1.5)
    return queued(*args)

channel, queued = sending.channel_for, same_day._queued
if point == "before the roll-call is committed":
    roll_calls.record = die
elif point == "before the look":
    same_day.follow_day = die
elif point == "before the day is committed":
    same_day.record = die
elif point == "after the day is committed":
    same_day.follow_day = and_die(same_day.follow_day)
elif point == "while composing":
    sending._composed = die
elif point == "before the call":
    sending.channel_for = lambda name: die
elif point == "after the hand-over":
    sending.channel_for = lambda name: and_die(channel(name))
elif point == "before it is marked sent":
    sending.record = die
elif point == "linger":
    same_day._queued = linger
if what == "teacher":
    take_roll_call(*map(uuid.UUID, given))
    if point == "after the roll-call is committed":
        die()
elif what == "look":
    tasks.follow_lessons(lessons=given[1])
else:
    call_command("procrastinate", "worker", "--one-shot")
"""


TASKS: dict[str, Callable[..., None]] = {
    "absence.tasks.same_day.follow_lessons": tasks.follow_lessons,
    "dexter.notices.tasks.send_notice": notices.send_notice,
}


def take_roll_call(teacher: UUID, lesson: UUID, pupil: UUID) -> None:
    """The pupil was away from the whole lesson."""
    roll_calls.take_roll_call(
        actor=Actor(teacher, Role.STAFF, Level.TWO_FACTOR),
        lesson=CalendarEvent.objects.with_activity().get(pk=lesson),
        marks={pupil: roll_calls.Seen(whole=True)},
        version=0,
        submission=uuid4(),
    )


class Chain:
    """A school day at ten o'clock. Both guardians want text messages; the grace is none. Who is to be killed is a process."""

    def __init__(self, database: str, gateway: Gateway, keys: dict[str, str]) -> None:
        self.database, self.gateway, self.keys = database, gateway, keys
        self.moment = days.moment(days.today(), clock(10))
        self.lessons = list(CalendarEvent.objects.filter(activity__groups__name="4A", day=days.today()).order_by("starts_at"))
        self.pupil, self.done = UUID(keys["sami"]), set[int]()
        UnitSettings.objects.create(school_unit_id=self.lessons[0].activity.school_unit_id, start_date=days.today(), grace_minutes=0)
        for number, key in enumerate(("amira", "jonas")):
            NoticePreference.objects.create(person_id=UUID(keys[key]), urgent_channel="sms")
            PhoneNumber.objects.filter(person=UUID(keys[key])).update(value=f"070-174 06 0{number + 5}")

    def start(self, what: str, point: str, *given: Any) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DATABASE_URL": self.database, "SMS_GATEWAY_URL": self.gateway.url, "SMS_GATEWAY_TOKEN": "nyckel"}
        moment = self.moment.isoformat()
        command = [sys.executable, "-W", "ignore", "-c", PROCESS, what, point, moment, *map(str, given)]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def teacher(self) -> None:
        with time_machine.travel(self.moment):
            take_roll_call(UUID(self.keys["anna"]), self.lessons[0].pk, self.pupil)

    def killed_teacher(self, point: str) -> int:
        return self.start("teacher", point, self.keys["anna"], self.lessons[0].pk, self.pupil).wait(60)

    def worker(self, point: str = "never") -> int:
        return self.start("worker", point).wait(60)

    def recover(self) -> None:
        """Half an hour: the schedules tick twice, and a worker lives through it."""
        for later in (1, 15, 16, 30, 31):
            with time_machine.travel(self.moment + timedelta(minutes=later), tick=False):
                if later % 15 == 0:
                    tasks.follow_days(timestamp=0)
                    notices.sweep_notices(timestamp=0)
                self._work()

    def _work(self) -> None:
        """What the queue would hand out; jobs of killed workers it counts as being done."""
        ready = ProcrastinateJob.objects.filter(task_name__in=TASKS, status="todo").order_by("pk")
        while jobs := list(ready.exclude(pk__in=self.done)):
            for job in jobs:
                self.done.add(job.pk)
                TASKS[job.task_name](**job.args)

    @property
    def numbers(self) -> list[str]:
        return sorted(request["to"] for request in self.gateway.requests)

    @property
    def to_phone(self) -> int:
        with time_machine.travel(self.moment + timedelta(minutes=40), tick=False):
            schools = reads.homes_to_phone(HomeNotice.objects.all(), PhoneNumber.objects.all(), days.today())
        return sum(len(pupil.homes) for _unit, pupils in schools for pupil in pupils)


BOTH = ["+46701740605", "+46701740606"]


@pytest.fixture
def chain(outside: str, gateway: Gateway, django_db_setup: dict[str, str]) -> Chain:
    return Chain(outside, gateway, django_db_setup)


def states() -> list[str]:
    return sorted(Delivery.objects.exclude(state=DeliveryState.HELD).values_list("state", flat=True))


def test_the_chain_unbroken(chain: Chain) -> None:
    chain.teacher()
    assert chain.worker() == 0
    assert (chain.numbers, states(), chain.to_phone) == (BOTH, ["sent", "sent"], 0)
    chain.recover()
    assert chain.numbers == BOTH


def test_killed_before_the_roll_call_was_committed_nothing_was_saved_and_nobody_is_told(chain: Chain) -> None:
    assert chain.killed_teacher("before the roll-call is committed") == -signal.SIGKILL
    chain.recover()
    assert (RollCall.objects.filter(lesson=chain.lessons[0]).exists(), chain.numbers) == (False, [])
    chain.teacher()
    chain.recover()
    assert chain.numbers == BOTH


def test_killed_after_the_roll_call_was_committed_the_job_is_there(chain: Chain) -> None:
    assert chain.killed_teacher("after the roll-call is committed") == -signal.SIGKILL
    chain.recover()
    assert (chain.numbers, states()) == (BOTH, ["sent", "sent"])


@pytest.mark.parametrize("point", ["before the look", "before the day is committed", "after the day is committed"])
def test_a_worker_killed_around_the_look_loses_nothing(chain: Chain, point: str) -> None:
    chain.teacher()
    assert chain.worker(point) == -signal.SIGKILL
    assert UnauthorisedDay.objects.exists() == (point == "after the day is committed")
    assert chain.numbers == []
    chain.recover()
    assert (chain.numbers, states(), chain.to_phone) == (BOTH, ["sent", "sent"], 0)
    assert HomeNotice.objects.count() == 2


def test_a_worker_killed_before_the_hand_over_sends_later(chain: Chain) -> None:
    chain.teacher()
    assert chain.worker("while composing") == -signal.SIGKILL
    assert chain.numbers == []
    chain.recover()
    assert (chain.numbers, states(), chain.to_phone) == (BOTH, ["sent", "sent"], 0)


@pytest.mark.parametrize(("point", "arrived"), [("before the call", 0), ("after the hand-over", 1), ("before it is marked sent", 1)])
def test_a_worker_killed_around_the_hand_over_leaves_one_to_phone_and_tells_nobody_twice(chain: Chain, point: str, arrived: int) -> None:
    chain.teacher()
    assert chain.worker(point) == -signal.SIGKILL
    assert len(chain.numbers) == arrived
    chain.recover()
    assert (len(chain.numbers), len(set(chain.numbers))) == (1 + arrived, 1 + arrived)
    assert (states(), chain.to_phone) == (["sent", "uncertain"], 1)


def test_two_lessons_jobs_at_once_start_one_day(chain: Chain, tmp_path: Any) -> None:
    chain.teacher()
    flag = tmp_path / "inside"
    first = chain.start("look", "linger", flag, chain.lessons[0].pk)
    _wait_for(flag.exists)
    second = chain.start("look", "never", flag, chain.lessons[0].pk)
    assert (first.wait(60), second.wait(60)) == (0, 0)
    assert (UnauthorisedDay.objects.get().messages, HomeNotice.objects.count()) == (1, 2)
    chain.recover()
    assert chain.numbers == BOTH


def _wait_for(condition: Callable[[], bool]) -> None:
    for _attempt in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError
