"""Queries and milliseconds of the pages that matter, at 30 and 300 pupils a class: `make bench`.

Milliseconds are medians of this machine, in one process without a network; compare ratios, not machines.
"""

from __future__ import annotations

import platform
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from . import environment  # isort: skip  # before the settings are read

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from dexter.lib import days  # noqa: E402
from dexter.lib.access import Role  # noqa: E402
from registry.models import CalendarEvent, Group, GroupMembership, Person  # noqa: E402

from . import database  # noqa: E402
from .conftest import OVERHEAD, USUAL_LEVEL, Browser  # noqa: E402

ROUNDS = 15


def browser(keys: dict[str, str], key: str, role: Role) -> Browser:
    user, _new = User.objects.get_or_create(person_id=keys[key])
    made = Browser(user, role, USUAL_LEVEL[role])
    made.enter()
    return made


def measure(call: Callable[[], Any]) -> tuple[int, float]:
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    control = ("SAVEPOINT", "RELEASE", "ROLLBACK")
    queries = len([query for query in captured.captured_queries if not query["sql"].startswith(control)])
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return queries - OVERHEAD, statistics.median(times)


def save(teacher: Browser, path: str, lesson: CalendarEvent) -> Any:
    stored = getattr(CalendarEvent.objects.select_related("roll_call").get(pk=lesson.pk), "roll_call", None)
    return teacher.send(path, {"version": stored.version if stored else 0, "submission": uuid.uuid4()})


def rows(keys: dict[str, str]) -> list[tuple[str, int, float]]:
    teacher, guardian = browser(keys, "anna", Role.STAFF), browser(keys, "amira", Role.GUARDIAN)
    lesson = CalendarEvent.objects.filter(activity__groups__name="4A", day=days.today()).order_by("starts_at")[0]
    path = f"/lektioner/{lesson.pk}/narvaro/"
    calls: dict[str, Callable[[], Any]] = {
        "roll-call, view": lambda: teacher.get(path),
        "roll-call, save (one look-up more)": lambda: save(teacher, path, lesson),
        "group": lambda: teacher.get(f"/grupper/{Group.objects.get(name='4A').pk}/"),
        "guardian's start": lambda: guardian.get("/start/"),
        "teacher's start": lambda: teacher.get("/start/"),
    }
    return [(name, *measure(call)) for name, call in calls.items()]


def main() -> None:
    keys = database.make("bench")
    print(f"{platform.machine()}, {platform.python_version()}, PostgreSQL {connection.pg_version // 10000}; at most 8 queries a page")
    try:
        for pupils in (30, 300):
            with transaction.atomic():
                group = Group.objects.get(name="4A")
                made = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
                yesterday = days.today() - timedelta(days=1)
                GroupMembership.objects.bulk_create(GroupMembership(group=group, person=person, start_date=yesterday) for person in made)
                print(f"\n{pupils} pupils in the class")
                for name, queries, milliseconds in rows(keys):
                    print(f"  {name:<36} {queries:>3} queries {milliseconds:>8.1f} ms")
                transaction.set_rollback(True)
    finally:
        database.drop("bench")


if __name__ == "__main__":
    assert environment.ROOT
    main()
