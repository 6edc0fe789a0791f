"""Whom a message goes to: the guardians of a group's or lesson's minors, and its pupils of age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dexter.lib import days
from registry import reads as registry
from registry.models import CalendarEvent, Enrolment, Group, Guardianship, Person, PersonStatus, SchoolUnit
from registry.models.person import PersonQuerySet

Target = Group | CalendarEvent


@dataclass(frozen=True)
class Audience:
    """The recipients, each with the pupils for whose sake, and what may be told of their number."""

    recipients: dict[UUID, list[UUID]]
    open: frozenset[UUID]  # the recipients who may be told by e-mail or text: neither they nor all of their pupils are protected
    minors: int  # without the protected, as are the next two
    adults: int
    without_guardian: int  # minors for whom nobody gets it

    @property
    def homes(self) -> int:
        return len(self.open)


def unit_of(target: Target) -> SchoolUnit:
    return target.school_unit if isinstance(target, Group) else target.activity.school_unit


def day_of_pupils(target: Target) -> date:
    """The day whose members are meant: of a group today, or its first day if that is to come; of a lesson its own."""
    return max(days.today(), target.start_date) if isinstance(target, Group) else target.day


def pupils_of(target: Target) -> PersonQuerySet:
    """The pupils with a place at a school still, the protected among them."""
    day = day_of_pupils(target)
    members = Person.objects.members_of(target, day) if isinstance(target, Group) else registry.roster_of(target)
    places = Enrolment.objects.on(max(day, days.today())).filter(cancelled=False)
    pupils = Person.objects.filter(pk__in=members.values("pk")).filter(pk__in=places.values("pupil_id"))
    return pupils.exclude(person_status=PersonStatus.DECEASED)


def audience_of(target: Target) -> Audience:
    """Two statements, whatever the size. A guardian of several of the pupils is one recipient."""
    pupils = list(pupils_of(target).order_by().only("pk", "birth_date", "security_marking"))
    shown = {pupil.pk for pupil in pupils if not pupil.is_protected}
    minors = {pupil.pk for pupil in pupils if days.is_minor(pupil.birth_date)}
    adults = {pupil.pk for pupil in pupils} - minors
    recipients, told, reached = {key: [key] for key in adults}, adults & shown, set()
    relations = Guardianship.objects.holding(days.today()).filter(child__in=minors).select_related("guardian")
    for row in relations.exclude(guardian__person_status=PersonStatus.DECEASED):
        recipients.setdefault(row.guardian_id, []).append(row.child_id)
        reached.add(row.child_id)
        if row.child_id in shown and not row.guardian.is_protected:
            told.add(row.guardian_id)
    return Audience(recipients, frozenset(told), len(minors & shown), len(adults & shown), len((minors & shown) - reached))
