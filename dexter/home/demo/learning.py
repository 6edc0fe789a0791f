"""What Lärande holds in the demo: plans of every subject and class, and judgements in mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import yaml
from django.db.models import Min

from dexter.lib import days
from larande.assessment.models import Assessment, AssessmentMatrix, AssessmentStep, MatrixCell, MatrixLevel, MatrixRow, MatrixUse
from larande.assessment.reads import cells_of, scales_for, title_of
from larande.planning.models import LessonPlan, PlanContent, PlanGoal, PlanState, PlanTeaching, Task, TaskKind
from larande.syllabus import reads as syllabus
from larande.syllabus.models import CentralContentItem, SubjectVersion
from larande.syllabus.reads import Thread
from registry.models import Activity, DutyAssignment, Enrolment, Group, GroupType, Person

from .seeded import Seeded, Writer

THEMES = Path(__file__).with_name("plans.yaml")
JUDGED, OTHER = "GRGRMAT01", "other"
POINTS, ROWS, MORNING = 3, 6, time(7)
SCHOOL_DAYS, EVERY = 5, 2  # days of a week; weeks between homework
KEYS_APART = 1_000  # so that chance makes other keys than those of the town
JUDGES, PUBLISHES = 0.7, 0.6  # of the cells, of the classes
WEEKS = ((-9, -4, PlanState.COMPLETED), (-3, 3, PlanState.PUBLISHED), (4, 8, PlanState.SHARED))  # of the plans of a subject, from today


class Theme(NamedTuple):
    title: str
    what: str
    why: str
    goals: list[str]
    homework: str
    test: str
    ends_as: str = TaskKind.TEST


class Place(NamedTuple):
    """Where a plan belongs: a class's teaching of a subject, by whom, and what its curriculum says."""

    group: Group
    year: int
    activity: Activity
    teacher: Person
    pupils: list[Person]
    version: SubjectVersion
    points: list[CentralContentItem]
    criteria: list[Thread]


class Maker(NamedTuple):
    rng: Seeded
    rows: Writer
    today: date
    turns: list[str]  # the subjects in turn, for their days of homework


def build_learning(*, seed: int = 1, quiet: bool = True) -> int:
    """Three plans of each subject in each class (behind, now, ahead), with tasks; a matrix in mathematics, partly filled in.

    Gives how many rows were written.
    """
    themes = {code: [Theme(**row) for row in rows] for code, rows in yaml.safe_load(THEMES.read_text(encoding="utf-8")).items()}
    maker = Maker(Seeded(seed + KEYS_APART), Writer(quiet=quiet), days.today(), list(themes))
    for place in _places(maker):
        for number, theme in enumerate(themes.get(place.version.subject_code, themes[OTHER])):
            _plan(maker, place, theme, *WEEKS[number])
        if place.version.subject_code == JUDGED:
            _judge(maker, place)
    maker.rows.close()
    return maker.rows.written


def _places(maker: Maker) -> Iterator[Place]:
    assigned = DutyAssignment.objects.filter(activity__groups__group_type=GroupType.CLASS).exclude(activity__syllabus=None)
    found = {row.activity_id: row for row in assigned.select_related("duty__person", "activity__syllabus", "activity__school_unit")}
    known: dict[tuple[UUID | None, int], Curriculum | None] = {}
    for row in sorted(found.values(), key=lambda one: one.activity.name):
        group = row.activity.groups.get(group_type=GroupType.CLASS)
        pupils = list(Person.objects.members_of(group, maker.today))
        year = Enrolment.objects.filter(pupil__in=pupils).aggregate(year=Min("school_year"))["year"]
        if year is None:
            continue
        key = (row.activity.syllabus_id, year)
        if key not in known:
            known[key] = _curriculum(row.activity, year, maker.today)
        if content := known[key]:
            yield Place(group, year, row.activity, row.duty.person, pupils, *content)


Curriculum = tuple[SubjectVersion, list[CentralContentItem], list[Thread]]


def _curriculum(activity: Activity, year: int, day: date) -> Curriculum | None:
    version = syllabus.content_of(activity.syllabus, day) if activity.syllabus else None
    if version is None:
        return None
    return version, list(syllabus.items_for(version, year)), syllabus.threads(syllabus.criteria_for(version, year))


def _plan(maker: Maker, place: Place, theme: Theme, first_week: int, last_week: int, state: PlanState) -> None:
    monday = maker.today - timedelta(days=maker.today.weekday())
    first, last = monday + timedelta(weeks=first_week), monday + timedelta(weeks=last_week, days=4)
    made = LessonPlan(
        id=maker.rng.uuid(),
        school_unit=place.activity.school_unit,
        created_by=place.teacher,
        title=theme.title,
        what=theme.what,
        why=theme.why,
        state=state,
        in_bank=state == PlanState.COMPLETED,
        submission=maker.rng.uuid(),
    )
    published = {"published_at": days.moment(first, MORNING), "published_by": place.teacher} if state != PlanState.SHARED else {}
    teaching = PlanTeaching(id=maker.rng.uuid(), plan=made, activity=place.activity, start_date=first, end_date=last, **published)
    maker.rows.add(made, teaching)
    for position, goal in enumerate(theme.goals):
        maker.rows.add(PlanGoal(id=maker.rng.uuid(), plan=made, position=position, text=goal))
    _tasks(maker, made, place, theme, first, last)
    chosen = maker.rng.sample(place.points, min(POINTS, len(place.points)))
    maker.rows.add(*[PlanContent(plan=made, item=point) for point in chosen])


def _tasks(maker: Maker, made: LessonPlan, place: Place, theme: Theme, first: date, last: date) -> None:
    """Homework every second week on the subject's own day, so that a week holds a few things and not one of each subject."""
    code = place.version.subject_code
    turn = maker.turns.index(code if code in maker.turns else OTHER)
    weekday, begun = turn % SCHOOL_DAYS, turn % EVERY
    for number, offset in enumerate(range(begun * 7, (last - first).days - 7, EVERY * 7), start=1):
        day = first + timedelta(days=offset + weekday)
        words = {"kind": TaskKind.HOMEWORK, "title": f"{theme.homework} {number}", "text": ""}
        maker.rows.add(Task(id=maker.rng.uuid(), plan=made, day=day, **words))
    last_day = last - timedelta(days=SCHOOL_DAYS - 1 - weekday)
    maker.rows.add(Task(id=maker.rng.uuid(), plan=made, day=last_day, kind=theme.ends_as, title=theme.test))


def _judge(maker: Maker, place: Place) -> None:
    """A matrix made of the criteria, in use for the subject, with most of its cells filled in."""
    offered = scales_for([pupil.pk for pupil in place.pupils], place.activity, maker.today)
    if not place.criteria or not offered:
        return
    matrix = AssessmentMatrix(
        id=maker.rng.uuid(),
        school_unit=place.activity.school_unit,
        created_by=place.teacher,
        level=MatrixLevel.TEACHER,
        is_template=False,
        title=f"{place.version.name} årskurs {place.year}",
        school_type=place.version.school_type,
        subject_code=place.version.subject_code,
        year=place.year,
        submission=maker.rng.uuid(),
    )
    use = MatrixUse(id=maker.rng.uuid(), matrix=matrix, activity=place.activity)
    maker.rows.add(matrix, use)
    scale = next(iter(offered.values()))
    is_published = maker.rng.random() < PUBLISHES or place.group.name == "4A"
    for position, thread in enumerate(place.criteria[:ROWS]):
        row = MatrixRow(id=maker.rng.uuid(), matrix=matrix, position=position, title=title_of(thread), thread=thread.key)
        maker.rows.add(row)
        maker.rows.add(*[MatrixCell(row=row, step_code=step, text=text) for step, text in cells_of(thread, scale).items()])
        for pupil in place.pupils:
            if pupil.pk in offered and maker.rng.random() < JUDGES:
                _cell(maker, use, row, pupil, place.teacher, maker.rng.choice(offered[pupil.pk].steps), is_published=is_published)


def _cell(
    maker: Maker, use: MatrixUse, row: MatrixRow, pupil: Person, teacher: Person, step: AssessmentStep, *, is_published: bool
) -> None:
    at = days.moment(maker.today - timedelta(days=maker.rng.randrange(3, 40)), MORNING)
    published = {"published_step": step, "published_at": at} if is_published else {}
    maker.rows.add(
        Assessment(
            id=maker.rng.uuid(),
            use=use,
            row=row,
            activity=use.activity,
            pupil=pupil,
            step=step,
            assessed_by=teacher,
            assessed_at=at,
            **published,
        )
    )
