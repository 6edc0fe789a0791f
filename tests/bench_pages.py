"""The pages that matter, in a municipality with a school year behind, the same at every size. Part of `make bench`."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dexter.lib import civic, days
from dexter.lib.access import Role
from registry.models import CivicNumber, Group, Person, SchoolUnit
from registry.reads import lessons_of_person

Figures = dict[str, tuple[int, list[float]]]  # by page: statements beyond the sign-in's, milliseconds of each round


def figures_of(
    keys: dict[str, str], browser: Callable[..., Any], save: Callable[..., Any], measure: Callable[..., tuple[int, list[float]]]
) -> Figures:
    return {page: measure(call) for page, call in _calls(keys, browser, save).items()}


def _calls(keys: dict[str, str], browser: Callable[..., Any], save: Callable[..., Any]) -> dict[str, Callable[[], Any]]:
    office, teacher = browser(keys, "pekka", Role.STAFF), browser(keys, "anna", Role.STAFF)
    guardian, principal = browser(keys, "amira", Role.GUARDIAN), browser(keys, "ingrid", Role.STAFF)
    lesson = lessons_of_person(Person.objects.get(pk=keys["sami"])).on(days.today())[0]
    group = Group.objects.get(memberships__person=keys["sami"], group_type="Klass")
    unit = SchoolUnit.objects.get(name="Granskolan").pk
    number = civic.decrypt(CivicNumber.objects.get(person=keys["sami"]).encrypted)
    path, child = f"/lektioner/{lesson.pk}/narvaro/", f"/elever/{keys['sami']}/"
    year = f"period=dagar&first={days.today() - timedelta(weeks=52)}&last={days.today()}"
    return {
        "search, a name": lambda: office.send("/personer/", {"text": "Sami Haddad"}),
        "search, a beginning": lambda: office.send("/personer/", {"text": "an"}),
        "search, with a typo": lambda: office.send("/personer/", {"text": "Samii Hadad"}),
        "search, a civic number": lambda: office.send("/personer/", {"text": number}),
        "suggestions": lambda: office.send("/personer/forslag/", {"text": "sam h"}),
        "person, the office's page": lambda: office.get(f"/personer/{keys['sami']}/"),
        "list of pupils": lambda: office.get("/elever/lista/"),
        "list of groups": lambda: office.get("/grupper/"),
        "list of teaching": lambda: office.get("/undervisning/"),
        "group": lambda: teacher.get(f"/grupper/{group.pk}/"),
        "contact list of a class": lambda: teacher.get(f"/grupper/{group.pk}/kontakt/"),
        "roll-call, view": lambda: teacher.get(path),
        "roll-call, save (one look-up more)": lambda: save(teacher, path, lesson),
        "my class": lambda: teacher.get(f"/min-klass/{group.pk}/"),
        "teacher's start": lambda: teacher.get("/start/"),
        "guardian's start": lambda: guardian.get("/start/"),
        "the week in Lärande": lambda: guardian.get("/larande/"),
        "the child's page": lambda: guardian.get(child),
        "the child's attendance": lambda: guardian.get(f"/narvaro/{keys['sami']}/"),
        "week of a pupil": lambda: guardian.get(f"/schema/person/{keys['sami']}/"),
        "the school year": lambda: guardian.get("/lasar/"),
        "school day of a school": lambda: office.get(f"/skoldagen/{unit}/"),
        "statistics by class, a year": lambda: principal.get(f"/statistik/franvaro/{unit}/?{year}&by=class"),
        "statistics by subject, a year": lambda: principal.get(f"/statistik/franvaro/{unit}/?{year}&by=subject"),
        "to judge": lambda: office.get("/franvaro/bedom/"),
    }


def show(by_size: dict[int, Figures]) -> None:
    """A line a page: for each size statements, median and 95 %, and how many times the smallest's median."""
    smallest = min(by_size)
    print("\n" + " " * 36 + "".join(f"{pupils:>12,} pupils: median, 95 %, ratio" for pupils in by_size))
    for page, (_queries, few) in by_size[smallest].items():
        print(f"{page:<36}" + "".join(_cell(*figures[page], few) for figures in by_size.values()), flush=True)


def _cell(queries: int, times: list[float], few: list[float]) -> str:
    middle = statistics.median(times)
    return f"{queries:>12} queries {middle:>8.1f} {statistics.quantiles(times, n=20)[-1]:>8.1f} ms {middle / statistics.median(few):>5.2f}"
