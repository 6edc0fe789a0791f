from __future__ import annotations

from datetime import date
from typing import Any

import rules
from django.db.models import QuerySet

from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry import reads as registry
from registry.models import AssignmentRole, CalendarEvent, Duty, DutyAssignment, Group, Person
from registry.rules import is_staff, keeps_own_contact, leads_a_unit, leads_the_unit

from .models import SchoolMessage
from .models.retention import works_for_the_body
from .school_messages.audience import day_of_pupils


@rules.predicate
def is_officer(actor: Actor, _obj: Any = None) -> bool:
    """Works at the responsible body itself today."""
    return works_for_the_body(actor)


@rules.predicate
def answers_for_the_person(actor: Actor, person: Person) -> bool:
    """Principal or administrator of a unit that keeps the person's data, also of one who left lately; the protected by name alone."""
    return Person.objects.visible_to(actor).kept_by(actor).filter(pk=person.pk).exists()


rules.add_rule("home.edit_site", is_staff & leads_a_unit)
rules.add_rule("home.disclose", is_staff & answers_for_the_person)
rules.add_rule("home.dispose", is_staff & is_officer)


@rules.predicate
def answers_for_the_homes(actor: Actor, audience: Group | CalendarEvent) -> bool:
    """Of a group: teaches it or has an assignment in it when its pupils are asked for. Of a lesson: holds it. Of both: leads the school."""
    if isinstance(audience, CalendarEvent):
        return registry.lessons_held_by(actor).filter(pk=audience.pk).exists() or leads_the_unit(actor, audience.activity.school_unit)
    day = day_of_pupils(audience)
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id)
    taught = DutyAssignment.objects.on(day).filter(duty__in=duties, activity__groups=audience)
    return taught.exists() or _has_assignment(duties, audience, day) or leads_the_unit(actor, audience.school_unit)


def _has_assignment(duties: QuerySet[Duty], group: Group, day: date) -> bool:
    return AssignmentRole.objects.on(day).filter(duty__in=duties, group=group).exists()


@rules.predicate
def gets_messages(actor: Actor, _obj: Any = None) -> bool:
    """A guardian, staff, or a pupil of age: what concerns a minor goes to the home."""
    return actor.role is not Role.PUPIL or bool(keeps_own_contact(actor))


@rules.predicate
def answers_for_the_message(actor: Actor, message: SchoolMessage) -> bool:
    """Who sent it, or leads the school it was sent from."""
    return message.sent_by_id == actor.person_id or leads_the_unit(actor, message.school_unit)


rules.add_rule("home.write_message", is_staff & answers_for_the_homes)
rules.add_rule("home.read_messages", gets_messages)
rules.add_rule("home.recall_message", is_staff & answers_for_the_message)
