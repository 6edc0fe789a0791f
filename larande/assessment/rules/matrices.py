"""Who makes matrices, who keeps those that others copy, and who puts one to work."""

from __future__ import annotations

import rules

from dexter.lib import days
from dexter.lib.access import Actor
from larande.assessment.models import AssessmentMatrix, MatrixLevel, MatrixUse
from larande.assessment.models.scope import activities_assessed_by
from registry.models import Activity, Duty, DutyRole, Module, Organisation, SchoolUnit, scope, units_with
from registry.rules import TEACHING_ROLES, is_staff

KEEPS_FOR_SCHOOL = (DutyRole.PRINCIPAL, DutyRole.LEAD_TEACHER)
MAKES = (*TEACHING_ROLES, DutyRole.PRINCIPAL)


def _has_duty(actor: Actor, unit: SchoolUnit, roles: tuple[str, ...]) -> bool:
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role__in=roles)
    return duties.filter(school_unit__in=units_with(Module.ASSESSMENT).filter(pk=unit.pk)).exists()


@rules.predicate
def meets_assessment(actor: Actor, _obj: object = None) -> bool:
    """Works at a school that uses assessment, or for the responsible body, whose schools share its matrices."""
    units = units_with(Module.ASSESSMENT).filter(pk__in=scope.units_worked_at(actor))
    return units.exists() or Organisation.objects.filter(pk__in=scope.bodies_led_by(actor)).exists()


@rules.predicate
def teaches_at(actor: Actor, unit: SchoolUnit) -> bool:
    return _has_duty(actor, unit, MAKES)


@rules.predicate
def keeps_for_school(actor: Actor, unit: SchoolUnit) -> bool:
    """Principal or lead teacher (förstelärare) there."""
    return _has_duty(actor, unit, KEEPS_FOR_SCHOOL)


@rules.predicate
def keeps_for_body(actor: Actor, unit: SchoolUnit) -> bool:
    return Organisation.objects.filter(pk__in=scope.bodies_led_by(actor)).filter(pk=unit.organisation_id).exists()


@rules.predicate
def keeps_the_matrix(actor: Actor, matrix: AssessmentMatrix) -> bool:
    """A template by its level; a copy at work by who assesses with it."""
    if not matrix.is_template:
        return MatrixUse.objects.visible_to(actor).filter(matrix=matrix).exists()
    if matrix.level == MatrixLevel.MUNICIPALITY:
        return bool(keeps_for_body(actor, matrix.school_unit))
    if matrix.level == MatrixLevel.SCHOOL:
        return bool(keeps_for_school(actor, matrix.school_unit) or keeps_for_body(actor, matrix.school_unit))
    return matrix.created_by_id == actor.person_id


@rules.predicate
def assesses(actor: Actor, activity: Activity) -> bool:
    """Teaches it, from some days before to some days after, or leads its unit."""
    return Activity.objects.filter(activities_assessed_by(actor), pk=activity.pk).exists()


rules.add_rule("assessment.make_matrix", is_staff & teaches_at)
rules.add_rule("assessment.keep_for_school", is_staff & keeps_for_school)
rules.add_rule("assessment.keep_for_body", is_staff & keeps_for_body)
rules.add_rule("assessment.edit_matrix", is_staff & keeps_the_matrix)
rules.add_rule("assessment.attach_matrix", is_staff & assesses)
rules.add_rule("assessment.open", is_staff & meets_assessment)
