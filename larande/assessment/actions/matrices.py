"""Matrices are made, reworded, copied, put to work and retired. What has been judged keeps its row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from dexter.lib.models import uuid7
from larande.assessment.models import Assessment, AssessmentMatrix, MatrixCell, MatrixLevel, MatrixRow, MatrixUse, SelfAssessment
from larande.planning.models import LessonPlan, PlanTeaching
from registry.models import Activity, SchoolUnit, Syllabus

RULES = {MatrixLevel.SCHOOL: "assessment.keep_for_school", MatrixLevel.MUNICIPALITY: "assessment.keep_for_body"}
MOST_ROWS = 60


@dataclass(frozen=True)
class NewRow:
    title: str
    thread: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangedRow:
    """A row as the form sends it, in the order of the form."""

    pk: UUID
    title: str
    cells: Mapping[str, str]
    retired: bool
    removed: bool


@transaction.atomic
def make_matrix(
    *,
    actor: Actor,
    school_unit: SchoolUnit,
    syllabus: Syllabus,
    year: int | None,
    title: str,
    level: str,
    rows: Sequence[NewRow],
    activities: Collection[Activity],
    plan: LessonPlan | None,
    submission: UUID,
) -> AssessmentMatrix:
    """A template, and where teachings are given a copy of it at work in them. The same `submission` again gives the first.

    Raises ValidationError: no row, or too many.
    """
    require(actor, "assessment.make_matrix", school_unit)
    _require_level(actor, school_unit, level)
    _refuse_count(len(rows))
    subject = {"school_type": syllabus.school_type, "subject_code": syllabus.subject_code, "year": year}
    made, is_new = _once(actor, submission, school_unit=school_unit, level=level, title=title, **subject)
    if not is_new:
        return made
    _add_rows(made, rows)
    if activities:
        _put_to_work(actor, made, activities, plan, uuid7())
    record(actor=actor, action="assessment.make_matrix", object_id=made.pk, details={"rows": len(rows), "teachings": len(activities)})
    return made


@transaction.atomic
def edit_matrix(
    *,
    actor: Actor,
    matrix: AssessmentMatrix,
    title: str,
    level: str,
    rows: Sequence[ChangedRow],
    new_row: NewRow | None,
    version: int,
) -> AssessmentMatrix:
    """Title, level and every row at once, in the order given.

    Raises ValidationError: outdated; rows that are not the matrix's, each once; a judged row to remove; no row left.
    """
    stored = AssessmentMatrix.objects.select_for_update(of=("self",)).select_related("school_unit").get(pk=matrix.pk)
    require(actor, "assessment.edit_matrix", stored)
    if stored.version != version:
        raise ValidationError(_("Somebody else saved meanwhile. Both texts stand below. Check and save again."), code=OUTDATED)
    if level != stored.level:
        _require_level(actor, stored.school_unit, level)
    own = {row.pk: row for row in _held_rows(stored.pk)}
    if len(rows) != len(own) or {row.pk for row in rows} != set(own):
        raise ValidationError(_("The rows are not those of this matrix. Nothing is saved. Open the page anew."))
    _remove([row.pk for row in rows if row.removed])
    kept = [row for row in rows if not row.removed]
    _refuse_count(len([row for row in kept if not row.retired]) + (new_row is not None))
    _write_rows(own, kept)
    if new_row is not None:
        _add_rows(stored, [new_row], first=len(kept))
    AssessmentMatrix.objects.filter(pk=stored.pk).update(title=title, level=level, version=version + 1)
    record(actor=actor, action="assessment.edit_matrix", object_id=stored.pk, details={"rows": len(kept) + (new_row is not None)})
    return stored


@transaction.atomic
def copy_matrix(*, actor: Actor, matrix: AssessmentMatrix, school_unit: SchoolUnit, submission: UUID) -> AssessmentMatrix:
    """An own template of the same rows, at one's school. The same `submission` again gives the first."""
    require(actor, "assessment.make_matrix", school_unit)
    made, is_new = _copy(actor, matrix, submission, school_unit=school_unit, is_template=True)
    if not is_new:
        return made
    record(actor=actor, action="assessment.copy_matrix", object_id=made.pk)
    return made


@transaction.atomic
def retire_matrix(*, actor: Actor, matrix: AssessmentMatrix, retired: bool) -> None:
    """Offer it no more, or again; what is at work stays."""
    require(actor, "assessment.edit_matrix", matrix)
    AssessmentMatrix.objects.filter(pk=matrix.pk).update(retired_at=days.now() if retired else None)
    record(actor=actor, action="assessment.retire_matrix", object_id=matrix.pk, details={"retired": retired})


@transaction.atomic
def attach_matrix(
    *, actor: Actor, matrix: AssessmentMatrix, activities: Collection[Activity], plan: LessonPlan | None, submission: UUID
) -> list[MatrixUse]:
    """A copy of the matrix goes to work in the teachings, for the plan or for the subject. The same `submission` again gives the first.

    Raises ValidationError: no teaching, a retired matrix, or a plan that one of the teachings does not have.
    """
    if matrix.retired_at:
        raise ValidationError(_("The matrix is offered no more. Copy it, or choose another."))
    found, is_new = _put_to_work(actor, matrix, activities, plan, submission)
    if not is_new:
        return found
    record(actor=actor, action="assessment.attach_matrix", object_id=matrix.pk, details={"teachings": len(found)})
    return found


@transaction.atomic
def end_matrix_use(*, actor: Actor, use: MatrixUse) -> bool:
    """Fill it in no more. What was never filled in falls away altogether; True if so."""
    require(actor, "assessment.attach_matrix", use.activity)
    _held_rows(use.matrix_id)
    MatrixUse.objects.select_for_update().get(pk=use.pk)
    judged = any(model.objects.filter(use=use).exists() for model in (Assessment, SelfAssessment))
    key = use.pk
    if judged:
        MatrixUse.objects.filter(pk=key, ended_at=None).update(ended_at=days.now())
    else:
        MatrixUse.objects.filter(pk=key).delete()
        unused = AssessmentMatrix.objects.filter(pk=use.matrix_id, is_template=False, uses__isnull=True)
        unused.delete()
    record(actor=actor, action="assessment.end_matrix_use", object_id=key, details={"judged": judged})
    return not judged


def _require_level(actor: Actor, unit: SchoolUnit, level: str) -> None:
    if rule := RULES.get(MatrixLevel(level)):
        require(actor, rule, unit)


def _refuse_count(rows: int) -> None:
    if not rows:
        raise ValidationError(_("A matrix needs at least one row."))
    if rows > MOST_ROWS:
        raise ValidationError(_("A matrix holds at most %(count)d rows. Divide it.") % {"count": MOST_ROWS})


def _put_to_work(
    actor: Actor, matrix: AssessmentMatrix, activities: Collection[Activity], plan: LessonPlan | None, submission: UUID
) -> tuple[list[MatrixUse], bool]:
    if not activities:
        raise ValidationError({"activities": _("Choose at least one teaching.")})
    for activity in activities:
        require(actor, "assessment.attach_matrix", activity)
    if plan and PlanTeaching.objects.filter(plan=plan, activity__in=activities).count() < len(activities):
        raise ValidationError({"plan": _("The plan is not for all of the teachings that you chose.")})
    copy, is_new = _copy(actor, matrix, submission, school_unit=next(iter(activities)).school_unit, is_template=False)
    if not is_new:
        found = list(MatrixUse.objects.filter(matrix=copy))
        _refuse_another({(use.activity_id, use.plan_id) for use in found} != {(each.pk, plan.pk if plan else None) for each in activities})
        return found, False
    return MatrixUse.objects.bulk_create(MatrixUse(matrix=copy, activity=activity, plan=plan) for activity in activities), True


def _once(actor: Actor, submission: UUID, **values: Any) -> tuple[AssessmentMatrix, bool]:
    """The matrix of a form, and whether it is new. Raises ValidationError for a form that was sent for another, or by somebody else."""
    made, is_new = AssessmentMatrix.objects.get_or_create(submission=submission, defaults={"created_by_id": actor.person_id, **values})
    _refuse_another((made.created_by_id, made.copied_from) != (actor.person_id, values.get("copied_from")))
    return made, is_new


def _refuse_another(differs: bool) -> None:
    """Raises ValidationError when a form that was sent already comes again with something else."""
    if differs:
        raise ValidationError(_("The form has been sent already. Open the page anew."))


def _copy(actor: Actor, matrix: AssessmentMatrix, submission: UUID, **values: Any) -> tuple[AssessmentMatrix, bool]:
    """The teacher's own, with the rows that are not retired."""
    same = {name: getattr(matrix, name) for name in ("title", "school_type", "subject_code", "year")}
    made, is_new = _once(actor, submission, copied_from=matrix, level=MatrixLevel.TEACHER, **same, **values)
    if is_new:
        rows = MatrixRow.objects.filter(matrix=matrix, retired_at=None).prefetch_related("cells")
        _add_rows(made, [NewRow(row.title, row.thread, {cell.step_code: cell.text for cell in row.cells.all()}) for row in rows])
    return made, is_new


def _add_rows(matrix: AssessmentMatrix, rows: Sequence[NewRow], first: int = 0) -> None:
    made = [MatrixRow(matrix=matrix, position=first + place, title=row.title, thread=row.thread) for place, row in enumerate(rows)]
    MatrixRow.objects.bulk_create(made)
    cells = [(row, code, text) for row, given in zip(made, rows, strict=True) for code, text in given.cells.items() if text]
    MatrixCell.objects.bulk_create(MatrixCell(row=row, step_code=code, text=text) for row, code, text in cells)


def _held_rows(matrix: UUID) -> list[MatrixRow]:
    """The rows, when nobody judges on one of them any more (`reads.rows_to_fill`): what is asked afterwards stays so."""
    return list(MatrixRow.objects.select_for_update().filter(matrix=matrix).order_by("pk"))


def _remove(keys: Sequence[UUID]) -> None:
    if any(model.objects.filter(row__in=keys).exists() for model in (Assessment, SelfAssessment)):
        raise ValidationError(_("Pupils have been judged on a row that you want to remove. Retire it instead: what was judged stays."))
    MatrixRow.objects.filter(pk__in=keys).delete()


def _write_rows(own: Mapping[UUID, MatrixRow], rows: Sequence[ChangedRow]) -> None:
    now = days.now()
    for place, given in enumerate(rows):
        row = own[given.pk]
        row.position, row.title = place, given.title
        row.retired_at = (row.retired_at or now) if given.retired else None
    MatrixRow.objects.bulk_update([own[given.pk] for given in rows], ["position", "title", "retired_at"])
    cells = [(given.pk, code, text) for given in rows for code, text in given.cells.items()]
    filled = [MatrixCell(row_id=row, step_code=code, text=text) for row, code, text in cells if text]
    MatrixCell.objects.bulk_create(filled, update_conflicts=True, unique_fields=["row", "step_code"], update_fields=["text"])
    emptied = {(row, code) for row, code, text in cells if not text}
    stale = MatrixCell.objects.filter(row__in=[given.pk for given in rows]).values_list("pk", "row_id", "step_code")
    MatrixCell.objects.filter(pk__in=[key for key, row, code in stale if (row, code) in emptied]).delete()
