"""The running server under load: part of `make bench`. On loopback, with so many requests and no more.

Teachers: 8 clients save roll-calls as fast as they are answered. Morning: what guardians do from 07:30 to 08:15 in the whole
municipality, without the pauses between: everybody who looks at the start page, and one in twenty children reported.
"""

from __future__ import annotations

import http.client
import os
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from accounts.models import User
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import CalendarEvent, Guardianship, Person

from . import database
from .conftest import USUAL_LEVEL, Browser
from .environment import ROOT, SETTINGS, free_port

CLIENTS, SAVES = 8, 60  # saves each
ABSENT_SHARE, LOOKERS = 0.05, 3  # of the pupils; who only looks, for each who reports
TOKEN = "x" * 32


class Fields(HTMLParser):
    """The hidden fields of a page's last form in the main part, and the values of its boxes by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.boxes: dict[str, list[str]] = {}
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.inside = self.inside or tag == "main"
        if not self.inside or tag != "input" or not values.get("name"):
            return
        if values.get("type") == "hidden":
            self.hidden[values["name"]] = values.get("value", "")
        elif values.get("type") == "checkbox":
            self.boxes.setdefault(values["name"], []).append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"


class Visitor:
    """Somebody signed in, at one connection that is kept."""

    def __init__(self, port: int, session: str, role: Role) -> None:
        self.port, self.role = port, role
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}", "Accept-Language": "sv"}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, str]:
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "_role": str(self.role), **fields}, doseq=True)
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


@contextmanager
def serving(name: str) -> Iterator[int]:
    """The real server with two workers on a free port, on the database `name`."""
    port, log = free_port(), ROOT / "var" / "test" / "bench-server.log"
    environment = {
        **os.environ,
        **SETTINGS,
        "DATABASE_POOL": "true",
        "DATABASE_URL": f"postgresql://dexter_web@/{name}?host={database.server()}",
    }
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port), "--workers", "2"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--blocking-threads", "4", "dexter.wsgi:application"],
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
        )
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int) -> None:
    for _attempt in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start; see var/test/bench-server.log")


def visitors(port: int, people: Sequence[uuid.UUID], role: Role) -> list[Visitor]:
    """Sessions as the sign-in makes them."""
    known = {user.person_id: user for user in User.objects.filter(person__in=people)}
    missing = [User(person_id=person, username=f"b{person.hex[-12:]}", password="!") for person in people if person not in known]
    known |= {user.person_id: user for user in User.objects.bulk_create(missing)}
    found = []
    for person in people:
        browser = Browser(known[person], role, USUAL_LEVEL[role])
        browser.enter()
        found.append(Visitor(port, browser.cookies[settings.SESSION_COOKIE_NAME].value, role))
    return found


class Tally:
    """Times of answers in milliseconds, and answers that were none of the expected."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.faults: Counter[str] = Counter()

    def count(self, call: Callable[[], tuple[int, str]], *expected: int) -> str:
        began = time.perf_counter()
        try:
            status, text = call()
        except OSError as failure:
            self.faults[type(failure).__name__] += 1
            return ""
        self.times.append((time.perf_counter() - began) * 1000)
        if status not in expected:
            self.faults[str(status)] += 1
        return text

    def said(self, what: str, seconds: float) -> str:
        middle, high = statistics.median(self.times), statistics.quantiles(self.times, n=20)[-1]
        return (
            f"  {what:<44} {len(self.times):>6} in {seconds:>5.1f} s = {len(self.times) / seconds:>6.1f}/s   "
            f"median {middle:>6.1f} ms   95 % {high:>6.1f} ms   faults {dict(self.faults) or 0}"
        )


def roll_calls(name: str) -> None:
    """8 teachers, each with a lesson of the own, correct it again and again."""
    lessons = list(
        CalendarEvent.objects.filter(day=days.today(), activity__groups__group_type="Klass")
        .order_by("activity__duty_assignments__duty__person", "starts_at")
        .distinct("activity__duty_assignments__duty__person")
        .values_list("pk", "activity__duty_assignments__duty__person")[:CLIENTS]
    )
    tally = Tally()
    with serving(name) as port:
        teachers = visitors(port, [teacher for _lesson, teacher in lessons], Role.STAFF)
        work = [(teacher, f"/lektioner/{lesson}/narvaro/") for teacher, (lesson, _person) in zip(teachers, lessons, strict=True)]
        for teacher, path in work:
            assert teacher.get(path)[0] == 200, path
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda pair: _save_again(*pair, tally), work))
        print(tally.said(f"roll-calls saved, {len(work)} clients", time.perf_counter() - began), flush=True)


def _save_again(teacher: Visitor, path: str, tally: Tally) -> None:
    fields = Fields(teacher.get(path)[1])
    pupils = fields.boxes["absent"]
    first = int(fields.hidden["version"])
    for version in range(first, first + SAVES):
        saved = {**fields.hidden, "version": version, "submission": uuid.uuid4(), "absent": pupils[version % 5 : version % 5 + 2]}
        tally.count(lambda saved=saved: teacher.post(path, saved), 302)  # type: ignore[misc]


def morning(name: str, pupils: int) -> None:
    """As many reports as a morning has, and three who only look for each; 8 at a time."""
    reports = int(pupils * ABSENT_SHARE)
    homes = Guardianship.objects.holding(days.today()).filter(child__in=Person.objects.unmarked().minors_on(days.today()))
    people = sorted(set(homes.order_by("child_id", "pk").distinct("child_id").values_list("guardian_id", flat=True)))  # one of each home
    chosen = random.Random(1).sample(people, min(len(people), reports * (1 + LOOKERS)))  # noqa: S311
    looked, reported = Tally(), Tally()
    with serving(name) as port:
        guardians = visitors(port, chosen, Role.GUARDIAN)
        jobs = [(guardian, place % (1 + LOOKERS) == 0) for place, guardian in enumerate(guardians)]
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda job: _visit(*job, looked, reported), jobs))
        seconds = time.perf_counter() - began
        print(looked.said(f"start pages of {len(chosen):,} guardians", seconds))
        print(reported.said("reports sent", seconds), flush=True)


def _visit(guardian: Visitor, reports: bool, looked: Tally, reported: Tally) -> None:
    looked.count(lambda: guardian.get("/start/"), 200)
    if reports:
        fields = Fields(looked.count(lambda: guardian.get("/franvaro/anmal/"), 200))
        chosen = {
            "first": days.today(),
            **{name: boxes[:1] for name, boxes in fields.boxes.items() if name == "pupils"},
        }  # an only child is hidden
        reported.count(lambda: guardian.post("/franvaro/anmal/", {**fields.hidden, **chosen}), 302)
    guardian.connection.close()


def measure(name: str, pupils: int) -> None:
    print(f"\n{pupils:,} pupils, the server under load (2 workers, 4 threads each, clients on the same machine)")
    roll_calls(name)
    morning(name, pupils)
