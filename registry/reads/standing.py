"""Who somebody is today: by the facts, by a number, by a secret address."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, Q

from dexter.lib import civic, days
from dexter.lib.access import Actor, Level, Role
from dexter.lib.models import period_holds
from dexter.lib.written import Written, slot
from registry.models import (
    CivicNumber,
    Duty,
    FeedAddress,
    Module,
    Person,
    PersonStatus,
    scope,
    units_with,
    uses,
)
from registry.models.feeds import hash_of


class Standing(NamedTuple):
    """What a person is today: the roles the facts give."""

    person: Person
    roles: tuple[Role, ...]
    learning: tuple[Role, ...]  # those in which a school that one meets uses Lärande


def standing_of(person_id: UUID) -> Standing | None:
    """The person and the roles that hold today, in one statement; None for an unknown or deceased person.

    Guardian: of at least one child under 18 (or an adult who consented) with a place at a school, to come or not gone too long.
    Pupil: has a place, or left no longer ago than the unit lets leavers read. Staff: has a duty.
    """
    found = _with_roles(days.today()).ask(person=person_id)
    if not found:
        return None
    person = found[0]
    roles = tuple(role for role in Role if getattr(person, f"is_{role}"))
    return Standing(person, roles, tuple(role for role in roles if getattr(person, f"learns_{role}")))


@lru_cache(maxsize=2)
def _with_roles(today: date) -> Written:
    """Every request asks it."""
    person_id = slot("person")
    children, places = scope.children_of(person_id, today), scope.read_by_leavers(today)
    duties = Duty.objects.filter(period_holds(today), person_id=person_id)
    learning = places.filter(uses(Module.LARANDE, "school_unit", today))
    at_a_school = Q(school_unit__isnull=False) & uses(Module.LARANDE, "school_unit", today)
    at_the_body = Q(school_unit=None) & Q(Exists(units_with(Module.LARANDE, today)))  # meets every school
    return Written(
        Person.objects.filter(pk=person_id)
        .exclude(person_status=PersonStatus.DECEASED)
        .annotate(
            is_guardian=Exists(children.filter(child__in=places)),
            is_pupil=Exists(places.filter(pupil_id=person_id, start_date__lte=today)),
            is_staff=Exists(duties),
            learns_guardian=Exists(learning.filter(pupil__in=children)),
            learns_pupil=Exists(learning.filter(pupil_id=person_id)),
            learns_staff=Exists(duties.filter(at_a_school | at_the_body)),
        ),
        "person",
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
