"""What the tests of the week need beside plans: tasks, memberships that end and begin, modules that are off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dexter.lib import days
from dexter.lib.days import Week
from larande.planning.models import LessonPlan, PlanTeaching, Task, TaskKind
from registry.models import Activity, GroupMembership, Module, ModuleSwitch, Person, SchoolUnit

from . import made

TODAY = days.today()
MONDAY = Week.of(TODAY).monday


def task(
    plan: LessonPlan, title: str = "Räkna sidan 12", day: date | None = None, teaching: PlanTeaching | None = None, **more: Any
) -> Task:
    return Task.objects.create(plan=plan, title=title, day=day or TODAY, teaching=teaching, **{"kind": TaskKind.HOMEWORK, **more})


def plan(maker: Person, title: str, class_name: str = "4A", subject: str = "GRGRMAT01", **more: Any) -> PlanTeaching:
    """A published plan of three weeks around today."""
    given = made.activity(class_name, subject)
    made_plan = made.plan(maker, given, published=more.pop("published", True), title=title, **more)
    return made_plan.teachings.get()


def moves(pupil: Person, to: str, on: date) -> None:
    """The pupil is in another class from the day."""
    GroupMembership.objects.filter(person=pupil, in_class=True, end_date=None).update(end_date=on - timedelta(days=1))
    group = made.activity(to).groups.get()
    GroupMembership.objects.create(person=pupil, group=group, start_date=on)


def switch_off(module: Module, activity: Activity | None = None) -> SchoolUnit:
    unit = (activity or made.activity()).school_unit
    ModuleSwitch.objects.create(school_unit=unit, module=module, is_on=False, start_date=TODAY)
    return unit


def week_path(day: date) -> str:
    week = Week.of(day)
    return f"/larande/vecka/{week.year:04d}-v{week.number:02d}/"


def text(browser: Any, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


def part(page: str, cast: Any, key: str) -> str:
    """What the page of the week says of one child."""
    _before, _found, rest = page.partition(f'id="{cast.id(key)}"')
    return rest.split('class="card stack learner"')[0]
