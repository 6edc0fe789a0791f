"""Who may apply for leave, answer, take back, prepare and decide."""

from __future__ import annotations

import rules

from absence.models import LeaveRequest
from absence.reads import leave
from absence.reads.settings import settings_of
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import Duty, DutyRole, Guardianship, Person


@rules.predicate
def answers_for_minor(actor: Actor, pupil: Person) -> bool:
    """The pupil was taken from what the actor sees: of that, a guardian applies for the minors, never for themselves."""
    return actor.role is Role.GUARDIAN and pupil.pk != actor.person_id and days.is_minor(pupil.birth_date)


@rules.predicate
def is_oneself_of_age(actor: Actor, pupil: Person) -> bool:
    return actor.role is Role.PUPIL and pupil.pk == actor.person_id and not days.is_minor(pupil.birth_date)


@rules.predicate
def is_asked_to_agree(actor: Actor, request: LeaveRequest) -> bool:
    """A guardian by law who did not apply, where the school asks for the answer of both."""
    asked = request.answer_by is not None and request.application.applied_by_id != actor.person_id
    custody = leave.with_custody(days.today()).filter(guardian=actor.person_id, child=request.pupil_id)
    return asked and answers_for_minor(actor, request.pupil) and custody.exists()


@rules.predicate
def takes_back_leave(actor: Actor, request: LeaveRequest) -> bool:
    """Who applied and still answers for the pupil; any guardian where that one does no more; the pupil of age."""
    applicant = request.application.applied_by_id
    if is_oneself_of_age(actor, request.pupil):
        return True
    still = Guardianship.objects.holding(days.today()).filter(guardian=applicant, child=request.pupil_id)
    return bool(answers_for_minor(actor, request.pupil)) and (applicant == actor.person_id or not still.exists())


@rules.predicate
def is_no_party(actor: Actor, request: LeaveRequest) -> bool:
    """Nobody decides for the own child (förvaltningslagen 16 §)."""
    own = Guardianship.objects.filter(guardian=actor.person_id, child=request.pupil_id)
    return actor.person_id not in {request.pupil_id, request.application.applied_by_id} and not own.exists()


@rules.predicate
def leads_the_school(actor: Actor, request: LeaveRequest) -> bool:
    """Principal of the unit today."""
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL)
    return actor.role is Role.STAFF and duties.filter(school_unit=request.school_unit_id).exists()


@rules.predicate
def mentors_the_pupil(actor: Actor, request: LeaveRequest) -> bool:
    """Mentor of a group of the pupil's at the unit, today."""
    mentors = leave.mentors_for([request.pupil_id], request.school_unit_id)
    return actor.role is Role.STAFF and mentors.filter(pk=actor.person_id).exists()


@rules.predicate
def is_within_delegation(_actor: Actor, request: LeaveRequest) -> bool:
    """What was granted in the school year and what is asked for are together no more than the unit lets a mentor grant (7:18)."""
    delegated = settings_of(request.school_unit_id, days.today()).delegated_leave_days
    return leave.leave_days_before(request) + request.school_days <= delegated


rules.add_rule("absence.answer_leave", is_asked_to_agree)
rules.add_rule("absence.apply_for_leave", answers_for_minor | is_oneself_of_age)
rules.add_rule("absence.decide_leave", is_no_party & (leads_the_school | (mentors_the_pupil & is_within_delegation)))
rules.add_rule("absence.note_leave", is_no_party & mentors_the_pupil)
rules.add_rule("absence.withdraw_leave", takes_back_leave)
