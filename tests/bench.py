"""Queries and milliseconds of the pages that matter, by the size of a class and of the municipality: `make bench`.

Milliseconds are medians of this machine, in one process without a network; compare ratios, not machines.
"""

from __future__ import annotations

import gc
import logging
import os
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
from dexter.lib import civic, days  # noqa: E402
from dexter.lib.access import Role  # noqa: E402
from registry.models import CalendarEvent, CivicNumber, Group, GroupMembership, Person  # noqa: E402
from registry.reads import lessons_of_person  # noqa: E402

from . import bench_history, bench_import, bench_learning, bench_school, bench_weight, database  # noqa: E402
from .conftest import OVERHEAD, USUAL_LEVEL, Browser  # noqa: E402

ROUNDS = 25
SIZES = (1_000, 100_000)  # pupils in the municipality
WITH_A_YEAR = (1_000, 10_000)  # the same with a school year of history


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
    control = ("SAVEPOINT", "RELEASE", "ROLLBACK")
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


def by_municipality(name: str, pupils: int) -> dict[str, tuple[int, list[float]]]:
    """The pages that reach far, in a municipality of `pupils`."""
    keys = database.build(name, pupils)
    office, teacher, guardian = browser(keys, "pekka", Role.STAFF), browser(keys, "anna", Role.STAFF), browser(keys, "amira", Role.GUARDIAN)
    lesson = lessons_of_person(Person.objects.get(pk=keys["sami"])).on(days.today())[0]
    group = Group.objects.get(memberships__person=keys["sami"], group_type="Klass")
    number = civic.decrypt(CivicNumber.objects.get(person=keys["sami"]).encrypted)
    calls: dict[str, Callable[[], Any]] = {
        "search, a name": lambda: office.send("/personer/", {"text": "Sami Haddad"}),
        "search, a beginning": lambda: office.send("/personer/", {"text": "an"}),
        "search, with a typo": lambda: office.send("/personer/", {"text": "Samii Hadad"}),
        "search, a civic number": lambda: office.send("/personer/", {"text": number}),
        "suggestions": lambda: office.send("/personer/forslag/", {"text": "sam h"}),
        "person, the office's page": lambda: office.get(f"/personer/{keys['sami']}/"),
        "group": lambda: teacher.get(f"/grupper/{group.pk}/"),
        "roll-call, view": lambda: teacher.get(f"/lektioner/{lesson.pk}/narvaro/"),
        "week of a pupil": lambda: guardian.get(f"/schema/person/{keys['sami']}/"),
        "guardian's start": lambda: guardian.get("/start/"),
        "teacher's start": lambda: teacher.get("/start/"),
        "the child's page": lambda: guardian.get(f"/elever/{keys['sami']}/"),
        "the school year": lambda: guardian.get("/lasar/"),
        "list of pupils": lambda: office.get("/elever/lista/"),
        "list of groups": lambda: office.get("/grupper/"),
        "list of teaching": lambda: office.get("/undervisning/"),
        "contact list of a class": lambda: teacher.get(f"/grupper/{group.pk}/kontakt/"),
    }
    return {page: measure(call) for page, call in calls.items()}


def main() -> None:
    logging.disable(logging.ERROR)  # a line a request would hide the figures
    gc.collect()
    gc.freeze()  # as the server does
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}; queries beyond the sign-in's {OVERHEAD}")
    database.set_care(True)
    try:
        by_class_size("bench")
        by_school("bench")
        bench_weight.measure(database.make("bench"), browser)
        bench_learning.measure(database.make("bench"), browser, measure)
        print("\nfeeding the register")
        bench_import.measure(database.make("bench"))
        for pupils in WITH_A_YEAR:
            bench_history.measure("bench", pupils, browser, save, measure)
        small, large = (by_municipality("bench", pupils) for pupils in SIZES)
    finally:
        database.drop("bench")
    print(f"\n{'':<28} {SIZES[0]:>9,} pupils: median, 95 %  {SIZES[1]:>9,} pupils: median, 95 %   ratio")
    for page, (queries, few) in small.items():
        many = large[page][1]
        ratio = statistics.median(many) / statistics.median(few)
        print(f"{page:<28} {queries:>3} queries {figures(few)} {large[page][0]:>6} queries {figures(many)} {ratio:>7.2f}")


def figures(times: list[float]) -> str:
    return f"{statistics.median(times):>7.1f} {statistics.quantiles(times, n=20)[-1]:>7.1f} ms"


if __name__ == "__main__":
    assert environment.ROOT
    main()
