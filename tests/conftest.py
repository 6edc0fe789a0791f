"""The cast, and ways to act as its members."""

from __future__ import annotations

import datetime
import gc
import io
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine
from _pytest import runner
from django.conf import Settings, settings
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from structlog.stdlib import ProcessorFormatter

from accounts.models import User
from dexter.home.demo.cast import PASSWORD
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from registry.models import CalendarEvent, Group, Person

from . import database
from .environment import WORKER

USUAL_LEVEL = {Role.GUARDIAN: Level.E_ID, Role.PUPIL: Level.PASSWORD, Role.STAFF: Level.TWO_FACTOR}
OVERHEAD = 3  # statements of every page of somebody signed in: session, account, person with roles


def pytest_sessionstart() -> None:
    """What is loaded from now on stays to the end: nothing of it is rubbish."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Nor need the collector walk through it again for each few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Runs the test as pytest does, above the wide frame that is explained below."""
    return runner.pytest_runtest_protocol(item, nextitem)


# CPython 3.11 keeps frames in pieces of 16 kB and asks the system for the next at every call across a piece's edge: a
# query's deep recursion does so thousands of times. One wide frame below a test makes the piece above it half a megabyte.
pytest_runtest_protocol.__code__ = pytest_runtest_protocol.__code__.replace(co_stacksize=65_536 + 1_000)


@pytest.fixture(scope="session", autouse=True)
def one_middleware() -> Iterator[None]:
    """All test clients share their middleware, as all requests of a server do; WhiteNoise looks through 560 files for each.

    Where a test changes the settings, its clients make their own.
    """
    made: dict[bool, BaseHandler] = {}

    class Handler(ClientHandler):
        def load_middleware(self, is_async: bool = False) -> None:
            if type(settings._wrapped) is not Settings:
                super().load_middleware(is_async)
                return
            if is_async not in made:
                super().load_middleware(is_async)
                made[is_async] = self
            vars(self).update({name: value for name, value in vars(made[is_async]).items() if name.startswith("_")})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.client.ClientHandler", Handler)
        yield


@pytest.fixture(scope="session")
def cheap_passwords() -> Iterator[None]:
    """A password is hashed and tried as ever, in a thousandth of the time that guessing is to take."""
    with pytest.MonkeyPatch.context() as patch:
        for cost, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
            patch.setattr(Argon2PasswordHasher, cost, least)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, cheap_passwords: None) -> Iterator[dict[str, str]]:
    with django_db_blocker.unblock():
        database.set_care(False)
        keys = database.make(f"test_{WORKER}")
        User.objects.filter(password__startswith="argon2").update(password=make_password(PASSWORD))
        yield keys
        database.drop(f"test_{WORKER}")


class Cast:
    """Persons by their key: `cast.amira`; `cast.group("4A")`; `cast.lesson("4A", hour=8)`."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._keys = keys

    def __getattr__(self, key: str) -> Person:
        if key not in self._keys:
            raise AttributeError(key)
        return Person.objects.get(pk=self._keys[key])

    def keys(self) -> list[str]:
        return list(self._keys)

    def id(self, key: str) -> UUID:
        return UUID(self._keys[key])

    def group(self, name: str) -> Group:
        return Group.objects.get(name=name)

    def lesson(self, class_name: str, day: datetime.date | None = None, number: int = 0) -> CalendarEvent:
        lessons = CalendarEvent.objects.filter(activity__groups__name=class_name, day=day or days.today())
        return lessons.order_by("starts_at")[number]


@pytest.fixture
def cast(db: None, django_db_setup: dict[str, str]) -> Cast:
    return Cast(django_db_setup)


@pytest.fixture
def morning() -> Iterator[time_machine.Traveller]:
    """Today, half past seven: before the first lesson of the day."""
    with time_machine.travel(days.moment(days.today(), datetime.time(7, 30)), tick=False) as traveller:
        yield traveller


@pytest.fixture
def at() -> Iterator[Callable[..., Any]]:
    """`at(10, 30)` moves the clock to that time of today, or with `day=` of another."""
    travels: list[Any] = []

    def travel(hour: int, minute: int = 0, day: datetime.date | None = None) -> None:
        today = day or days.today()
        journey = time_machine.travel(days.moment(today, datetime.time(hour, minute)), tick=False)
        travels.append(journey)
        journey.start()

    yield travel
    for journey in reversed(travels):
        journey.stop()


class Browser(Client):
    """A test client of somebody signed in: `send` posts a form in the active role, as the page's form would.

    The person is active all the time: when the test's clock jumps, the session is begun anew, unless `idle` is set.
    """

    def __init__(self, user: User, role: Role | None, level: Level) -> None:
        super().__init__()
        self.user, self.role, self.level, self.idle, self._seen = user, role, level, False, 0.0

    def request(self, **request: Any) -> Any:
        if not self.idle and abs(time.time() - self._seen) > 60:
            self.enter()
        self._seen = time.time()
        return super().request(**request)

    def enter(self) -> None:
        self.force_login(self.user)
        session, now = self.session, int(time.time())
        session.update({"level": int(self.level), "began_at": now, "seen_at": now, "identified_at": now})
        if self.role:
            session["role"] = str(self.role)
        session.save()
        self._seen = time.time()

    def send(self, path: str, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        return self.post(path, {"_role": self.role or "", **(data or {})}, **extra)


@pytest.fixture
def client_as(cast: Cast) -> Callable[..., Browser]:
    def sign_in(key: str, role: Role | None, level: Level | None = None) -> Browser:
        user, _new = User.objects.get_or_create(person=getattr(cast, key))
        browser = Browser(user, role, level or (USUAL_LEVEL[role] if role else Level.E_ID))
        browser.enter()
        return browser

    return sign_in


@pytest.fixture
def actor(cast: Cast) -> Callable[..., Actor]:
    def make(key: str, role: Role, level: Level | None = None) -> Actor:
        return Actor(cast.id(key), role, level or USUAL_LEVEL[role])

    return make


@pytest.fixture
def guardian(client_as: Callable[..., Browser]) -> Browser:
    return client_as("amira", Role.GUARDIAN)


@pytest.fixture
def teacher(client_as: Callable[..., Browser]) -> Browser:
    return client_as("anna", Role.STAFF)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written to the system's log meanwhile, as it is written there."""
    root, stream = logging.getLogger(), io.StringIO()
    copy = logging.StreamHandler(stream)
    copy.setFormatter(next(handler.formatter for handler in root.handlers if isinstance(handler.formatter, ProcessorFormatter)))
    root.addHandler(copy)
    yield stream
    root.removeHandler(copy)


@pytest.fixture
def statements(db: None) -> Callable[[Callable[[], Any]], int]:
    """How many statements a call makes, beside transaction control."""

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        control = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
        return len([query for query in captured.captured_queries if not query["sql"].startswith(control)])

    return count
