"""Who may report, withdraw and take the roll-call."""

from __future__ import annotations

import rules

from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry import reads as registry
from registry.models import CalendarEvent, Duty, DutyRole, Person, ProtectedAccess, SchoolUnit, scope

from .models import ReportedDay


@rules.predicate
def is_guardian_of(actor: Actor, pupil: Person) -> bool:
    """The pupil was taken from what the actor sees: of that, a guardian reports for the minors, never for themselves."""
    return actor.role is Role.GUARDIAN and pupil.pk != actor.person_id and days.is_minor(pupil.birth_date)


@rules.predicate
def reported_it(actor: Actor, day: ReportedDay) -> bool:
    return bool(day.report.reported_by_id == actor.person_id)


@rules.predicate
def holds_the_lesson(actor: Actor, lesson: CalendarEvent) -> bool:
    """The teacher of the lesson, or who stands in for that day."""
    return actor.role is Role.STAFF and bool(registry.lessons_held_by(actor).filter(pk=lesson.pk).exists())


@rules.predicate
def keeps_the_office(actor: Actor, lesson: CalendarEvent) -> bool:
    """An administrator of the unit, who enters what was kept on paper."""
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.ADMINISTRATOR)
    return actor.role is Role.STAFF and duties.filter(school_unit=lesson.activity.school_unit_id).exists()


@rules.predicate
def day_has_come(_actor: Actor, lesson: CalendarEvent) -> bool:
    return bool(lesson.day <= days.today())


@rules.predicate
def works_for_the_body(actor: Actor, _obj: object = None) -> bool:
    """Manages or administers at the responsible body itself, today."""
    return actor.role is Role.STAFF and bool(registry.bodies_led_by(actor).exists())


@rules.predicate
def is_principal_of(actor: Actor, unit: SchoolUnit) -> bool:
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL)
    return actor.role is Role.STAFF and duties.filter(school_unit=unit.pk).exists()


@rules.predicate
def phones_homes(actor: Actor, _obj: object = None) -> bool:
    """Principal or administrator of some school unit, or let in by name to somebody protected."""
    if actor.role is not Role.STAFF:
        return False
    led = SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor))
    return led.exists() or ProtectedAccess.objects.filter(grantee=actor.person_id, revoked_at=None).exists()


rules.add_rule("absence.edit_school_form_rule", works_for_the_body)
rules.add_rule("absence.edit_unit_settings", is_principal_of)
rules.add_rule("absence.phone_homes", phones_homes)
rules.add_rule("absence.reopen_lesson", keeps_the_office)
rules.add_rule("absence.report_absence", is_guardian_of)
rules.add_rule("absence.withdraw_day", reported_it)
rules.add_rule("absence.take_roll_call", day_has_come & (holds_the_lesson | keeps_the_office))
