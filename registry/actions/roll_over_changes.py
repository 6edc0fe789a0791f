"""The rows that a change of school year makes, ends and moves; what was is never rewritten, only ended on the eve."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from dexter.lib.models import SCHOOL
from registry.models import (
    AssignmentRole,
    AssignmentRoleType,
    ClassFate,
    ClassStep,
    Duty,
    Enrolment,
    Group,
    GroupMembership,
    GroupType,
    PupilFate,
)
from registry.reads.class_proposal import other_groups
from registry.reads.roll_over import LAST_YEAR, Facts, Move, moves_of, year_next

from .ledger import Changes

ENDING = (ClassFate.MOVES, ClassFate.LEAVES)
Groups = dict[UUID, Group]  # next year's class by class step


def changes_of(facts: Facts) -> tuple[Changes, Groups]:
    """All changes of the draft, and the groups of next year."""
    changes = Changes()
    groups = _classes(facts, changes)
    moves = {move.pupil_id: move for move in moves_of(facts)}
    for move in moves.values():
        _places(facts, move, changes)
        _seats(facts, move, groups, changes)
    for pupil_id in facts.memberships:
        _later_seats(facts, pupil_id, moves.get(pupil_id), groups, changes)
    duties = {duty.pk: duty for duty in Duty.objects.filter(pk__in={pk for chosen in facts.chosen.values() for pk in chosen})}
    for step in facts.steps.values():
        _mentors(facts, step, groups.get(step.pk), duties, changes)
    _end_groups(facts, changes)
    return changes, groups


def _end_groups(facts: Facts, changes: Changes) -> None:
    """The groups of the year end on the eve with their members and assignments; one with members registered ahead goes on."""
    eve = facts.roll_over.eve
    ending = {group.pk: group for group in other_groups(facts.roll_over).filter(roll_overs_ending=facts.roll_over)}
    members = [row for rows in facts.memberships.values() for row in rows if row.group_id in ending]
    going_on = {row.group_id for row in members if row.start_date > eve}
    roles = AssignmentRole.objects.on_or_after(facts.roll_over.effective_date).filter(group__in=set(ending) - going_on)
    settled = {row.pk for row, _values in changes.changed} | {row.pk for row in changes.removed}
    rows = [row for row in [*members, *roles] if row.pk not in settled and facts.crosses(row)]
    changes.changed += [(row, {"end_date": eve}) for row in rows]
    changes.changed += [(group, {"end_date": eve}) for pk, group in ending.items() if pk not in going_on]


def _classes(facts: Facts, changes: Changes) -> Groups:
    """A class of that name which begins on the day is taken as it is; else it is made."""
    found: Groups = {}
    free = {group.name.casefold(): group for group in facts.classes if group.pk not in facts.by_group}
    first = facts.roll_over.effective_date
    for step in facts.steps.values():
        if step.from_group and step.fate in ENDING and (step.from_group.end_date is None or step.from_group.end_date >= first):
            changes.changed.append((step.from_group, {"end_date": facts.roll_over.eve}))
        if step.from_group and step.fate == ClassFate.CONTINUES:
            found[step.pk] = step.from_group
        elif step.goes_on:
            found[step.pk] = free.get(step.name.casefold()) or _new_class(facts, step, changes)
    return found


def _new_class(facts: Facts, step: ClassStep, changes: Changes) -> Group:
    group = Group(
        name=step.name,
        group_type=GroupType.CLASS,
        school_type=step.school_type,
        school_unit_id=facts.roll_over.school_unit_id,
        start_date=facts.roll_over.effective_date,
    )
    changes.made.append(group)
    return group


def _leaves(facts: Facts, move: Move) -> bool:
    """By the draft, or since the last place ends by the eve anyway."""
    rows = facts.enrolments[move.pupil_id]
    joins = move.exception is not None and move.exception.fate == PupilFate.JOINS
    gone = bool(rows) and not any(facts.holds(row, facts.roll_over.effective_date) for row in rows)
    return move.leaves or (gone and not joins)


def _places(facts: Facts, move: Move, changes: Changes) -> None:
    first, eve = facts.roll_over.effective_date, facts.roll_over.eve
    rows = facts.enrolments[move.pupil_id]
    crossing = [row for row in rows if facts.crosses(row)]
    for row in crossing:
        year, form = year_next(move, row, facts.roll_over.years_up), _form_next(move, row)
        year = None if year is None else min(year, LAST_YEAR)
        if not move.leaves and (year, form) == (row.school_year, row.school_type):
            continue
        changes.changed.append((row, {"end_date": eve}))
        if move.leaves or any(other.school_type == form for other in crossing if other is not row):
            continue
        _begin_place(facts, move, form, year, changes, former=row)
    exception = move.exception
    if exception and move.target and exception.fate == PupilFate.JOINS and not any(facts.holds(row, first) for row in rows):
        year = move.target.school_year if exception.school_year is None else exception.school_year
        _begin_place(facts, move, move.target.school_type, year, changes)


def _begin_place(facts: Facts, move: Move, form: str, year: int | None, changes: Changes, former: Enrolment | None = None) -> None:
    """From the first day until the former place would have ended, or until the day before a place that is registered already.

    Who keeps the former place keeps this one: an import finds it again.
    """
    first = facts.roll_over.effective_date
    later = [row.start_date for row in facts.enrolments[move.pupil_id] if row.school_type == form and row.start_date >= first]
    last = _until(former.end_date if former else None, later)
    if last is None or last >= first:
        changes.made.append(
            Enrolment(
                pupil_id=move.pupil_id,
                school_unit_id=facts.roll_over.school_unit_id,
                school_type=form,
                school_year=year,
                start_date=first,
                end_date=last,
                source=former.source if former else SCHOOL,
            )
        )


def _form_next(move: Move, row: Enrolment) -> str:
    """The form of schooling goes with the class; other places, such as the after-school centre, stay as they are."""
    source = move.source.from_group if move.source else None
    if source and move.target and row.school_type == source.school_type:
        return move.target.school_type or row.school_type
    return row.school_type


def _seats(facts: Facts, move: Move, groups: Groups, changes: Changes) -> None:
    first, eve, rows = facts.roll_over.effective_date, facts.roll_over.eve, facts.memberships[move.pupil_id]
    crossing = [row for row in rows if facts.crosses(row)]
    if _leaves(facts, move):
        own = [row for row in crossing if row.group.school_unit_id == facts.roll_over.school_unit_id]
        changes.changed += [(row, {"end_date": eve}) for row in own]
        return
    group = groups[move.target.pk] if move.target else None
    ending = [row for row in crossing if row.in_class and group and row.group_id != group.pk]
    ending = [row for row in ending if move.exception or row.group_id in facts.by_group]
    changes.changed += [(row, {"end_date": eve}) for row in ending]
    seated = any(group and row.group_id == group.pk for row in crossing)
    elsewhere = _taken_over(facts, move)
    changes.removed += elsewhere
    if group and not seated and (ending or move.exception):
        later = [row.start_date for row in rows if row.in_class and row.start_date >= first and row not in elsewhere]
        last = _until(ending[0].end_date if ending else None, later)
        if last is None or last >= first:
            changes.made.append(GroupMembership(group=group, person_id=move.pupil_id, start_date=first, end_date=last))


def _taken_over(facts: Facts, move: Move) -> list[GroupMembership]:
    """Seats to come at another school, of a pupil who joins this one: the same, whichever school changes first."""
    if move.exception is None or move.exception.fate != PupilFate.JOINS:
        return []
    own, first = facts.roll_over.school_unit_id, facts.roll_over.effective_date
    return [row for row in facts.memberships[move.pupil_id] if row.in_class and row.start_date >= first and row.group.school_unit_id != own]


def _later_seats(facts: Facts, pupil_id: UUID, move: Move | None, groups: Groups, changes: Changes) -> None:
    """Memberships that were registered ahead: in next year's class of the name, or of the exception; of leavers taken away."""
    first = facts.roll_over.effective_date
    later = [row for row in facts.memberships[pupil_id] if row.start_date >= first]
    own = [row for row in later if row.group.school_unit_id == facts.roll_over.school_unit_id]
    if move and _leaves(facts, move):
        returns = any(row.start_date >= first for row in facts.enrolments[pupil_id])
        changes.removed += [] if returns else own
        return
    for row in own:
        group = _group_next(facts, row, move, groups)
        if group and group.pk != row.group_id:
            changes.changed.append((row, {"group_id": group.pk}))


def _group_next(facts: Facts, row: GroupMembership, move: Move | None, groups: Groups) -> Group | None:
    if row.in_class and move and move.exception and move.target:
        return groups[move.target.pk]
    step = facts.by_group.get(row.group_id)
    if step is None or step.fate not in ENDING:
        return None
    same_name = (groups[pk] for pk in groups if groups[pk].name.casefold() == row.group.name.casefold())
    return next(same_name, groups.get(step.pk))


def _mentors(facts: Facts, step: ClassStep, group: Group | None, duties: dict[UUID, Duty], changes: Changes) -> None:
    """The chosen mentors begin, the former end; other assignments go with a class that moves up."""
    eve, own = facts.roll_over.eve, [row for row in facts.roles if step.from_group_id and row.group_id == step.from_group_id]
    crossing = [row for row in own if facts.crosses(row)]
    chosen = [duties[pk] for pk in facts.chosen[step.pk]] if group else []
    kept = {duty.pk for duty in chosen} if step.fate == ClassFate.CONTINUES else set()
    ending = [row for row in crossing if _is_mentor(row) and row.duty_id not in kept]
    if step.fate in ENDING:
        ending = crossing
        moved = [row for row in own if row not in crossing and group]
        changes.changed += [(row, {"group_id": group.pk}) for row in moved if group]
        changes.made += _continued([row for row in crossing if not _is_mentor(row)], group, facts, moved)
    changes.changed += [(row, {"end_date": eve}) for row in ending]
    last = {row.duty_id: row.end_date for row in crossing if _is_mentor(row)}
    taken = {row.duty_id for row in own if _is_mentor(row) and row not in ending}
    rows = [AssignmentRole(duty=duty, assignment_role_type=AssignmentRoleType.MENTOR, end_date=last.get(duty.pk)) for duty in chosen]
    changes.made += _continued([row for row in rows if row.duty_id not in taken], group, facts, [])


def _continued(rows: Iterable[AssignmentRole], group: Group | None, facts: Facts, later: list[AssignmentRole]) -> list[AssignmentRole]:
    """The assignments begun anew in `group` on the first day, as long as the duty lasts."""
    first, begun = facts.roll_over.effective_date, []
    known = {(row.duty_id, row.assignment_role_type) for row in later}
    for row in rows:
        last = min((day for day in (row.end_date, row.duty.end_date) if day), default=None)
        if group and (last is None or last >= first) and (row.duty_id, row.assignment_role_type) not in known:
            kind = row.assignment_role_type
            begun.append(AssignmentRole(duty=row.duty, group=group, assignment_role_type=kind, start_date=first, end_date=last))
    return begun


def _is_mentor(row: AssignmentRole) -> bool:
    return row.assignment_role_type == AssignmentRoleType.MENTOR


def _until(end: date | None, later: list[date]) -> date | None:
    """The last day of a period that ends by `end` and before the first of `later`."""
    return min([*([end] if end else []), *(day - timedelta(days=1) for day in later)], default=None)
