"""The draft as the office sees it before it is carried out: every class with its numbers, and every exception by name.

A pupil with protected identity is counted and named for those alone who may open that pupil.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from dexter.lib import days
from registry.models import ClassFate, ClassStep, Duty, Enrolment, Person, PupilFate, PupilStep, RollOver, SchoolType, SecurityMarking
from registry.models.person import PersonQuerySet

from .class_proposal import other_groups
from .roll_over import Facts, Move, facts_of, moves_of, year_next
from .roll_over_faults import faults_of


class ClassRow(NamedTuple):
    step: ClassStep
    moving: int  # with the class, or out of the school with it
    arriving: int  # from other classes and schools
    mentors: list[str]


class PupilRow(NamedTuple):
    pupil: Person
    more: str
    step: PupilStep | None


class Oddity(NamedTuple):
    """Something to look at before the draft is carried out."""

    title: str
    pupils: list[PupilRow]


class Preview(NamedTuple):
    classes: list[ClassRow]
    exceptions: list[PupilRow]
    oddities: list[Oddity]
    unmentored: list[str]
    ending_mentors: list[str]
    ending_groups: list[str]
    going_groups: list[str]
    faults: list[str]
    moving: int
    leaving: int

    @property
    def people(self) -> set[UUID]:
        """Who is named in it."""
        rows = [*self.exceptions, *(row for oddity in self.oddities for row in oddity.pupils)]
        return {row.pupil.pk for row in rows}


def preview_of(roll_over: RollOver, persons: PersonQuerySet) -> Preview:
    """`persons`: whom the reader may see. The same number of statements however many pupils and classes."""
    facts = facts_of(roll_over)
    everyone = {move.pupil_id: move for move in moves_of(facts)}
    ending = _ending(facts)
    known = {*everyone, *facts.memberships, *ending}
    shown = {person.pk: person for person in persons.filter(pk__in=known).order_by("sort_key", "pk")}
    moves = [everyone[pk] for pk in shown if pk in everyone]
    names, ending_mentors = _mentors(facts)
    others, chosen = list(other_groups(roll_over)), set(roll_over.ending_groups.values_list("pk", flat=True))
    goes_on = [step for step in facts.steps.values() if step.goes_on]
    return Preview(
        classes=_classes(facts, moves, names),
        exceptions=[_row(shown[move.pupil_id], facts, move) for move in moves if move.exception],
        oddities=[oddity for oddity in _oddities(facts, moves, shown, ending) if oddity.pupils],
        unmentored=[step.name for step in goes_on if not names[step.pk] and step.fate != ClassFate.CONTINUES],
        ending_mentors=ending_mentors,
        ending_groups=[group.name for group in others if group.pk in chosen],
        going_groups=[group.name for group in others if group.pk not in chosen],
        faults=faults_of(facts),
        moving=sum(move.target is not None for move in moves),
        leaving=sum(move.leaves for move in moves),
    )


def _classes(facts: Facts, moves: list[Move], names: dict[UUID, list[str]]) -> list[ClassRow]:
    moving: Counter[UUID] = Counter()
    arriving: Counter[UUID] = Counter()
    for move in moves:
        if move.target and move.target != move.source:
            arriving[move.target.pk] += 1
        elif move.source and (move.target or not move.exception):
            moving[move.source.pk] += 1
    order = sorted(
        facts.steps.values(), key=lambda step: (step.from_group is None, step.from_group.sort_key if step.from_group else step.name)
    )
    return [ClassRow(step, moving[step.pk], arriving[step.pk], names[step.pk]) for step in order]


def _mentors(facts: Facts) -> tuple[dict[UUID, list[str]], list[str]]:
    """Names of the chosen mentors by class step; and of those whose duty ends before the first day. One statement."""
    chosen = {pk for duties in facts.chosen.values() for pk in duties}
    duties = Duty.objects.filter(pk__in=chosen, person__security_marking=SecurityMarking.NONE).select_related("person")
    by_key = {duty.pk: duty for duty in duties.order_by("person__sort_key")}
    names: dict[UUID, list[str]] = defaultdict(list)
    for step_id, ids in facts.chosen.items():
        names[step_id] = [by_key[pk].person.shown_name for pk in ids if pk in by_key]
    first = facts.roll_over.effective_date
    return names, [duty.person.shown_name for duty in by_key.values() if duty.end_date and duty.end_date < first]


def _row(pupil: Person, facts: Facts, move: Move | None) -> PupilRow:
    source = move.source.from_group if move and move.source else None
    parts = [source.name if source else ""]
    if move and move.exception:
        parts.append(str(PupilFate(move.exception.fate).label))
        parts.append(f"→ {move.target.name}" if move.target else "")
    return PupilRow(pupil, " ".join(part for part in parts if part), move.exception if move else None)


def _oddities(facts: Facts, moves: list[Move], shown: dict[UUID, Person], ending: set[UUID]) -> Iterable[Oddity]:
    by_pupil = {move.pupil_id: move for move in moves}
    twice = _places_elsewhere(facts, shown)

    def oddity(title: str, pupils: Iterable[UUID]) -> Oddity:
        wanted = set(pupils)
        return Oddity(title, [_row(shown[pk], facts, by_pupil.get(pk)) for pk in shown if pk in wanted])

    here = [move for move in moves if not (move.exception and move.exception.fate == PupilFate.JOINS)]
    yield oddity(_("Without a class next year"), [move.pupil_id for move in here if not move.leaves and move.target is None])
    yield oddity(_("Without a class, beyond the school's last year: leaves"), [move.pupil_id for move in here if _ages_out(move)])
    yield oddity(_("In a class without a place at the school"), [move.pupil_id for move in here if not facts.enrolments[move.pupil_id]])
    yield oddity(_("With more than one place"), twice)
    yield oddity(_("With a place that ends already"), ending - {move.pupil_id for move in here if move.leaves})
    yield oddity(_("In another year than the class"), [move.pupil_id for move in here if _misfits(facts, move)])
    yield oddity(_("Registered from the new year already"), [pk for pk in shown if _comes_later(facts, pk)])
    yield oddity(_("Registered ahead in a class that ends"), [pk for pk in shown if _seated_ahead(facts, pk)])


def _ages_out(move: Move) -> bool:
    return move.leaves and move.source is None and move.exception is None


def _places_elsewhere(facts: Facts, shown: dict[UUID, Person]) -> list[UUID]:
    """Who has two places on the eve, here or elsewhere; the after-school centre beside the school is no exception."""
    rows = Enrolment.objects.on(facts.roll_over.eve).filter(pupil__in=shown, cancelled=False).exclude(school_type=SchoolType.AFTER_SCHOOL)
    counts = Counter(rows.values_list("pupil_id", flat=True))
    return [pk for pk, count in counts.items() if count > 1]


def _ending(facts: Facts) -> set[UUID]:
    """Whose place at the unit has a last day to come, before the change or after it."""
    rows = Enrolment.objects.filter(school_unit=facts.roll_over.school_unit_id, cancelled=False, start_date__lte=facts.roll_over.eve)
    return set(rows.filter(end_date__gte=days.today()).values_list("pupil_id", flat=True))


def _misfits(facts: Facts, move: Move) -> bool:
    if move.target is None or move.target.school_year is None:
        return False
    up = facts.roll_over.years_up
    years = {year_next(move, row, up) for row in facts.enrolments[move.pupil_id] if row.school_year is not None and facts.crosses(row)}
    return bool(years) and move.target.school_year not in years


def _comes_later(facts: Facts, pupil_id: UUID) -> bool:
    return any(row.start_date >= facts.roll_over.effective_date for row in facts.enrolments.get(pupil_id, []))


def _seated_ahead(facts: Facts, pupil_id: UUID) -> bool:
    later = [row for row in facts.memberships.get(pupil_id, []) if row.start_date >= facts.roll_over.effective_date]
    return any(row.group_id in facts.by_group for row in later)
