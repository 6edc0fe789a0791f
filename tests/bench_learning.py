"""Lärande: the grid of a class of 31 by 12 rows, seen and saved, and a home's week, with the demo's plans and judgements."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from django.urls import reverse

from dexter.home.demo.learning import build_learning
from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.models import MatrixUse
from larande.assessment.reads import scales_for
from registry.models import Enrolment, GroupMembership, Person
from tests.larande import made

CLASS, ROWS = 31, 12
Browse = Callable[[dict[str, str], str, Role], Any]
Measure = Callable[[Callable[[], Any]], tuple[int, list[float]]]


def measure(keys: dict[str, str], browser: Browse, measured: Measure) -> None:
    """Print queries and milliseconds of each page."""
    build_learning()
    anna = Person.objects.get(pk=keys["anna"])
    use, other = _grid(anna), made.grid(anna, rows=ROWS)
    teacher, guardian = browser(keys, "anna", Role.STAFF), browser(keys, "amira", Role.GUARDIAN)
    print(f"\nLärande: a class of {CLASS}, a matrix of {ROWS} rows, the demo's plans")
    for name, call in _pages(use, other, teacher, guardian).items():
        queries, times = measured(call)
        print(f"  {name:<36} {queries:>3} queries {statistics.median(times):>8.1f} ms")


def _grid(anna: Person) -> MatrixUse:
    """Anna's 4A filled up to 31, and a matrix for it."""
    teaching = made.activity()
    group = teaching.groups.get()
    more = CLASS - GroupMembership.objects.on(days.today()).filter(group=group).count()
    pupils = Person.objects.bulk_create(Person(given_name=f"E{n}", family_name="Extra") for n in range(more))
    yesterday = days.today() - timedelta(days=1)
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=yesterday) for pupil in pupils)
    place = {"school_unit": teaching.school_unit, "school_type": "GR", "school_year": 4, "start_date": yesterday}
    Enrolment.objects.bulk_create(Enrolment(pupil=pupil, **place) for pupil in pupils)
    return made.grid(anna, teaching, rows=ROWS)


def _pages(use: MatrixUse, other: MatrixUse, teacher: Any, guardian: Any) -> dict[str, Callable[[], Any]]:
    grid, cell = reverse("assessment:class_grid", args=[use.pk]), reverse("assessment:save_cell", args=[use.pk])
    whole = reverse("assessment:class_grid", args=[other.pk])
    memberships = GroupMembership.objects.on(days.today()).filter(group__activity_groups__activity=use.activity)
    pupils, rows = [row.person_id for row in memberships], [row.pk for row in other.matrix.rows.all()]
    codes = [step.code for step in scales_for(pupils, use.activity, days.today())[pupils[0]].steps]
    row, one_by_one, at_once = use.matrix.rows.all()[0], count(), count()

    def one_cell() -> Any:
        turn = next(one_by_one)
        data = {"row": row.pk, "pupil": pupils[0], "step": codes[turn % 2], "version": turn}
        return _accepted(teacher.send(cell, data), 200)

    def all_cells() -> Any:
        turn = next(at_once)
        fields = {f"step-{row}-{pupil}": codes[turn % 2] for pupil in pupils for row in rows}
        before = [codes[(turn - 1) % 2] if turn else ""] * len(fields)
        packed = json.dumps({"rows": rows, "pupils": pupils, "steps": before}, default=str)
        return _accepted(teacher.send(whole, {**fields, "before": packed}), 302)

    return {
        "class grid, view": lambda: teacher.get(grid),
        "class grid, one cell": one_cell,
        "class grid, all cells": all_cells,
        "guardian's week": lambda: guardian.get(reverse("larande:start")),
        "teacher's Lärande": lambda: teacher.get(reverse("larande:start")),
    }


def _accepted(answer: Any, status: int) -> Any:
    if answer.status_code != status:
        raise RuntimeError(f"answered {answer.status_code}")
    return answer
