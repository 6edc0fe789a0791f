"""The term's unauthorised minutes are frozen for the term reports."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from absence import reads
from absence.models import TermStatement
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import SchoolUnit, Term


@dataclass(frozen=True)
class Frozen:
    """How many pupils' statements were made: the first ones, and those that differed from the last."""

    new: int
    changed: int


@transaction.atomic
def freeze_term_absence(*, actor: Actor, unit: SchoolUnit, term: Term) -> Frozen:
    """Write down what each pupil of the unit has until now; once more adds a version only where something differs.

    The protected are frozen too, since their reports state it as everybody's. Who freezes at the same time waits.
    """
    require(actor, "absence.freeze_term_absence", unit)
    SchoolUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    owed = reads.owed_statements(unit, term)
    found = [row for row in reads.comparisons(TermStatement.objects.all(), unit, term, owed.values()) if row.differs]
    TermStatement.objects.bulk_create(
        TermStatement(
            pupil=row.pupil,
            term=term,
            school_unit=unit,
            version=row.frozen.version + 1 if row.frozen else 1,
            unauthorised_minutes=row.now.sums.unauthorised,
            offered_minutes=row.now.offered,
            frozen_at=days.now(),
            frozen_by_id=actor.person_id,
        )
        for row in found
    )
    done = Frozen(sum(row.frozen is None for row in found), sum(row.frozen is not None for row in found))
    subjects = [row.pupil.pk for row in found]
    record(
        actor=actor,
        action="absence.freeze_term_absence",
        subjects=subjects,
        object_id=term.pk,
        details={"new": done.new, "changed": done.changed},
    )
    return done
