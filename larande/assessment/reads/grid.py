"""The grid of a class: who stands on which step of which row, as a page shows it and a save finds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, OuterRef, Q, UUIDField, Value, When

from dexter.lib import days
from dexter.lib.models import period_holds
from larande.assessment.models import Assessment, MatrixCell, MatrixRow, MatrixUse, SelfAssessment
from registry.models import DutyAssignment, GroupMembership, Guardianship, Module, Person, SchoolUnit, SecurityMarking, uses

from .scales import Scale, scales_for

if TYPE_CHECKING:
    from datetime import date

    from dexter.lib.access import Actor
    from larande.assessment.models.assessments import HistoryQuerySet
    from larande.assessment.models.matrices import MatrixUseQuerySet
    from registry.models.person import PersonQuerySet

Place = tuple[UUID, UUID]  # row and pupil


@dataclass
class Cell:
    """A pupil on a row. `typed` is what a form said and could not save; `found` what somebody else saved meanwhile."""

    row: MatrixRow
    pupil: Person
    stored: Assessment | None
    typed: str | None = None
    comment_typed: str | None = None
    own_view: SelfAssessment | None = None
    is_new: bool = False  # saved since a form was made
    options: str = ""  # what a form adds
    changes: list[Any] = field(default_factory=list)

    @property
    def step(self) -> str:
        """The code of the step as stored, or nothing."""
        return self.stored.step.code if self.stored and self.stored.step else ""

    @property
    def shown_step(self) -> str:
        return self.step if self.typed is None else self.typed

    @property
    def comment(self) -> str:
        return self.stored.comment if self.stored else ""

    @property
    def shown_comment(self) -> str:
        return self.comment if self.comment_typed is None else self.comment_typed

    @property
    def version(self) -> int:
        return self.stored.version if self.stored else 0

    @property
    def is_draft(self) -> bool:
        """Written, and the home does not read it as it stands."""
        return self.stored is not None and not self.stored.is_published

    @property
    def differs(self) -> bool:
        """Another step, or other words, are stored than the form wanted."""
        return (self.typed is not None and self.typed != self.step) or (
            self.comment_typed is not None and self.comment_typed != self.comment
        )


@dataclass
class Line:
    """One pupil across the rows."""

    pupil: Person
    scale: Scale | None  # None: no steps are offered to this pupil
    is_own: bool  # oneself or one's own child: another judges
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.scale is not None and not self.is_own

    @property
    def drafts(self) -> int:
        return sum(cell.is_draft for cell in self.cells)

    @property
    def new_cells(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_new]

    @property
    def judged(self) -> int:
        return sum(bool(cell.step) for cell in self.cells)


@dataclass
class Grid:
    use: MatrixUse
    rows: list[MatrixRow]
    lines: list[Line]

    @property
    def scales(self) -> list[Scale]:
        """Those in use among the pupils, each once."""
        return list({line.scale.row.pk: line.scale for line in self.lines if line.scale}.values())

    @property
    def drafts(self) -> int:
        return sum(line.drafts for line in self.lines)

    @property
    def published(self) -> int:
        return sum(cell.stored is not None and cell.stored.published_at is not None for line in self.lines for cell in line.cells)

    def line_of(self, pupil: UUID) -> Line | None:
        return next((line for line in self.lines if line.pupil.pk == pupil), None)


def with_grid_rights(uses_of: MatrixUseQuerySet, actor: Actor) -> MatrixUseQuerySet:
    """Adds, for the rules, whether this actor teaches here today and whether pupils assess themselves."""
    today = days.today()
    teaching = DutyAssignment.objects.filter(
        period_holds(today), period_holds(today, "duty__"), duty__person=actor.person_id, activity=OuterRef("activity")
    )
    themselves = SchoolUnit.objects.filter(uses(Module.SELF_ASSESSMENT, "pk"), pk=OuterRef("activity__school_unit"))
    rights = {
        "asked_by": Value(actor.person_id, output_field=UUIDField()),
        "is_teacher": ExpressionWrapper(Q(Exists(teaching)), output_field=BooleanField()),
        "pupils_assess": Exists(themselves),
    }
    rows = uses_of.with_plan_title(actor).select_related("matrix", "activity__syllabus", "activity__school_unit")
    return rows.annotate(**rights)


def day_of(use: MatrixUse) -> date:
    """Today, or the last day of a teaching that is over."""
    today, end = days.today(), use.activity.end_date
    return min(today, end) if end else today


def pupils_of(use: MatrixUse, actor: Actor) -> PersonQuerySet:
    """The roster in Swedish order with `is_own`; who does not teach here sees the protected by a named access alone."""
    memberships = GroupMembership.objects.on(day_of(use)).filter(group__activity_groups__activity=use.activity_id)
    people = Person.objects.filter(pk__in=memberships.values("person_id"))
    seen = people if getattr(use, "is_teacher", False) else people.filter(pk__in=Person.objects.visible_to(actor).order_by().values("pk"))
    children = Guardianship.objects.filter(guardian=actor.person_id, child=OuterRef("pk"))
    is_own = ExpressionWrapper(Q(pk=actor.person_id) | Q(Exists(children)), output_field=BooleanField())
    return seen.only("shown_name", "sort_key").annotate(is_own=is_own).order_by("sort_key", "pk")


def grid_of(use: MatrixUse, actor: Actor, pupils: Iterable[UUID] | None = None) -> Grid:
    """The grid, whole or of some pupils: six statements and one more where pupils assess themselves."""
    people = pupils_of(use, actor)
    roster = list(people if pupils is None else people.filter(pk__in=pupils))
    ids = [pupil.pk for pupil in roster]
    rows = with_texts(MatrixRow.objects.filter(matrix=use.matrix_id, retired_at=None))
    offered = scales_for(ids, use.activity, day_of(use))
    read = [pupil.pk for pupil in roster if not pupil.is_own]  # of one's own child one reads what is published, at home
    stored, own_views = stored_in(use, read), _own_views(use, read)
    lines = [Line(pupil, offered.get(pupil.pk), pupil.is_own) for pupil in roster]
    for line in lines:
        places = [(row.pk, line.pupil.pk) for row in rows]
        line.cells = [
            Cell(row, line.pupil, stored.get(place), own_view=own_views.get(place)) for row, place in zip(rows, places, strict=True)
        ]
    return Grid(use, rows, lines)


def rows_to_fill(use: MatrixUse, among: Iterable[UUID] | None = None) -> set[UUID]:
    """The rows that are judged on, or those `among` them, kept from being removed until the transaction ends. One statement.

    The foreign key would refuse as well, but at the end of the transaction, when nobody can be told what to do.
    """
    rows = MatrixRow.objects.filter(matrix=use.matrix_id, retired_at=None)
    wanted = rows if among is None else rows.filter(pk__in=among)
    return {row.pk for row in wanted.select_for_update(no_key=True).only("pk").order_by("pk")}


def put_seen(grid: Grid, seen: Mapping[Place, int]) -> Grid:
    """Marks the cells that are another than a form showed."""
    for cell in (cell for line in grid.lines if line.is_open for cell in line.cells):
        cell.is_new = cell.version != seen.get((cell.row.pk, cell.pupil.pk), 0)
    return grid


def stored_in(use: MatrixUse, pupils: Iterable[UUID]) -> dict[Place, Assessment]:
    found = Assessment.objects.filter(use=use, pupil__in=pupils).select_related("step", "assessed_by")
    return {(assessment.row_id, assessment.pupil_id): assessment for assessment in found}


def _own_views(use: MatrixUse, pupils: Iterable[UUID]) -> dict[Place, SelfAssessment]:
    if not getattr(use, "pupils_assess", False):
        return {}
    found = SelfAssessment.objects.filter(use=use, pupil__in=pupils).select_related("step")
    return {(view.row_id, view.pupil_id): view for view in found}


def with_texts(rows: Iterable[MatrixRow]) -> list[MatrixRow]:
    """Sets `texts`: what each row means at each step, code and words in the order of writing; one statement."""
    found: dict[UUID, list[tuple[str, str]]] = {}
    shown = list(rows)
    for cell in MatrixCell.objects.filter(row__in=shown).order_by("pk"):
        found.setdefault(cell.row_id, []).append((cell.step_code, cell.text))
    for row in shown:
        row.texts = found.get(row.pk, [])
    return shown


def put_typed(grid: Grid, steps: Mapping[Place, str], comments: Mapping[Place, str] | None = None) -> Grid:
    """Show what a form said where it could not be saved."""
    for cell in (cell for line in grid.lines for cell in line.cells):
        place = (cell.row.pk, cell.pupil.pk)
        cell.typed, cell.comment_typed = steps.get(place), (comments or {}).get(place)
    return grid


def put_changes(grid: Grid, history: HistoryQuerySet) -> None:
    """Sets the `changes` of the cells: every state of step and words, the newest first, with who and when; one statement."""
    cells = {(cell.row.pk, cell.pupil.pk): cell for line in grid.lines for cell in line.cells}
    found = history.filter(use=grid.use, pupil__in={pupil for _row, pupil in cells})
    for change in found.select_related("step", "assessed_by").order_by("-pgh_id"):
        if cell := cells.get((change.row_id, change.pupil_id)):
            cell.changes = _with(change, cell.changes)


def _with(change: Any, newer: list[Any]) -> list[Any]:
    """Publishing writes a state too: what was judged is as old as the first state that says so."""
    last = newer[-1] if newer else None
    is_same = last is not None and (last.step_id, last.comment) == (change.step_id, change.comment)
    return [*(newer[:-1] if is_same else newer), change]


def readers_of(pupil: UUID) -> list[str]:
    """Shown names of those at home who read what is published: the pupil, and the guardians while the pupil is a minor.

    Of the protected the pupil alone: their home reads nothing until a named officer opens. One statement.
    """
    today = days.today()
    relations = Guardianship.objects.filter(
        period_holds(today),
        child=pupil,
        revoked_at=None,
        child__birth_date__gt=days.born_after_to_be_minor(today),
        child__security_marking=SecurityMarking.NONE,
    )
    home = Q(pk__in=relations.values("guardian"), security_marking=SecurityMarking.NONE)
    named = Person.objects.filter(home | Q(pk=pupil)).annotate(first=Case(When(pk=pupil, then=0), default=1)).order_by("first", "sort_key")
    return [str(name) for name in named.values_list("shown_name", flat=True)]


def as_found(cells: Iterable[Assessment]) -> list[dict[str, Any]]:
    """What somebody else saved, for the page's script."""
    return [
        {
            "row": str(cell.row_id),
            "pupil": str(cell.pupil_id),
            "step": cell.step.code if cell.step else "",
            "comment": cell.comment,
            "version": cell.version,
            "by": "" if cell.assessed_by.is_protected else cell.assessed_by.shown_name,
        }
        for cell in cells
    ]
