"""The ladder for absence: which steps hold at a unit on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

from django.db.models import Q

from absence.models import LadderStep
from absence.models.follow_up import LadderStepQuerySet
from dexter.lib import days
from registry.models import SchoolUnit


def ladder_at(steps: LadderStepQuerySet, unit_id: UUID | None, day: date) -> LadderStepQuerySet:
    """Of `steps` the unit's own of the day; the common ones where it has none."""
    holding = steps.on(day)
    own = holding.filter(school_unit=unit_id)
    return own if own.exists() else holding.filter(school_unit=None)


@dataclass
class UnitLadder:
    """A unit's ladder of today in its order, and the own steps that begin later."""

    unit: SchoolUnit
    steps: list[LadderStep]
    coming: list[LadderStep]
    version: str

    @property
    def is_own(self) -> bool:
        return any(step.school_unit_id for step in self.steps)


def ladders_of(units: Iterable[SchoolUnit]) -> list[UnitLadder]:
    """One statement for any number of units."""
    units, today = list(units), days.today()
    rows = list(LadderStep.objects.on_or_after(today).filter(Q(school_unit=None) | Q(school_unit__in=units)))
    return [_ladder(unit, [row for row in rows if row.school_unit_id in {None, unit.pk}], today) for unit in units]


def ladder_of(unit: SchoolUnit) -> UnitLadder:
    return ladders_of([unit])[0]


def _ladder(unit: SchoolUnit, rows: list[LadderStep], today: date) -> UnitLadder:
    holding = [row for row in rows if row.start_date <= today]
    own = [row for row in holding if row.school_unit_id]
    coming = sorted((row for row in rows if row.school_unit_id and row.start_date > today), key=lambda row: (row.start_date, row.order))
    return UnitLadder(unit, own or [row for row in holding if not row.school_unit_id], coming, _version(rows))


def _version(rows: list[LadderStep]) -> str:
    """Which state a page showed: another one after every change, also after a row is gone."""
    newest = max((row.modified_at.isoformat() for row in rows), default="")
    ended = sum(row.end_date is not None for row in rows)
    return f"{newest}/{len(rows)}/{ended}"


def step_named(ladder: UnitLadder, code: str) -> LadderStep | None:
    """The step of today, or the first that begins later."""
    return next((step for step in chain(ladder.steps, ladder.coming) if step.code == code), None)
