"""What was frozen of a term, and what differs since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from absence.models import SchoolFormRule, TermStatement
from absence.models.terms import TermStatementQuerySet
from dexter.lib import days
from registry.models import Enrolment, Person, SchoolUnit, Term

from .pupil_sums import PupilSums, places_in_term, sums_by_pupil


@dataclass(frozen=True)
class TermAbsence:
    """What a term report states: all schools of the pupil in the term together, in minutes."""

    unauthorised_minutes: int
    offered_minutes: int
    frozen_at: datetime  # the latest


def term_statement_of(pupil_id: UUID, term_id: UUID) -> TermAbsence | None:
    """As frozen, whatever was corrected since; None until somebody has frozen it. One statement."""
    rows = list(TermStatement.objects.standing().filter(pupil=pupil_id, term=term_id))
    if not rows:
        return None
    unauthorised, offered = sum(row.unauthorised_minutes for row in rows), sum(row.offered_minutes for row in rows)
    return TermAbsence(unauthorised, offered, max(row.frozen_at for row in rows))


@dataclass(frozen=True)
class Comparison:
    """One pupil's term as it stands frozen and as it is now."""

    pupil: Person
    frozen: TermStatement | None
    now: PupilSums

    @property
    def differs(self) -> bool:
        return self.frozen is None or (self.frozen.unauthorised_minutes, self.frozen.offered_minutes) != (
            self.now.sums.unauthorised,
            self.now.offered,
        )

    @property
    def change(self) -> int:
        """Minutes of unauthorised absence more than what is frozen."""
        return self.now.sums.unauthorised - (self.frozen.unauthorised_minutes if self.frozen else 0)


def owed_statements(unit: SchoolUnit, term: Term) -> dict[UUID, Person]:
    """The pupils of the term whose form of schooling and age, at its end, give them a statement (skolförordningen 6:12)."""
    rules = {(rule.school_type, rule.of_age): rule.has_term_statement for rule in SchoolFormRule.objects.on(term.end_date)}
    adult = days.born_after_to_be_minor(term.end_date)
    owed = {}
    for place in places_in_term(Enrolment.objects.all(), unit, term):
        born = place.pupil.birth_date
        if rules.get((place.school_type, born is None or born <= adult)):
            owed[place.pupil_id] = place.pupil
    return owed


def comparisons(statements: TermStatementQuerySet, unit: SchoolUnit, term: Term, pupils: Iterable[Person]) -> list[Comparison]:
    """Each of `pupils` now and as frozen among `statements`; five statements for any number."""
    found = list(pupils)
    frozen = {row.pupil_id: row for row in statements.standing().filter(school_unit=unit, term=term)}
    now = sums_by_pupil(unit, term.start_date, term.end_date, with_protected=True)
    return [Comparison(pupil, frozen.get(pupil.pk), now.get(pupil.pk, PupilSums())) for pupil in found]
