"""Who may report, withdraw and take the roll-call."""

from __future__ import annotations

import rules
from django.db.models import Exists, Q

from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.lib.models import period_holds
from registry import reads as registry
from registry.models import AssignmentRole, AssignmentRoleType, CalendarEvent, Duty, DutyRole, Group, Person, SchoolUnit

from .models import ReportedDay
from .reads import ClassDay


@rules.predicate
def is_guardian_of(actor: Actor, pupil: Person) -> bool:
    """The pupil was taken from what the actor sees: of that, a guardian reports for the minors, never for themselves."""
    return actor.role is Role.GUARDIAN and pupil.pk != actor.person_id and days.is_minor(pupil.birth_date)


@rules.predicate
def reported_it(actor: Actor, day: ReportedDay) -> bool:
    return bool(day.report.reported_by_id == actor.person_id)


def _is_known(actor: Actor, lesson: CalendarEvent) -> bool:
    """Whether the lesson came with the answers for this actor (`reads.with_rights`)."""
    return bool(getattr(lesson, "asked_by", None) == actor.person_id)


@rules.predicate
def holds_the_lesson(actor: Actor, lesson: CalendarEvent) -> bool:
    """The teacher of the lesson, or who stands in for that day."""
    if _is_known(actor, lesson):
        return actor.role is Role.STAFF and bool(lesson.is_held)
    return actor.role is Role.STAFF and bool(registry.lessons_held_by(actor).filter(pk=lesson.pk).exists())


@rules.predicate
def keeps_the_office(actor: Actor, lesson: CalendarEvent) -> bool:
    """An administrator of the unit, who enters what was kept on paper."""
    if _is_known(actor, lesson):
        return actor.role is Role.STAFF and bool(lesson.in_office)
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.ADMINISTRATOR)
    return actor.role is Role.STAFF and duties.filter(school_unit=lesson.activity.school_unit_id).exists()


@rules.predicate
def day_has_come(_actor: Actor, lesson: CalendarEvent) -> bool:
    return bool(lesson.day <= days.today())


@rules.predicate
def calls_the_class(actor: Actor, called: ClassDay) -> bool:
    """Its mentor today, who holds one of its lessons that day, or an administrator of the unit."""
    today = days.today()
    own = period_holds(today, "duty__") & Q(duty__person_id=actor.person_id)
    mentors = AssignmentRole.objects.on(today).filter(own, group=called.group, assignment_role_type=AssignmentRoleType.MENTOR)
    held = registry.lessons_held_by(actor).on(called.day).filter(activity__groups=called.group).order_by()
    office = Duty.objects.on(today).filter(
        person_id=actor.person_id, duty_role=DutyRole.ADMINISTRATOR, school_unit=called.group.school_unit_id
    )
    allowed = Group.objects.filter(Q(Exists(mentors)) | Q(Exists(held)) | Q(Exists(office)), pk=called.group.pk)
    return actor.role is Role.STAFF and bool(allowed.exists())


@rules.predicate
def called_day_has_come(_actor: Actor, called: ClassDay) -> bool:
    return called.day <= days.today()


@rules.predicate
def works_for_the_body(actor: Actor, _obj: object = None) -> bool:
    """Manages or administers at the responsible body itself, today."""
    return actor.role is Role.STAFF and bool(registry.bodies_led_by(actor).exists())


@rules.predicate
def is_principal_of(actor: Actor, unit: SchoolUnit) -> bool:
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL)
    return actor.role is Role.STAFF and duties.filter(school_unit=unit.pk).exists()


rules.add_rule("absence.edit_school_form_rule", works_for_the_body)
rules.add_rule("absence.edit_unit_settings", is_principal_of)
rules.add_rule("absence.reopen_lesson", keeps_the_office)
rules.add_rule("absence.report_absence", is_guardian_of)
rules.add_rule("absence.withdraw_day", reported_it)
rules.add_rule("absence.take_day_call", called_day_has_come & calls_the_class)
rules.add_rule("absence.take_roll_call", day_has_come & (holds_the_lesson | keeps_the_office))
