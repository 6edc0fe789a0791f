"""A worker killed at each step: nothing is lost, nothing goes out twice. Real processes, a real gateway, committed rows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections

from dexter.lib import days
from dexter.notices import reads, sending, tasks
from dexter.notices.models import Delivery
from tests import database
from tests.environment import ROOT

from .servers import Gateway

WORKER = """
import os, signal, sys, uuid
import django
django.setup()
from dexter.notices import composers, sending
composers.COMPOSERS["test.plain"] = "tests.notices.composers.compose"
point, delivery = sys.argv[1:]
def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)
real = sending.channel_for
if point == "while composing":
    sending._composed = die
elif point == "before the call":
    sending.channel_for = lambda name: die
elif point == "after the hand-over":
    sending.channel_for = lambda name: lambda parcel: die(real(name)(parcel))
elif point == "before it is marked sent":
    sending.record = die
sending.send(uuid.UUID(delivery))
"""


@pytest.fixture
def outside(django_db_setup: Any, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own where rows are really committed; gives its address."""
    name = f"test_killed_{os.getpid()}"
    with django_db_blocker.unblock():
        with database.pointed_at(str(connections["default"].settings_dict["NAME"])):
            database.make(name)
            yield f"postgresql://dexter_web@/{name}?host={database.server()}"
        database.drop(name)


@pytest.fixture
def worker(outside: str, gateway: Gateway) -> Callable[..., subprocess.Popen[bytes]]:
    """`worker(delivery, point)` starts a process that tries the delivery and is killed at `point`."""

    def start(delivery: Delivery, point: str = "never") -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DATABASE_URL": outside, "SMS_GATEWAY_URL": gateway.url, "SMS_GATEWAY_TOKEN": "nyckel"}
        return subprocess.Popen([sys.executable, "-W", "ignore", "-c", WORKER, point, str(delivery.pk)], cwd=ROOT, env=environment)

    return start


@pytest.fixture
def queued(outside: str, queue: Callable[..., Delivery]) -> Delivery:
    return queue()


def later(minutes: int) -> Any:
    return time_machine.travel(days.now() + timedelta(minutes=minutes))


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_killed_before_anything_was_sent_it_is_sent_by_the_next(queued: Delivery, worker: Any, gateway: Gateway) -> None:
    assert worker(queued, "while composing").wait(30) == -signal.SIGKILL
    assert (state(queued), gateway.requests) == ("queued", [])
    with later(6):
        tasks.sweep_notices(timestamp=0)  # the job was lost with its worker
        assert state(queued) == "queued"
    with later(7):
        sending.send(queued.pk)
    assert (state(queued), len(gateway.requests)) == ("sent", 1)


@pytest.mark.parametrize(
    ("point", "arrived"),
    [("before the call", 0), ("after the hand-over", 1), ("before it is marked sent", 1)],
    ids=lambda value: str(value),
)
def test_killed_around_the_call_it_is_uncertain_and_never_sent_again(
    queued: Delivery, worker: Any, gateway: Gateway, point: str, arrived: int
) -> None:
    assert worker(queued, point).wait(30) == -signal.SIGKILL
    assert (state(queued), len(gateway.requests)) == ("sending", arrived)
    assert worker(queued).wait(30) == 0  # the queue starts the job anew
    with later(8):
        tasks.sweep_notices(timestamp=0)
        assert state(queued) == "sending"
    with later(11):
        tasks.sweep_notices(timestamp=0)
        sending.send(queued.pk)
    assert (state(queued), queued.error, len(gateway.requests)) == ("uncertain", "cut_off", arrived)
    assert list(reads.unreached()) == [queued.notice]  # not lost: somebody phones


def test_killed_from_outside_while_the_gateway_holds_its_answer(queued: Delivery, worker: Any, gateway: Gateway) -> None:
    gateway.hold()
    process = worker(queued)
    assert gateway.arrived.wait(30)
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
    gateway.release()
    assert worker(queued).wait(30) == 0
    with later(11):
        tasks.sweep_notices(timestamp=0)
    assert worker(queued).wait(30) == 0
    assert (state(queued), len(gateway.requests)) == ("uncertain", 1)


def test_two_workers_at_once_send_it_once(queued: Delivery, worker: Any, gateway: Gateway) -> None:
    gateway.hold()
    first = worker(queued)
    assert gateway.arrived.wait(30)
    assert worker(queued).wait(30) == 0
    gateway.release()
    assert first.wait(30) == 0
    assert (state(queued), len(gateway.requests)) == ("sent", 1)
