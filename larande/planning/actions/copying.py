"""A plan copied: last year's, a colleague's, or one of the school's bank, with its days moved and its curriculum the one in force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dexter.audit.actions import record
from dexter.files.actions import keep
from dexter.lib.access import Actor, require
from larande.planning import reads
from larande.planning.models import LessonPlan, PlanContent, PlanCriterion, PlanFile, PlanLink, PlanTeaching, Task
from larande.planning.reads import Placement
from larande.syllabus.models import SubjectVersion
from registry.models import Person

from .keeping import refuse_another
from .plans import Texts, begun

WEEK = 7  # days


class Copied(NamedTuple):
    """The new draft, and the texts of the old curriculum that the one in force has no counterpart of."""

    plan: LessonPlan
    lost: list[str]


@transaction.atomic
def copy_plan(
    *, actor: Actor, source: LessonPlan, title: str, placements: list[Placement], tasks: QuerySet[Task], submission: UUID
) -> Copied:
    """A draft of one's own from a plan that one sees; `tasks` are those of it that one sees. The same `submission` gives the first.

    Tasks move by whole weeks, so that a Thursday's test stays on a Thursday; of tasks for single groups those of the first
    group come along, for all. Points and criteria are those of the version in force on the first new day, by their keys.
    """
    require(actor, "planning.make_plan")
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
    if known := LessonPlan.objects.filter(submission=submission).first():
        require(actor, "planning.own_plan", known)
        refuse_another((known.copied_from_id, known.title) != (source.pk, title))
        return Copied(known, [])
    texts = Texts(title, source.what, source.why, tuple(reads.goals_of(source)))
    plan = begun(actor, texts, placements, submission, source)
    first = min(placement.first for placement in placements)
    lost = _content(source, plan, first) + _criteria(source, plan, first)
    _tasks(source, plan, tasks, placements)
    _links_and_files(actor, source, plan)
    record(actor=actor, action="planning.copy_plan", object_id=plan.pk, details={"source": str(source.pk), "lost": len(lost)})
    return Copied(plan, lost)


def _content(source: LessonPlan, plan: LessonPlan, day: date) -> list[str]:
    kept, lost = _carried(reads.chosen_items(source), day)
    PlanContent.objects.bulk_create([PlanContent(plan=plan, item_id=key) for key in kept])
    return lost


def _criteria(source: LessonPlan, plan: LessonPlan, day: date) -> list[str]:
    kept, lost = _carried(reads.chosen_criteria(source), day)
    PlanCriterion.objects.bulk_create([PlanCriterion(plan=plan, criterion_id=key) for key in kept])
    return lost


def _carried(chosen: QuerySet[Any], day: date) -> tuple[list[UUID], list[str]]:
    """The ids of what is the same by its key in the versions in force on `day`, and the texts of what is there no more."""
    parts = list(chosen)
    held = _in_force([part.version for part in parts], day)
    rows = chosen.model._default_manager.filter(version__in=held.values(), key__in=[part.key for part in parts])
    known = {(row.version_id, row.key): row.pk for row in rows}
    found = {part.pk: known.get((held[_subject(part.version)].pk, part.key)) for part in parts if _subject(part.version) in held}
    return [key for key in dict.fromkeys(found.values()) if key], [part.text for part in parts if not found.get(part.pk)]


def _subject(version: SubjectVersion) -> tuple[str, str, str]:
    return version.school_type, version.subject_code, version.course_code


def _in_force(versions: list[SubjectVersion], day: date) -> dict[tuple[str, str, str], SubjectVersion]:
    codes = {version.subject_code for version in versions}
    return {_subject(version): version for version in SubjectVersion.objects.in_force(day).filter(subject_code__in=codes)}


def _tasks(source: LessonPlan, plan: LessonPlan, tasks: QuerySet[Task], placements: list[Placement]) -> None:
    old = PlanTeaching.objects.filter(plan=source).order_by("start_date", "pk").first()
    if old is None:
        return
    first, last = min(placement.first for placement in placements), max(placement.last for placement in placements)
    weeks = round((first - old.start_date).days / WEEK)
    rows = [task for task in tasks.filter(plan=source).order_by("day", "pk") if task.teaching_id in (None, old.pk)]
    Task.objects.bulk_create(
        Task(plan=plan, kind=row.kind, title=row.title, text=row.text, day=min(max(row.day + timedelta(weeks=weeks), first), last))
        for row in rows
    )


def _links_and_files(actor: Actor, source: LessonPlan, plan: LessonPlan) -> None:
    PlanLink.objects.bulk_create(PlanLink(plan=plan, title=row.title, url=row.url) for row in PlanLink.objects.filter(plan=source))
    for row in PlanFile.objects.filter(plan=source).select_related("stored"):
        stored = keep(row.stored.name, row.stored.media_type, bytes(row.stored.content))
        PlanFile.objects.create(plan=plan, stored=stored, title=row.title, added_by_id=actor.person_id)
