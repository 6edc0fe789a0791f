"""What a home and a pupil want to know of the school, and whom a mentor rings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from dexter.lib import days
from dexter.lib.models import period_holds
from registry.models import (
    DutyAssignment,
    EmailAddress,
    Enrolment,
    GroupMembership,
    Guardianship,
    Person,
    PhoneNumber,
    SchoolUnit,
    SecurityMarking,
)

from .people import mentors_of


class SchoolFacts(NamedTuple):
    """The schools, the class and the staff of one pupil today."""

    schools: list[SchoolUnit]
    class_name: str
    mentors: list[Person]
    subjects: list[tuple[str, list[str]]]  # subject, and the shown names of who teaches it


class Ways(NamedTuple):
    """How somebody is reached."""

    phones: list[str]
    emails: list[str]


class Contact(NamedTuple):
    """A pupil with the ways to the pupil and to each guardian."""

    pupil: Person
    own: Ways
    guardians: list[tuple[Guardianship, Ways]]


def school_facts(pupil: Person) -> SchoolFacts:
    """Four statements, for a pupil whom the caller has found by its scope; the protected among the staff are left out."""
    today = days.today()
    places = Enrolment.objects.on(today).filter(pupil=pupil, cancelled=False).select_related("school_unit")
    memberships = list(GroupMembership.objects.on(today).filter(person=pupil).select_related("group"))
    groups = [row.group_id for row in memberships]
    return SchoolFacts(
        schools=sorted({row.school_unit for row in places}, key=lambda unit: unit.name),
        class_name=next((row.group.name for row in memberships if row.in_class), ""),
        mentors=list(mentors_of(groups, today)),
        subjects=_teachers_by_subject(groups),
    )


def _teachers_by_subject(groups: Iterable[UUID]) -> list[tuple[str, list[str]]]:
    today = days.today()
    rows = DutyAssignment.objects.on(today).filter(
        period_holds(today, "duty__"),
        period_holds(today, "activity__"),
        activity__activity_groups__group__in=list(groups),
        duty__person__security_marking=SecurityMarking.NONE,
    )
    found: dict[str, dict[str, None]] = {}
    for row in rows.select_related("activity__syllabus", "duty__person").order_by("duty__person__sort_key", "pk"):
        subject = row.activity.syllabus.subject_name if row.activity.syllabus else row.activity.name
        found.setdefault(subject, {})[row.duty.person.shown_name] = None
    return [(subject, list(names)) for subject, names in sorted(found.items())]


def contacts_of(
    pupils: Sequence[Person],
    relations: QuerySet[Guardianship],
    phones: QuerySet[PhoneNumber],
    emails: QuerySet[EmailAddress],
) -> list[Contact]:
    """Three statements: the standing relations of minors among `relations`, with the numbers and addresses the caller may see."""
    standing = relations.holding(days.today()).filter(child__in=pupils, guardian__security_marking=SecurityMarking.NONE)  # type: ignore[attr-defined]
    in_order = standing.select_related("guardian", "child").order_by("guardian__sort_key", "pk")
    homes = [row for row in in_order if days.is_minor(row.child.birth_date)]
    persons = [pupil.pk for pupil in pupils] + [row.guardian_id for row in homes]
    ways = {key: Ways([], []) for key in persons}
    for phone in phones.filter(person__in=persons).order_by("phone_type", "value"):
        ways[phone.person_id].phones.append(phone.value)
    for email in emails.filter(person__in=persons).order_by("email_type", "value"):
        ways[email.person_id].emails.append(email.value)
    return [Contact(pupil, ways[pupil.pk], [(row, ways[row.guardian_id]) for row in homes if row.child_id == pupil.pk]) for pupil in pupils]
