"""Tasks, links and files of a plan. What homes had read is kept when it changes; adding needs no note."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.files.actions import digest_of, keep_upload
from dexter.files.kinds import media_type_of
from dexter.files.models import MEGABYTE, StoredFile
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from larande.planning.models import LessonPlan, PlanFile, PlanLink, PlanTeaching, Task, TaskKind

from .keeping import keep_change, locked, refuse_another

LARGEST_FILE, LARGEST_PLAN = 10 * MEGABYTE, 50 * MEGABYTE  # bytes, of a file and of all files of a plan
MOST_TASKS, MOST_LINKS, MOST_FILES = 60, 30, 20


class TaskWords(NamedTuple):
    """What a task says; without a teaching it is for all groups of the plan."""

    title: str
    day: date
    kind: str = TaskKind.TASK
    text: str = ""
    teaching: PlanTeaching | None = None


@transaction.atomic
def add_task(*, actor: Actor, plan: LessonPlan, words: TaskWords, submission: UUID) -> Task:
    """The same `submission` again gives the first. Raises ValidationError for a group that is not the plan's."""
    require(actor, "planning.edit_plan", plan)
    row = locked(plan)
    known: Task | None = sent_before(Task.objects.filter(pk=submission), row, **words._asdict())
    if known:
        return known
    _refuse_more(row.tasks.count(), MOST_TASKS)
    _check(row, words)
    task = Task.objects.create(id=submission, plan=row, **words._asdict())
    record(actor=actor, action="planning.add_task", object_id=row.pk, details={"task": str(task.pk)})
    return task


@transaction.atomic
def edit_task(*, actor: Actor, task: Task, version: int, words: TaskWords) -> Task:
    """Raises ValidationError (OUTDATED) when somebody saved since `version`."""
    require(actor, "planning.edit_plan", task.plan)
    plan, row = locked(task.plan), Task.objects.select_for_update().get(pk=task.pk)
    if row.version != version:
        raise ValidationError(_("Somebody else saved meanwhile. What is saved now stands at the top. Check and save again."), code=OUTDATED)
    _check(plan, words)
    before = {"tasks": [_in_words(row)]}
    for name, value in words._asdict().items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    keep_change(actor, plan, before)
    record(actor=actor, action="planning.edit_task", object_id=plan.pk, details={"task": str(row.pk)})
    return row


@transaction.atomic
def remove_task(*, actor: Actor, task: Task) -> None:
    require(actor, "planning.edit_plan", task.plan)
    plan, before, key = locked(task.plan), {"tasks": [_in_words(task)]}, task.pk
    if Task.objects.filter(pk=key).delete()[0]:
        keep_change(actor, plan, before)
        record(actor=actor, action="planning.remove_task", object_id=plan.pk, details={"task": str(key)})


@transaction.atomic
def add_link(*, actor: Actor, plan: LessonPlan, title: str, url: str, submission: UUID) -> PlanLink:
    """The same `submission` again gives the first. Raises ValidationError for anything but a web address."""
    require(actor, "planning.edit_plan", plan)
    row = locked(plan)
    named = {"title": title or url[:120], "url": url}
    known: PlanLink | None = sent_before(PlanLink.objects.filter(pk=submission), row, **named)
    if known:
        return known
    _refuse_more(row.links.count(), MOST_LINKS)
    if not url.startswith(("https://", "http://")):
        raise ValidationError({"url": _("Write an address that begins with https://")})
    link = PlanLink.objects.create(id=submission, plan=row, **named)
    record(actor=actor, action="planning.add_link", object_id=row.pk, details={"link": str(link.pk)})
    return link


@transaction.atomic
def remove_link(*, actor: Actor, link: PlanLink) -> None:
    require(actor, "planning.edit_plan", link.plan)
    plan, key = locked(link.plan), link.pk
    if PlanLink.objects.filter(pk=key).delete()[0]:
        keep_change(actor, plan, {"links": [f"{link.title} {link.url}"]})
        record(actor=actor, action="planning.remove_link", object_id=plan.pk, details={"link": str(key)})


@transaction.atomic
def add_file(*, actor: Actor, plan: LessonPlan, upload: UploadedFile, title: str, submission: UUID) -> PlanFile:
    """Keep a file of an allowed kind, at most 10 MB, 20 of them and 50 MB a plan; else raises ValidationError on `upload`.

    The same `submission` again gives the first.
    """
    require(actor, "planning.edit_plan", plan)
    row = locked(plan)
    known: PlanFile | None = sent_before(PlanFile.objects.filter(pk=submission), row)
    if known:
        refuse_another(bytes(known.stored.sha256) != digest_of(upload))
        return known
    _refuse_more(row.files.count(), MOST_FILES)
    try:
        stored = _stored(row, upload)
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages}) from None
    file = PlanFile.objects.create(id=submission, plan=row, stored=stored, title=title or stored.name, added_by_id=actor.person_id)
    record(actor=actor, action="planning.add_file", object_id=row.pk, details={"file": str(file.pk), "bytes": stored.size})
    return file


@transaction.atomic
def remove_file(*, actor: Actor, file: PlanFile) -> None:
    """The bytes go too; a copy of the plan has its own."""
    require(actor, "planning.edit_plan", file.plan)
    plan, key = locked(file.plan), file.pk
    if PlanFile.objects.filter(pk=key).delete()[0]:
        StoredFile.objects.filter(pk=file.stored_id).delete()
        keep_change(actor, plan, {"files": [file.title]})
        record(actor=actor, action="planning.remove_file", object_id=plan.pk, details={"file": str(key)})


def sent_before(rows: QuerySet[Any], plan: LessonPlan, **values: Any) -> Any:
    """What the same form made. Raises ValidationError for the form of another plan, or one that now says something else."""
    known = rows.first()
    refuse_another(known and (known.plan_id != plan.pk or any(getattr(known, name) != value for name, value in values.items())))
    return known


def _stored(plan: LessonPlan, upload: UploadedFile) -> StoredFile:
    if (upload.size or 0) > LARGEST_FILE:
        raise ValidationError(_("The file is larger than %(size)s.") % {"size": filesizeformat(LARGEST_FILE)})
    used = StoredFile.objects.filter(pk__in=plan.files.values("stored")).aggregate(sum=Sum("size"))["sum"] or 0
    if used + (upload.size or 0) > LARGEST_PLAN:
        raise ValidationError(_("The files of a plan may be %(size)s together. Remove one first.") % {"size": filesizeformat(LARGEST_PLAN)})
    return keep_upload(upload, media_type_of(upload), LARGEST_FILE)


def _refuse_more(count: int, most: int) -> None:
    if count >= most:
        raise ValidationError(_("A plan holds at most %(count)d of these. Remove one first.") % {"count": most})


def _check(plan: LessonPlan, words: TaskWords) -> None:
    if words.teaching and words.teaching.plan_id != plan.pk:
        raise ValidationError({"teaching": _("Choose one of the plan's groups.")})


def _in_words(task: Task) -> str:
    return " ".join(part for part in (str(task.day), task.title, task.text) if part)
