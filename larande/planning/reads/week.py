"""The week as pupils and homes read it: what each subject works with, and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from dexter.lib.days import Week
from larande.planning.models import PlanTeaching, Task
from larande.planning.models.parts import TaskQuerySet
from larande.planning.models.plans import PlanTeachingQuerySet
from registry.models import CalendarDay, CalendarKind, Group, GroupMembership, Person

from .taught import Taught, shares_a_day, taught

DAYS_AHEAD = 14  # after the week, told as what comes later
SCHOOL_DAYS = 5


@dataclass
class Work:
    """What a subject works with."""

    subject: str
    teaching: PlanTeaching


@dataclass
class Due:
    """Something to do, and the subjects in whose plan it stands."""

    task: Task
    teaching: PlanTeaching
    subjects: list[str]


@dataclass
class DueDay:
    day: date
    due: list[Due]
    departures: list[str]  # names of holidays and study days


@dataclass
class Silence:
    """Subjects of which nothing is published for the week, and who teaches them."""

    teachers: list[str]
    subjects: list[str]
    ever_published: bool  # if not this week, then another


@dataclass
class ReadWeek:
    """The week of a pupil, or of a class as its pupils read it."""

    whose: Person | Group
    works: list[Work]
    days: list[DueDay]  # Monday to Friday, and the weekend when something is due
    later: list[Due]
    silences: list[Silence]
    is_free: bool  # every school day of the week is a holiday or the like

    @property
    def departure_names(self) -> list[str]:
        return list(dict.fromkeys(name for day in self.days for name in day.departures))

    @property
    def is_anything_due(self) -> bool:
        return any(day.due for day in self.days)


def weeks_of(
    pupils: Sequence[Person], week: Week, teachings: PlanTeachingQuerySet, tasks: TaskQuerySet, calendar: Iterable[CalendarDay]
) -> list[ReadWeek]:
    """The week of pupils whom the caller has found by their scope, from the teachings, tasks and calendar that the caller may see.

    However many the pupils and plans: four statements, with that of the calendar.
    """
    first, until = week.days[0], week.days[-1] + timedelta(days=DAYS_AHEAD)
    their = taught([pupil.pk for pupil in pupils], first, until)
    plans = published_between({one.activity_id for one in their}, first, until, teachings, tasks)
    due = list(tasks.filter(plan__in={row.plan_id for row in plans}, day__range=(first, until)).order_by("day", "pk"))
    departures = list(calendar)
    return [_week(pupil, week, [one for one in their if one.pupil_id == pupil.pk], plans, due, departures) for pupil in pupils]


def week_of_class(
    group: Group, week: Week, teachings: PlanTeachingQuerySet, tasks: TaskQuerySet, calendar: Iterable[CalendarDay]
) -> ReadWeek:
    """The week of a class that the caller has found by its scope, with the teaching groups of its pupils: five statements.

    It tells of no pupil: subjects go by the teaching's name, never by a pupil's own syllabus.
    """
    first, until = week.days[0], week.days[-1] + timedelta(days=DAYS_AHEAD)
    members = GroupMembership.objects.filter(shares_a_day(first, week.days[-1]), group=group).values_list("person_id", flat=True)
    their: dict[UUID, Taught] = {}
    for one in taught(members, first, until):
        same = their.setdefault(one.activity_id, replace(one, subject=one.common_subject, periods=[]))
        same.periods.extend(one.periods)
    plans = published_between(their, first, until, teachings, tasks)
    due = list(tasks.filter(plan__in={row.plan_id for row in plans}, day__range=(first, until)).order_by("day", "pk"))
    in_order = sorted(their.values(), key=lambda one: (one.subject.casefold(), one.activity_id))
    return _week(group, week, in_order, plans, due, list(calendar))


def published_between(
    activities: Iterable[UUID], first: date, last: date, teachings: PlanTeachingQuerySet, tasks: TaskQuerySet
) -> list[PlanTeaching]:
    """What is published in these activities and is taught, or has something due, from `first` to `last`."""
    to_do = tasks.filter(Q(teaching=None) | Q(teaching=OuterRef("pk")), plan=OuterRef("plan"), day__range=(first, last))
    meanwhile = Q(start_date__lte=last, end_date__gte=first) | Q(Exists(to_do))
    rows = teachings.published().filter(meanwhile, activity__in=list(activities)).select_related("plan")
    return list(rows.order_by("start_date", "pk"))


def _week(
    whose: Person | Group, week: Week, their: list[Taught], plans: list[PlanTeaching], tasks: list[Task], departures: list[CalendarDay]
) -> ReadWeek:
    first, last = week.days[0], week.days[-1]
    own = [Work(one.subject, row) for one in their for row in plans if one.takes_part_in(row)]
    works = [work for work in own if work.teaching.start_date <= last and work.teaching.end_date >= first]
    due = due_of(their, plans, tasks)
    present = [one for one in their if one.is_there(first, last)]
    days = _days(week, due, [row for row in departures if row.school_unit_id in {None, *(one.unit_id for one in present)}])
    return ReadWeek(
        whose=whose,
        works=[work for work in works if any(one.activity_id == work.teaching.activity_id for one in present)],
        days=days,
        later=[one for one in due if one.task.day > last],
        silences=_silences([one for one in present if one.subject_code and one.activity_id not in _activities(works)]),
        is_free=all(day.departures for day in days[:SCHOOL_DAYS]),
    )


def due_of(their: Iterable[Taught], plans: Iterable[PlanTeaching], tasks: Iterable[Task]) -> list[Due]:
    """What the pupil is to do: for all whom a plan is for or for the own teaching, due on a day in the group; by day."""
    tasks = list(tasks)
    found: dict[UUID, Due] = {}
    for one, row in ((one, row) for one in their for row in plans if one.takes_part_in(row)):
        for task in tasks:
            if task.plan_id == row.plan_id and task.teaching_id in {None, row.pk} and one.is_there(task.day, task.day):
                found.setdefault(task.pk, Due(task, row, [])).subjects.append(one.subject)
    return sorted(found.values(), key=lambda due: (due.task.day, due.subjects, due.task.pk))


def _activities(works: Iterable[Work]) -> set[UUID]:
    return {work.teaching.activity_id for work in works}


def _days(week: Week, due: list[Due], departures: list[CalendarDay]) -> list[DueDay]:
    shown = [
        DueDay(
            day,
            [one for one in due if one.task.day == day],
            [row.name for row in departures if row.kind != CalendarKind.EXTRA_DAY and row.start_date <= day <= row.end_date],
        )
        for day in week.days
    ]
    return shown[:SCHOOL_DAYS] + [day for day in shown[SCHOOL_DAYS:] if day.due]


def _silences(their: Iterable[Taught]) -> list[Silence]:
    """One for each set of teachers, so that a teacher of many subjects is named once."""
    found: dict[tuple[tuple[str, ...], bool], Silence] = {}
    for one in their:
        silence = found.setdefault((tuple(one.teachers), one.ever_published), Silence(one.teachers, [], one.ever_published))
        silence.subjects.append(one.subject)
    return list(found.values())
