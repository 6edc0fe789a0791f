"""Rows of the lists that an office works with, and of their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, Subquery

from dexter.lib import days
from registry.models import Enrolment, GroupMembership, Person, SecurityMarking
from registry.models.relations import DutyQuerySet, EnrolmentQuerySet

from .school_facts import Contact


def pupils_today(places: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Places that hold today, with pupil, school, `class_name` and `class_order`; the protected are on no list."""
    classes = GroupMembership.objects.on(days.today()).filter(person=OuterRef("pupil"), in_class=True)
    held: EnrolmentQuerySet = places.on(days.today()).filter(cancelled=False, pupil__security_marking=SecurityMarking.NONE)
    shown: EnrolmentQuerySet = held.select_related("pupil", "school_unit").annotate(
        class_name=Subquery(classes.values("group__name")[:1]), class_order=Subquery(classes.values("group__sort_key")[:1])
    )
    return shown


def staff_today(duties: DutyQuerySet) -> DutyQuerySet:
    held: DutyQuerySet = duties.on(days.today()).filter(person__security_marking=SecurityMarking.NONE)
    return held.select_related("person", "school_unit")


def name_cells(person: Person) -> list[str]:
    """Family name and given name; of an agreed name, which outlives the marking, its last word and the rest."""
    if not person.agreed_name:
        return [person.family_name, person.given_name]
    given, _space, family = person.agreed_name.rpartition(" ")
    return [family, given]


def pupil_rows(places: Iterable[Enrolment], contacts: Iterable[Contact]) -> Iterator[list[Any]]:
    """The cells of the file of pupils; needs `pupils_today`, and `contacts_of` the same pupils."""
    homes = {contact.pupil.pk: contact.guardians for contact in contacts}
    for place in places:
        guardians = homes[place.pupil_id]
        yield [
            *name_cells(place.pupil),
            place.pupil.birth_date,
            place.class_name,
            place.school_year,
            place.school_unit.name,
            ", ".join(relation.guardian.shown_name for relation, _ways in guardians),
            ", ".join(phone for _relation, ways in guardians for phone in ways.phones),
            ", ".join(email for _relation, ways in guardians for email in ways.emails),
        ]
