"""Who may hand out ways to sign in."""

from __future__ import annotations

import rules

from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import Duty, Enrolment, Person, scope
from registry.rules import is_staff, leads_the_unit


@rules.predicate
def meets_the_pupil(actor: Actor, pupil: Person) -> bool:
    """Teaches, mentors or leads the school of the pupil (taken from what the actor sees), who is not an adult colleague."""
    employed = Duty.objects.on_or_after(days.today()).filter(person=pupil)
    return Enrolment.objects.visible_to(actor).filter(pupil=pupil).exclude(pupil=actor.person_id).exists() and not employed.exists()


@rules.predicate
def leads_the_colleague(actor: Actor, colleague: Person) -> bool:
    """Principal or administrator of a unit where the other has a duty; nobody lets themselves in."""
    led = Duty.objects.filter(person=colleague, school_unit__in=scope.units_led_by(actor))
    return actor.role is Role.STAFF and colleague.pk != actor.person_id and led.exists()


rules.add_rule("accounts.reset_pupil_password", is_staff & meets_the_pupil)
rules.add_rule("accounts.issue_enrolment_code", leads_the_colleague)
rules.add_rule("accounts.make_pupil_accounts", is_staff & leads_the_unit)
