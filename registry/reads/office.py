"""What the office keeps about one person, for a person whom the caller has found by its scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from dexter.audit import wording
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import (
    Address,
    CivicNumber,
    Duty,
    EmailAddress,
    Enrolment,
    GroupMembership,
    Guardianship,
    LanguageProfile,
    Person,
    PhoneNumber,
    ProtectedAccess,
    RelationType,
    SchoolUnit,
    SecurityMarking,
    scope,
)
from registry.models.person import PersonQuerySet


class Details(NamedTuple):
    """Numbers and ways to reach a person; all empty where they are not open to the reader."""

    numbers: list[CivicNumber]
    emails: list[EmailAddress]
    phones: list[PhoneNumber]
    addresses: list[Address]
    languages: LanguageProfile | None


class Relations(NamedTuple):
    """The dated relations of a person that the reader's school units have to do with, the latest first."""

    enrolments: list[Enrolment]
    guardians: list[Guardianship]
    children: list[Guardianship]
    memberships: list[GroupMembership]
    duties: list[Duty]


class LogLine(NamedTuple):
    what: str
    name: str  # empty when the reader may not see who it was
    at: datetime


def standing_accesses(accesses: QuerySet[ProtectedAccess], person: Person) -> QuerySet[ProtectedAccess]:
    """Who reaches a protected person by name today."""
    rows = accesses.filter(person=person, revoked_at=None).select_related("grantee", "granted_by")
    return rows.order_by("grantee__sort_key")


def possible_grantees(person: Person, actor: Actor) -> PersonQuerySet:
    """Whom a principal can let in: the staff of the schools the actor leads, and the person's guardians today."""
    staff = Duty.objects.on(days.today()).filter(school_unit__in=scope.units_led_by(actor)).values("person_id")
    guardians = Guardianship.objects.holding(days.today()).filter(child=person).values("guardian_id")
    return Person.objects.filter(Q(pk__in=staff) | Q(pk__in=guardians)).exclude(pk=person.pk)


def protected_at_units_of(actor: Actor) -> PersonQuerySet:
    """The protected persons that the schools where the actor is principal keep, whether opened to the actor or not."""
    return Person.objects.filter(pk__in=scope.kept_by(actor)).exclude(security_marking=SecurityMarking.NONE)


def other_units(enrolment: Enrolment) -> QuerySet[SchoolUnit]:
    """The municipality's other units with the same form of schooling; which schools there are is known to all."""
    return SchoolUnit.objects.filter(school_types__contains=[enrolment.school_type]).exclude(pk=enrolment.school_unit_id)


def former_guardians_of(actor: Actor) -> QuerySet[Guardianship]:
    """The relations of an adult pupil to those who were guardians, except those ended by hand and protected persons."""
    rows = Guardianship.objects.filter(
        child=actor.person_id,
        child__birth_date__lte=days.born_after_to_be_minor(days.today()),
        relation_type=RelationType.GUARDIAN,
        guardian__security_marking=SecurityMarking.NONE,
        revoked_at=None,
    )
    return rows.select_related("guardian").order_by("guardian__sort_key", "pk")


def details_of(person: Person) -> Details:
    """Needs `with_details_open`, which tells whether anything of it is the reader's business today."""
    if not person.details_open:
        return Details([], [], [], [], None)
    return Details(
        numbers=list(CivicNumber.objects.filter(person=person).order_by("-replaced_at")),
        emails=list(EmailAddress.objects.filter(person=person)),
        phones=list(PhoneNumber.objects.filter(person=person)),
        addresses=list(Address.objects.filter(person=person)),
        languages=LanguageProfile.objects.filter(person=person).first(),
    )


def relations_of(person: Person, actor: Actor) -> Relations:
    """Five statements; relatives, groups and duties outside the reader's sight are left out."""
    units = scope.units_led_by(actor)
    relatives = Guardianship.objects.visible_to(actor).filter(Q(child=person) | Q(guardian=person))
    family = list(relatives.select_related("guardian", "child").order_by("-start_date", "pk"))
    memberships = GroupMembership.objects.filter(person=person, group__school_unit__in=units).select_related("group")
    return Relations(
        enrolments=list(Enrolment.objects.filter(pupil=person).select_related("school_unit").order_by("-start_date")),
        guardians=[relation for relation in family if relation.child_id == person.pk],
        children=[relation for relation in family if relation.guardian_id == person.pk],
        memberships=list(memberships.order_by("-start_date", "group__sort_key")),
        duties=list(Duty.objects.filter(person=person, school_unit__in=units).select_related("school_unit").order_by("-start_date")),
    )


def log_lines(entries: Iterable[Entry], actor: Actor) -> list[LogLine]:
    """The lines of the log in words, with the names of colleagues of the reader's units and of guardians."""
    lines = list(entries)
    ids = {line.actor_id for line in lines if line.actor_id}
    known = Q(duties__school_unit__in=scope.units_led_by(actor)) | Q(pk=actor.person_id)
    persons = Person.objects.filter(known, pk__in=ids, security_marking=SecurityMarking.NONE)
    names = dict(persons.values_list("pk", "shown_name"))
    return [LogLine(wording.of(line.action), names.get(line.actor_id, "") if line.actor_id else "", line.at) for line in lines]
