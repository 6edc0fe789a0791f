"""Who may do what with the school's facts."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q

from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.lib.models import period_holds

from .models import AssignmentRole, CalendarEvent, Duty, DutyRole, Group, Guardianship, Organisation, Person, SchoolUnit, scope

TEACHING_ROLES = (DutyRole.TEACHER, DutyRole.LEAD_TEACHER, DutyRole.SPECIAL_EDUCATOR, DutyRole.LEISURE_TEACHER, DutyRole.TEACHING_ASSISTANT)


@rules.predicate
def is_staff(actor: Actor, _obj: Any = None) -> bool:
    return actor.role is Role.STAFF


@rules.predicate
def leads_a_unit(actor: Actor, _obj: Any = None) -> bool:
    """Principal or administrator of some school unit today."""
    return SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor)).exists()


@rules.predicate
def leads_the_unit(actor: Actor, unit: SchoolUnit | None) -> bool:
    return unit is not None and SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor)).filter(pk=unit.pk).exists()


@rules.predicate
def works_for_a_body(actor: Actor, _obj: Any = None) -> bool:
    """A leading duty at the responsible body itself, today."""
    return Organisation.objects.filter(pk__in=scope.bodies_led_by(actor)).exists()


@rules.predicate
def keeps_the_place(actor: Actor, unit: SchoolUnit | None) -> bool:
    """Leads the unit; for all units at once (None), works for the responsible body."""
    return bool(leads_the_unit(actor, unit) if unit else works_for_a_body(actor))


@rules.predicate
def keeps_the_person(actor: Actor, person: Person) -> bool:
    """Principal or administrator of a unit where the person belongs today, and let in by name where the person is protected."""
    kept = Person.objects.visible_to(actor).kept_by(actor)
    return kept.filter(scope.persons_with_details_open_to(actor), pk=person.pk).exists()


@rules.predicate
def may_stand_in(actor: Actor, lesson: CalendarEvent) -> bool:
    """A lesson of today, at a unit where the actor has a teaching duty and colleagues may take over."""
    teaching = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role__in=TEACHING_ROLES)
    units = SchoolUnit.objects.filter(pk=lesson.activity.school_unit_id, colleagues_may_stand_in=True)
    return lesson.day == days.today() and units.filter(pk__in=teaching.values("school_unit")).exists()


@rules.predicate
def reaches_the_homes_of(actor: Actor, group: Group) -> bool:
    """Mentor of the group or with another assignment in it, for as long as its pupils are seen; or leads its unit."""
    today = days.today()
    roles = AssignmentRole.objects.filter(scope.within_reach(today, "", "group__school_unit__"), period_holds(today, "duty__"))
    assigned = Q(pk__in=roles.filter(duty__person_id=actor.person_id).values("group"))
    return Group.objects.filter(assigned | Q(school_unit__in=scope.units_led_by(actor)), pk=group.pk).exists()


@rules.predicate
def is_principal(actor: Actor, _obj: Any = None) -> bool:
    return Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL).exists()


@rules.predicate
def belongs_to_a_unit_led(actor: Actor, person: Person) -> bool:
    """Whether the person is kept by a unit that the actor leads, seen or not."""
    return Person.objects.kept_by(actor).filter(pk=person.pk).exists()


@rules.predicate
def is_own_adult_relation(actor: Actor, guardianship: Guardianship) -> bool:
    """The pupil of the relation, of age, who decides alone; what was ended by hand stays ended."""
    own = actor.role is Role.PUPIL and guardianship.child_id == actor.person_id and guardianship.revoked_at is None
    return own and not days.is_minor(guardianship.child.birth_date)


@rules.predicate
def keeps_own_contact(actor: Actor, _obj: Any = None) -> bool:
    """A guardian, or a pupil of age."""
    if actor.role is not Role.PUPIL:
        return actor.role is Role.GUARDIAN
    return Person.objects.filter(pk=actor.person_id).exclude(pk__in=Person.objects.minors_on(days.today())).exists()


@rules.predicate
def is_unmarked(actor: Actor, _obj: Any = None) -> bool:
    """Whose contact details are nobody's secret: the others' are kept by the school alone."""
    return Person.objects.unmarked().filter(pk=actor.person_id).exists()


@rules.predicate
def may_export(actor: Actor, _obj: Any = None) -> bool:
    """A principal, or somebody in the office whose duty was given the right."""
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role__in=scope.LEADING_ROLES)
    return duties.filter(Q(duty_role=DutyRole.PRINCIPAL) | Q(may_export=True)).exists()


@rules.predicate
def is_principal_over(actor: Actor, duty: Duty) -> bool:
    """Principal of the unit where a colleague keeps the office."""
    principal = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL)
    return duty.duty_role == DutyRole.ADMINISTRATOR and principal.filter(school_unit=duty.school_unit_id).exists()


@rules.predicate
def is_principal_of(actor: Actor, unit: SchoolUnit) -> bool:
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL)
    return duties.filter(school_unit=unit.pk).exists()


rules.add_rule("registry.decide_for_unit", is_staff & is_principal_of)
rules.add_rule("registry.export_lists", is_staff & may_export)
rules.add_rule("registry.let_export", is_staff & is_principal_over)
rules.add_rule("registry.keep_own_contact", keeps_own_contact)
rules.add_rule("registry.change_own_contact", keeps_own_contact & is_unmarked)
rules.add_rule("registry.consent", is_own_adult_relation)
rules.add_rule("registry.protect", is_staff & keeps_the_person)
rules.add_rule("registry.list_protected", is_staff & is_principal)
rules.add_rule("registry.open_protected", is_staff & is_principal & keeps_the_person)
rules.add_rule("registry.unlock_protected", is_staff & is_principal & belongs_to_a_unit_led)
rules.add_rule("registry.stand_in", is_staff & may_stand_in)
rules.add_rule("registry.search_persons", is_staff)
rules.add_rule("registry.have_feed", is_staff)
rules.add_rule("registry.read_contacts", is_staff & reaches_the_homes_of)
rules.add_rule("registry.administer", is_staff & leads_a_unit)
rules.add_rule("registry.lead_unit", is_staff & leads_the_unit)
rules.add_rule("registry.keep_place", is_staff & keeps_the_place)
rules.add_rule("registry.keep_calendar", is_staff & (leads_a_unit | works_for_a_body))
rules.add_rule("registry.keep_person", is_staff & keeps_the_person)
