"""Queries and milliseconds of the pages that matter, by the size of a class and of the municipality: `make bench`.

Milliseconds are medians of this machine, in one process without a network; compare ratios, not machines.
"""

from __future__ import annotations

import logging
import os
import platform
import statistics
import sys
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
from dexter.lib.rubbish import settle  # noqa: E402
from registry.models import CalendarEvent, Group, GroupMembership, Person  # noqa: E402

from . import bench_history, bench_import, bench_learning, bench_load, bench_pages, bench_school, bench_weight, database  # noqa: E402
from .conftest import OVERHEAD, USUAL_LEVEL, Browser  # noqa: E402

ROUNDS = 25
SIZES = (1_000, 10_000)  # pupils in the municipality, with a school year behind
LARGEST = 100_000  # with `--largest`: a quarter of an hour more, and 13 GB of disk


def browser(keys: dict[str, str], key: str, role: Role) -> Browser:
    user, _new = User.objects.get_or_create(person_id=keys[key])
    made = Browser(user, role, USUAL_LEVEL[role])
    made.enter()
    return made


def measure(call: Callable[[], Any]) -> tuple[int, list[float]]:
    """Statements beyond the sign-in's, and the milliseconds of each round."""
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    queries = len([query for query in captured.captured_queries if not query["sql"].startswith(control)])
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return queries - OVERHEAD, times


def save(teacher: Browser, path: str, lesson: CalendarEvent) -> Any:
    stored = getattr(CalendarEvent.objects.select_related("roll_call").get(pk=lesson.pk), "roll_call", None)
    return teacher.send(path, {"version": stored.version if stored else 0, "submission": uuid.uuid4()})


def rows(keys: dict[str, str]) -> list[tuple[str, int, list[float]]]:
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


def by_class_size(name: str) -> None:
    """The same class with 30 and with 1,000 more pupils."""
    keys = database.make(name)
    for pupils in (30, 1_000):
        with transaction.atomic():
            group = Group.objects.get(name="4A")
            made = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(pupils))
            yesterday = days.today() - timedelta(days=1)
            GroupMembership.objects.bulk_create(GroupMembership(group=group, person=person, start_date=yesterday) for person in made)
            print(f"\n{pupils} pupils more in the class")
            for page, queries, times in rows(keys):
                print(f"  {page:<36} {queries:>3} queries {statistics.median(times):>8.1f} ms")
            transaction.set_rollback(True)


def by_school(name: str) -> None:
    """What the leaders and the staff of one large school look at all day."""
    keys = database.make(name)
    unit = Group.objects.get(name="4A").school_unit
    bench_school.enlarge(unit)
    with bench_school.at_noon():
        print("\na school of 1,000 pupils")
        for page, call in bench_school.pages(browser(keys, "pekka", Role.STAFF), unit):
            queries, times = measure(call)
            print(f"  {page:<36} {queries:>3} queries {statistics.median(times):>8.1f} ms")


def by_municipality(name: str, sizes: tuple[int, ...]) -> None:
    """Municipalities with a school year behind: pages, statistics of a large school, and the server under load."""
    found: dict[int, bench_pages.Figures] = {}
    for pupils in sizes:
        database.set_care(False)
        keys = database.build(name, pupils, weeks_back=bench_history.WEEKS)
        database.set_care(True)
        print(f"\n{pupils:,} pupils with {bench_history.WEEKS} weeks behind: {bench_history.volume()}", flush=True)
        found[pupils] = bench_pages.figures_of(keys, browser, save, measure)
        bench_load.measure(name, pupils)
        if pupils == min(sizes):
            bench_history.measure(keys, browser, measure)
    bench_pages.show(found)


def main() -> None:
    logging.disable(logging.ERROR)  # a line a request would hide the figures
    settle()  # as the server does
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}; queries beyond the sign-in's {OVERHEAD}")
    database.set_memory(as_in_production=True)
    database.set_care(True)
    try:
        by_class_size("bench")
        by_school("bench")
        bench_weight.measure(database.make("bench"), browser)
        bench_learning.measure(database.make("bench"), browser, measure)
        print("\nfeeding the register")
        bench_import.measure(database.make("bench"))
        by_municipality("bench", (*SIZES, LARGEST) if "--largest" in sys.argv else SIZES)
    finally:
        database.drop("bench")
        database.set_memory(as_in_production=False)


if __name__ == "__main__":
    assert environment.ROOT
    main()
