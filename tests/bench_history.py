"""A full school year behind: statistics of a school of 1,000, a pupil's year. Part of `make bench`."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connections
from django.db.models import Sum

from absence.models import Deviation, Effective, RollCall
from absence.reads import By
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import SchoolUnit

from .conftest import OVERHEAD

WEEKS = 52  # of history: with the holidays taken out, a school year's days
A_MILLION = 38  # weeks in which a thousand pupils of the demo have a million lessons
MOVED = "absence_rollcall registry_enrolment registry_group registry_activity absence_leaverequest absence_leaveday".split()


def one_school() -> None:
    """The demo's small schools as one, so that a thousand pupils are one school's."""
    unit = SchoolUnit.objects.get(name="Granskolan").pk
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in MOVED:
            cursor.execute(f"UPDATE {table} SET school_unit_id = %s WHERE school_unit_id <> %s", [unit, unit])
        cursor.execute("VACUUM FULL ANALYZE absence_rollcall")
        cursor.execute("VACUUM ANALYZE")


def volume() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT sum(cardinality(roster)) FROM absence_rollcall")
        lessons = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database()) / 1000000")
        return f"{RollCall.objects.count():,} roll-calls, {lessons:,} lesson-pupils, {Deviation.objects.count():,} departures, {cursor.fetchone()[0]:,} MB"


def year_of(pupil: Any) -> None:
    """What a page of a pupil's year reads: the sums, and what was offered."""
    first = days.today() - timedelta(weeks=WEEKS)
    list(Effective.objects.of([pupil]).between(first, days.today()))
    RollCall.objects.of_pupils([pupil], first, days.today()).aggregate(Sum("lesson_minutes"))


def calls(keys: dict[str, str], browser: Callable[..., Any]) -> dict[str, Callable[[], Any]]:
    unit, until = SchoolUnit.objects.get(name="Granskolan").pk, days.today()
    periods = {weeks: f"period=dagar&first={until - timedelta(weeks=weeks)}&last={until}" for weeks in (A_MILLION, WEEKS)}
    principal, address = browser(keys, "ingrid", Role.STAFF), f"/statistik/franvaro/{unit}/?{periods[A_MILLION]}"
    found = {f"statistics by {by}": lambda by=by: principal.get(f"{address}&by={by}") for by in By}
    found["statistics, all the year"] = lambda: principal.get(f"/statistik/franvaro/{unit}/?{periods[WEEKS]}")
    found["a pupil's year, read"] = lambda: year_of(keys["sami"])
    return found


def measure(keys: dict[str, str], browser: Callable[..., Any], figure: Callable[..., Any]) -> None:
    one_school()
    print("\nits thousand pupils as one school")
    for page, call in calls(keys, browser).items():
        queries, times = figure(call)
        queries += OVERHEAD if page.endswith("read") else 0  # nobody signs in for it
        high = statistics.quantiles(times, n=20)[-1]
        print(
            f"  {page:<28} {queries:>3} queries {statistics.median(times):>8.1f} ms   95 % {high:>8.1f} ms   least {min(times):>8.1f} ms",
            flush=True,
        )
