"""What a change of school year does with every pupil, mentor and class: worked out from the draft and the register as it is now.

Both the preview and the action ask here, so that what was shown is what is done.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from dexter.lib.models import PeriodQuerySet
from registry.models import (
    AssignmentRole,
    ClassFate,
    ClassStep,
    Enrolment,
    Group,
    GroupMembership,
    PupilFate,
    PupilStep,
    RollOver,
)

from .class_proposal import classes_on

LAST_YEAR = 10  # the highest that an enrolment may have


class Facts(NamedTuple):
    """The draft, and what the register says of the unit from the eve of the change on; seven statements."""

    roll_over: RollOver
    steps: dict[UUID, ClassStep]
    by_group: dict[UUID, ClassStep]
    chosen: dict[UUID, list[UUID]]  # duties by class step
    exceptions: dict[UUID, PupilStep]
    enrolments: dict[UUID, list[Enrolment]]
    memberships: dict[UUID, list[GroupMembership]]
    roles: list[AssignmentRole]
    classes: list[Group]  # on the first day, as registered before the change

    def crosses(self, row: Enrolment | GroupMembership | AssignmentRole) -> bool:
        """Whether the row holds on the eve and on the first day."""
        first = self.roll_over.effective_date
        return row.start_date < first and (row.end_date is None or row.end_date >= first)

    def holds(self, row: Enrolment | GroupMembership, day: date) -> bool:
        return row.start_date <= day and (row.end_date is None or row.end_date >= day)


class Move(NamedTuple):
    """A pupil of the unit: the class of the eve, next year's class, or out."""

    pupil_id: UUID
    source: ClassStep | None
    target: ClassStep | None
    leaves: bool
    exception: PupilStep | None

    @property
    def repeats(self) -> bool:
        return self.exception is not None and self.exception.fate == PupilFate.REPEATS


def facts_of(roll_over: RollOver, *, lock: bool = False) -> Facts:
    """With `lock` the rows stay as they are until the transaction ends."""
    steps = {row.pk: row for row in ClassStep.objects.filter(roll_over=roll_over).select_related("from_group")}
    by_group = {step.from_group_id: step for step in steps.values() if step.from_group_id}
    chosen: dict[UUID, list[UUID]] = defaultdict(list)
    for step_id, duty_id in ClassStep.mentors.through.objects.filter(classstep__in=steps).values_list("classstep_id", "duty_id"):
        chosen[step_id].append(duty_id)
    exceptions = {row.pupil_id: row for row in PupilStep.objects.filter(roll_over=roll_over).select_related("to_class")}
    own = Q(group__school_unit=roll_over.school_unit_id) | Q(person__in=list(exceptions), in_class=True)
    enrolments = _from(Enrolment.objects.all(), roll_over.eve, lock).filter(school_unit=roll_over.school_unit_id, cancelled=False)
    memberships = _from(GroupMembership.objects.all(), roll_over.eve, lock).filter(own).select_related("group")
    roles = _from(AssignmentRole.objects.all(), roll_over.effective_date, lock).filter(group__in=by_group).select_related("duty")
    classes = list(classes_on(roll_over.school_unit_id, roll_over.effective_date))
    of_pupil, in_groups = (
        _by(enrolments.order_by("start_date", "pk"), "pupil_id"),
        _by(memberships.order_by("start_date", "pk"), "person_id"),
    )
    return Facts(roll_over, steps, by_group, chosen, exceptions, of_pupil, in_groups, list(roles), classes)


def moves_of(facts: Facts) -> list[Move]:
    """Everyone with a place at the unit or in one of its classes on the eve, and who is to come."""
    eve, roll_over = facts.roll_over.eve, facts.roll_over
    enrolled = {pupil for pupil, rows in facts.enrolments.items() if any(facts.holds(row, eve) for row in rows)}
    seated = {pupil: step for pupil in facts.memberships if (step := _class_of(facts, pupil, eve))}
    last = max((step.school_year for step in facts.steps.values() if step.goes_on and step.school_year is not None), default=None)
    pupils = sorted(enrolled | set(seated) | set(facts.exceptions), key=str)
    return [_move(facts, pupil, seated.get(pupil), last, roll_over.years_up) for pupil in pupils]


def year_next(move: Move, enrolment: Enrolment, up: int) -> int | None:
    """The year of the place after the change; places without a year (adults, after-school centre) stay without."""
    if enrolment.school_year is None or move.repeats:
        return enrolment.school_year
    if move.exception and move.exception.school_year is not None:
        return move.exception.school_year
    return enrolment.school_year + up


def _from(rows: PeriodQuerySet, day: date, lock: bool) -> PeriodQuerySet:
    found = rows.on_or_after(day)
    return found.select_for_update(of=("self",)) if lock else found


def _by(rows: PeriodQuerySet, name: str) -> dict[UUID, list]:
    found: dict[UUID, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _class_of(facts: Facts, pupil_id: UUID, eve: date) -> ClassStep | None:
    rows = (row for row in facts.memberships[pupil_id] if row.in_class and facts.holds(row, eve))
    return next((facts.by_group[row.group_id] for row in rows if row.group_id in facts.by_group), None)


def _move(facts: Facts, pupil_id: UUID, source: ClassStep | None, last: int | None, up: int) -> Move:
    exception = facts.exceptions.get(pupil_id)
    if exception:
        target = facts.steps[exception.to_class_id] if exception.to_class_id else None
        return Move(pupil_id, source, target, target is None, exception)
    if source:
        leaves = source.fate == ClassFate.LEAVES
        return Move(pupil_id, source, None if leaves else source, leaves, None)
    years = [row.school_year + up for row in facts.enrolments[pupil_id] if row.school_year is not None and facts.crosses(row)]
    return Move(pupil_id, None, None, last is not None and any(year > last for year in years), None)
