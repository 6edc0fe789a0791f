"""Who may report, withdraw, take the roll-call, and ask for a correction or answer."""

from __future__ import annotations

from typing import Any

import rules

from absence import reads
from absence.models import SOURCE_OF, AbsenceReport, CorrectionRequest, ReportedDay, Source
from absence.reads import ClassDay
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry import reads as registry
from registry.models import (
    AssignmentRole,
    AssignmentRoleType,
    CalendarEvent,
    Duty,
    DutyRole,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    ProtectedAccess,
    SchoolUnit,
    scope,
)
from registry.rules import is_principal_of, is_staff, leads_the_unit, works_for_a_body


@rules.predicate
def is_guardian_of(actor: Actor, pupil: Person) -> bool:
    """The pupil was taken from what the actor sees: of that, a guardian reports for the minors, never for themselves."""
    return actor.role is Role.GUARDIAN and pupil.pk != actor.person_id and days.is_minor(pupil.birth_date)


@rules.predicate
def is_oneself(actor: Actor, pupil: Person) -> bool:
    return actor.role is Role.PUPIL and pupil.pk == actor.person_id


@rules.predicate
def reports_somebody(actor: Actor, _obj: Any = None) -> bool:
    """A guardian, or a pupil whose form of schooling and age let pupils report themselves."""
    if actor.role is not Role.PUPIL:
        return actor.role is Role.GUARDIAN
    return bool(reads.reportable_by(actor, Person.objects.filter(pk=actor.person_id)).exists())


@rules.predicate
def is_of_age(_actor: Actor, pupil: Person) -> bool:
    return not days.is_minor(pupil.birth_date)


@rules.predicate
def reported_it(actor: Actor, day: ReportedDay) -> bool:
    """In the role in which it was reported: nobody takes back as a guardian what they entered for the school."""
    return bool(made_it(actor, day.report))


@rules.predicate
def made_it(actor: Actor, report: AbsenceReport) -> bool:
    return bool(report.reported_by_id == actor.person_id and report.source == SOURCE_OF[actor.role])


@rules.predicate
def inherits_it(actor: Actor, day: ReportedDay) -> bool:
    """The pupil of age takes over what a guardian reported; of a minor another guardian does, once who reported is none."""
    if day.report.source != Source.GUARDIAN:
        return False
    still = Guardianship.objects.holding(days.today()).filter(guardian=day.report.reported_by_id, child=day.pupil_id)
    return bool((is_oneself & is_of_age)(actor, day.pupil)) or bool(is_guardian_of(actor, day.pupil) and not still.exists())


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
def asked_for_it(actor: Actor, asked: CorrectionRequest) -> bool:
    return bool(asked.asked_by_id == actor.person_id)


@rules.predicate
def is_of_the_home(actor: Actor, asked: CorrectionRequest) -> bool:
    """The pupil, or who is or was guardian of the pupil: nobody answers the own home (förvaltningslagen 16 §)."""
    own = Guardianship.objects.filter(guardian=actor.person_id, child=asked.pupil_id)
    return asked.pupil_id == actor.person_id or own.exists()


@rules.predicate
def reaches_the_lesson_of(actor: Actor, asked: CorrectionRequest) -> bool:
    """Teaches the lesson, stands in for it that day, or leads its school."""
    return actor.role is Role.STAFF and bool(CalendarEvent.objects.visible_to(actor).filter(pk=asked.lesson_id).exists())


@rules.predicate
def mentors_the_pupil_of(actor: Actor, asked: CorrectionRequest) -> bool:
    """A mentor of a group that the pupil is in today."""
    roles = AssignmentRole.objects.on(days.today()).filter(duty__person=actor.person_id, assignment_role_type=AssignmentRoleType.MENTOR)
    members = GroupMembership.objects.on(days.today()).filter(person=asked.pupil_id, group__in=roles.values("group"))
    return actor.role is Role.STAFF and bool(members.exists())


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
    return actor.role is Role.STAFF and reads.is_called_by(actor, called)


@rules.predicate
def called_day_has_come(_actor: Actor, called: ClassDay) -> bool:
    return called.day <= days.today()


@rules.predicate
def takes_calls(actor: Actor, _obj: object = None) -> bool:
    return actor.role is Role.STAFF and reads.takes_calls(actor)


@rules.predicate
def takes_calls_about(actor: Actor, pupil: Person) -> bool:
    """Leads a unit where the pupil has a place, or is the pupil's mentor, today; the protected by a named access alone."""
    seen = Person.objects.visible_to(actor).filter(pk=pupil.pk)
    return actor.role is Role.STAFF and bool(reads.reported_for_by(seen, actor).exists())


@rules.predicate
def registered_it_today(actor: Actor, day: ReportedDay) -> bool:
    """A slip is undone by who made it, on the day it was made; afterwards the school judges."""
    mine = day.report.source == Source.OFFICE and day.report.reported_by_id == actor.person_id
    return mine and days.day_of(day.report.reported_at) == days.today()


@rules.predicate
def works_in_the_group(actor: Actor, group: Group) -> bool:
    return actor.role is Role.STAFF and reads.works_in(group, actor)


@rules.predicate
def phones_homes(actor: Actor, _obj: object = None) -> bool:
    """Principal or administrator of some school unit, or let in by name to somebody protected."""
    if actor.role is not Role.STAFF:
        return False
    led = SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor))
    return led.exists() or ProtectedAccess.objects.filter(grantee=actor.person_id, revoked_at=None).exists()


rules.add_rule("absence.phone_homes", phones_homes)
rules.add_rule("absence.take_calls", takes_calls)
rules.add_rule("absence.report_for_pupil", takes_calls_about)
rules.add_rule("absence.withdraw_for_pupil", takes_calls & registered_it_today)
rules.add_rule("absence.note_contact", takes_calls_about)
rules.add_rule("absence.after_school_list", works_in_the_group)
rules.add_rule("absence.block_leave", is_staff & leads_the_unit)
rules.add_rule("absence.edit_school_form_rule", is_staff & works_for_a_body)
rules.add_rule("absence.edit_unit_settings", is_staff & is_principal_of)
rules.add_rule("absence.reopen_lesson", keeps_the_office)
rules.add_rule("absence.answer_correction", ~asked_for_it & ~is_of_the_home & (reaches_the_lesson_of | mentors_the_pupil_of))
rules.add_rule("absence.open_reporting", reports_somebody)
rules.add_rule("absence.report_absence", is_guardian_of | is_oneself)
rules.add_rule("absence.request_correction", is_guardian_of | (is_oneself & is_of_age))
rules.add_rule("absence.withdraw_day", reported_it | inherits_it)
rules.add_rule("absence.withdraw_report", made_it)
rules.add_rule("absence.take_day_call", called_day_has_come & calls_the_class)
rules.add_rule("absence.take_roll_call", day_has_come & (holds_the_lesson | keeps_the_office))
