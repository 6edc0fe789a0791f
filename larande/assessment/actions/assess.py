"""A teacher judges: one cell, a pupil or a whole class by the same action; and publishes, or takes back, what the home reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from larande.assessment import reads
from larande.assessment.models import Assessment, AssessmentStep, MatrixUse
from larande.assessment.reads import Place

WRITTEN = ["step", "comment", "assessed_by", "assessed_at", "version"]
UNCHANGED = Q(step=F("published_step")) | Q(step=None, published_step=None)


class Conflict(Exception):
    """Somebody else saved one of the cells meanwhile; nothing was changed. `stored` are the cells as they are."""

    def __init__(self, stored: Sequence[Assessment]) -> None:
        super().__init__()
        self.stored = list(stored)


@dataclass(frozen=True)
class Mark:
    """What is to stand in a cell: the code of a step (none: no step) and words (None: as they are).

    The form showed the cell's `version` (0: empty) or, in a grid of steps alone, the code `before`.
    """

    row: UUID
    pupil: UUID
    step: str
    comment: str | None = None
    version: int | None = None
    before: str | None = None

    @property
    def place(self) -> Place:
        return self.row, self.pupil

    def is_in(self, stored: Assessment | None) -> bool:
        """Stands there already, as when a form is sent twice."""
        code = stored.step.code if stored and stored.step else ""
        words = stored.comment if stored else ""
        return code == self.step and (self.comment is None or words == self.comment)

    def is_stale(self, stored: Assessment | None) -> bool:
        if self.version is not None:
            return self.version != (stored.version if stored else 0)
        return self.before != (stored.step.code if stored and stored.step else "")


@transaction.atomic
def assess(*, actor: Actor, use: MatrixUse, marks: Sequence[Mark]) -> list[Assessment]:
    """Put `marks` in their cells, all or none; gives those cells as they stand. History is kept by a trigger.

    Raises Conflict when a cell is no longer what the form showed, and ValidationError for a row, pupil or step that does not
    belong, for a cell named twice, and for oneself or one's own child (förvaltningslagen 16 §). What stands already is no change.
    """
    require(actor, "assessment.assess", use)
    steps = _steps(actor, use, marks)
    rows, pupils = {mark.row for mark in marks}, {mark.pupil for mark in marks}
    found = Assessment.objects.select_for_update(of=("self",)).filter(use=use, row__in=rows, pupil__in=pupils).order_by("pk")
    found = found.select_related("step", "assessed_by")
    stored = {(cell.row_id, cell.pupil_id): cell for cell in found}
    wanted = [mark for mark in marks if not mark.is_in(stored.get(mark.place))]
    if stale := [mark.place for mark in wanted if mark.is_stale(stored.get(mark.place))]:
        raise Conflict([stored[place] for place in stale if place in stored])
    changed = [_filled(actor, use, mark, stored.get(mark.place), steps[mark.place]) for mark in wanted]
    _write(changed)
    if changed:
        record(actor=actor, action="assessment.assess", subjects={cell.pupil_id for cell in changed}, object_id=use.pk)
    standing = stored | {(cell.row_id, cell.pupil_id): cell for cell in changed}
    return [standing[mark.place] for mark in marks if mark.place in standing]


def _steps(actor: Actor, use: MatrixUse, marks: Sequence[Mark]) -> dict[Place, AssessmentStep | None]:
    """The step of each mark, by what is offered to its pupil; every id is held against the grid on the server."""
    places = {mark.place for mark in marks}
    roster = {pupil.pk: pupil.is_own for pupil in reads.pupils_of(use, actor).filter(pk__in={pupil for _row, pupil in places})}
    rows = reads.rows_to_fill(use, {row for row, _pupil in places})
    if len(places) != len(marks) or not all(row in rows and pupil in roster for row, pupil in places):
        raise ValidationError(_("The grid has changed. Nothing was saved: load the page again."))
    if any(roster.values()):
        raise ValidationError(_("You cannot judge yourself or your own child. Nothing was saved."))
    offered = reads.scales_for(list(roster), use.activity, reads.day_of(use))
    steps = {mark.place: offered[mark.pupil].step(mark.step) if mark.pupil in offered else None for mark in marks}
    if any(mark.step and steps[mark.place] is None for mark in marks):
        raise ValidationError(_("A step is not offered to the pupil. Nothing was saved."))
    return steps


def _filled(actor: Actor, use: MatrixUse, mark: Mark, stored: Assessment | None, step: AssessmentStep | None) -> Assessment:
    cell = stored or Assessment(use=use, row_id=mark.row, activity_id=use.activity_id, pupil_id=mark.pupil, version=0)
    cell.step = step
    cell.comment = cell.comment if mark.comment is None else mark.comment
    cell.assessed_by_id, cell.assessed_at = actor.person_id, days.now()
    cell.version += 1
    return cell


def _write(cells: Sequence[Assessment]) -> None:
    """At most two statements. Raises Conflict when somebody filled one of the empty cells in the same moment.

    Cells that are there, and locked, go in as new rows that meet themselves: bulk_update takes ten times as long.
    """
    try:
        with transaction.atomic():
            Assessment.objects.bulk_create([cell for cell in cells if cell.version == 1])
    except IntegrityError:
        raise Conflict([]) from None
    if renewed := [cell for cell in cells if cell.version > 1]:
        Assessment.objects.bulk_create(renewed, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)


@transaction.atomic
def publish_grid(*, actor: Actor, use: MatrixUse, pupils: Iterable[UUID], seen: Mapping[Place, int]) -> int:
    """Let the homes of `pupils` read their cells as they stand; gives how many cells that changes. An emptied cell disappears.
    What stands on a retired row, which the grid does not show, stays as the home has it.

    `seen` are the versions of the cells that the page showed. Raises Conflict, with nothing published, when a cell of the chosen
    is another by now, and ValidationError for a pupil who is not in the grid, or is the actor's own.
    """
    require(actor, "assessment.publish_grid", use)
    chosen = _open_pupils(actor, use, set(pupils))
    shown = Assessment.objects.select_for_update(of=("self",)).filter(use=use, pupil__in=chosen, row__retired_at=None).order_by("pk")
    stored = {(cell.row_id, cell.pupil_id): cell for cell in shown}
    versions = {place: version for place, version in seen.items() if version and place[1] in chosen}
    if versions != {place: cell.version for place, cell in stored.items()}:
        raise Conflict([cell for place, cell in stored.items() if cell.version != versions.get(place)])
    drafts = Assessment.objects.filter(pk__in=[cell.pk for cell in stored.values()]).exclude(
        UNCHANGED, comment=F("published_comment"), published_at__isnull=False
    )
    subjects = set(drafts.exclude(step=None, comment="", published_at=None).values_list("pupil_id", flat=True))
    emptied = drafts.filter(step=None, comment="", published_at__isnull=False)
    count = emptied.update(published_step=None, published_comment="", published_at=None)
    filled = drafts.exclude(step=None, comment="")
    count += filled.update(published_step=F("step"), published_comment=F("comment"), published_at=days.now())
    record(actor=actor, action="assessment.publish_grid", subjects=subjects, object_id=use.pk, details={"cells": count})
    return count


@transaction.atomic
def withdraw_grid(*, actor: Actor, use: MatrixUse, pupils: Iterable[UUID]) -> int:
    """Take back what the homes of `pupils` read in the grid; what was judged stays with the school. Raises as `publish_grid`."""
    require(actor, "assessment.publish_grid", use)
    shown = Assessment.objects.filter(use=use, pupil__in=_open_pupils(actor, use, set(pupils)), published_at__isnull=False)
    subjects = set(shown.values_list("pupil_id", flat=True))
    count = shown.update(published_step=None, published_comment="", published_at=None)
    record(actor=actor, action="assessment.withdraw_grid", subjects=subjects, object_id=use.pk, details={"cells": count})
    return count


def _open_pupils(actor: Actor, use: MatrixUse, chosen: set[UUID]) -> list[UUID]:
    roster = {pupil.pk: pupil.is_own for pupil in reads.pupils_of(use, actor).filter(pk__in=chosen)}
    if set(roster) != chosen or any(roster.values()):
        raise ValidationError(_("The grid has changed. Nothing was done: load the page again."))
    return list(roster)
