"""Who somebody is today: by the facts, by a number, by a secret address."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, QuerySet

from dexter.lib import civic, days
from dexter.lib.access import Actor, Level, Role
from dexter.lib.models import period_holds
from registry.models import (
    CivicNumber,
    Duty,
    FeedAddress,
    Person,
    PersonStatus,
    scope,
)
from registry.models.feeds import hash_of


class Standing(NamedTuple):
    """What a person is today: the roles the facts give."""

    person: Person
    roles: tuple[Role, ...]


def standing_of(person_id: UUID) -> Standing | None:
    """The person and the roles that hold today, in one statement; None for an unknown or deceased person.

    Guardian: of at least one child under 18 (or an adult who consented) with a place at a school, to come or not gone too long.
    Pupil: has a place, or left no longer ago than the unit lets leavers read. Staff: has a duty.
    """
    person = _with_roles(person_id, days.today()).first()
    if person is None:
        return None
    held = {Role.GUARDIAN: person.is_guardian, Role.PUPIL: person.is_pupil, Role.STAFF: person.is_staff}
    return Standing(person, tuple(role for role, holds in held.items() if holds))


@lru_cache(maxsize=512)
def _with_roles(person_id: UUID, today: date) -> QuerySet[Any]:
    """The question alone, put together once per person and day since every request asks it; each `first()` asks anew."""
    return (
        Person.objects.filter(pk=person_id)
        .exclude(person_status=PersonStatus.DECEASED)
        .annotate(
            is_guardian=Exists(scope.children_of(person_id, today).filter(child__in=scope.read_by_leavers(today))),
            is_pupil=Exists(scope.read_by_leavers(today).filter(pupil_id=person_id, start_date__lte=today)),
            is_staff=Exists(Duty.objects.filter(period_holds(today), person_id=person_id)),
        )
    )


def person_id_of(civic_no: civic.CivicNo) -> UUID | None:
    """The person who bears the number, or bore it before it was replaced; temporary numbers identify nobody."""
    if civic_no.kind is civic.Kind.TEMPORARY:
        return None
    numbers = CivicNumber.objects.filter(kind=civic_no.kind, keyed_hash=civic.keyed_hash(civic_no.value))
    return numbers.values_list("person_id", flat=True).first()


def registered_person(civic_no: civic.CivicNo) -> Person | None:
    """Who bears the number, for the office that enrols somebody by it; never a temporary number."""
    person_id = person_id_of(civic_no)
    return Person.objects.filter(pk=person_id).first() if person_id else None


def owner_of_feed(token: str) -> Actor | None:
    """Whose calendar a secret address shows: somebody who has a duty today; else None."""
    row = FeedAddress.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
    standing = standing_of(row.person_id) if row else None
    return Actor(standing.person.pk, Role.STAFF, Level.PASSWORD) if standing and Role.STAFF in standing.roles else None
