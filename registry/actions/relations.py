"""The dated relations: they begin, move and end; what was is never rewritten."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, allows, require
from dexter.lib.models import SCHOOL
from registry.models import (
    AssignmentRole,
    Duty,
    DutyRole,
    Enrolment,
    Group,
    GroupMembership,
    GroupType,
    Guardianship,
    Person,
    RelationType,
    SchoolUnit,
)

from .people import Identity, find_or_make
from .periods import keep_period


@transaction.atomic
def enrol_pupil(
    *,
    actor: Actor,
    school_unit: SchoolUnit,
    school_type: str,
    school_year: int | None,
    start_date: date,
    school_class: Group | None = None,
    pupil: Person | None = None,
    identity: Identity | None = None,
    use_registered: bool = False,
) -> Person:
    """Begin a place at a unit, of a pupil or of somebody new, in a class if one is given.

    Raises ValidationError: the number is known, or the pupil has a place at the unit or another class on those days.
    """
    require(actor, "registry.lead_unit", school_unit)
    person = pupil or find_or_make(_given(identity), use_registered)
    enrolment = Enrolment(pupil=person, school_unit=school_unit, school_type=school_type, school_year=school_year, start_date=start_date)
    keep_period(enrolment, _("The pupil has a place at this school on those days already."))
    if school_class:
        _join(person, school_class, start_date)
    record(actor=actor, action="registry.enrol_pupil", subjects=[person.pk], object_id=enrolment.pk)
    return person


@transaction.atomic
def end_enrolment(*, actor: Actor, enrolment: Enrolment, last_day: date) -> None:
    """End a place, and with it the memberships in the unit's groups; those that had not begun by then fall away."""
    require(actor, "registry.lead_unit", enrolment.school_unit)
    if last_day < enrolment.start_date:
        raise ValidationError({"last_day": _("The last day is before the first.")})
    _end_place(enrolment, last_day)
    record(actor=actor, action="registry.end_enrolment", subjects=[enrolment.pupil_id], object_id=enrolment.pk)


def _end_place(enrolment: Enrolment, last_day: date) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(end_date=last_day, source=SCHOOL)
    units_groups = {"person_id": enrolment.pupil_id, "group__school_unit_id": enrolment.school_unit_id}
    memberships = GroupMembership.objects.on_or_after(last_day).filter(**units_groups)
    memberships.filter(start_date__gt=last_day).delete()
    memberships.update(end_date=last_day, source=SCHOOL)


@transaction.atomic
def move_to_class(*, actor: Actor, pupil: Person, school_class: Group, first_day: date) -> None:
    """From `first_day` the pupil is in `school_class`; the former class ends the day before."""
    require(actor, "registry.lead_unit", school_class.school_unit)
    Person.objects.select_for_update().get(pk=pupil.pk)
    if not Enrolment.objects.on(first_day).filter(pupil=pupil, school_unit=school_class.school_unit_id, cancelled=False).exists():
        raise ValidationError({"first_day": _("The pupil has no place at that school on that day.")})
    memberships = GroupMembership.objects.on_or_after(first_day - timedelta(days=1)).filter(person=pupil, in_class=True)
    memberships.filter(start_date__gte=first_day).delete()
    memberships.update(end_date=first_day - timedelta(days=1), source=SCHOOL)
    _join(pupil, school_class, first_day)
    record(actor=actor, action="registry.move_to_class", subjects=[pupil.pk], object_id=school_class.pk)


@transaction.atomic
def move_to_school(*, actor: Actor, enrolment: Enrolment, school_unit: SchoolUnit, first_day: date) -> Enrolment:
    """From `first_day` the pupil has a place of the same form and year at another unit; the former place ends the day before.

    The other unit chooses the class. Raises ValidationError: not after the place began, or a place there already.
    """
    require(actor, "registry.lead_unit", enrolment.school_unit)
    row = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    last_day = first_day - timedelta(days=1)
    if last_day < row.start_date or (row.end_date and last_day > row.end_date):
        raise ValidationError({"first_day": _("The pupil has no place to move from on the day before.")})
    _end_place(row, last_day)
    form, year = row.school_type, row.school_year
    place = Enrolment(pupil_id=row.pupil_id, school_unit=school_unit, school_type=form, school_year=year, start_date=first_day)
    keep_period(place, _("The pupil has a place at that school on those days already."))
    record(actor=actor, action="registry.move_to_school", subjects=[row.pupil_id], object_id=place.pk)
    return place


@transaction.atomic
def add_guardian(
    *,
    actor: Actor,
    child: Person,
    relation_type: str,
    start_date: date,
    identity: Identity,
    use_registered: bool = False,
) -> Guardianship:
    """Begin a relation to somebody, registered before or new. Raises ValidationError: known number, or it holds already."""
    require(actor, "registry.keep_person", child)
    guardian = find_or_make(identity, use_registered)
    if guardian.pk == child.pk:
        raise ValidationError({"civic_no": _("Nobody is their own guardian.")})
    relation = Guardianship(guardian=guardian, child=child, relation_type=relation_type, start_date=start_date)
    keep_period(relation, _("This person answers for the child on those days already."))
    record(
        actor=actor,
        action="registry.add_guardian",
        subjects=[child.pk, guardian.pk],
        object_id=relation.pk,
        details={"relation": RelationType(relation_type).name},
    )
    return relation


@transaction.atomic
def end_guardianship(*, actor: Actor, guardianship: Guardianship, reason: str) -> None:
    """End it by hand, now: the next request of the guardian finds nothing, and no import brings it back (föräldrabalken 6).

    What the guardian did before stays. Once more changes nothing.
    """
    require(actor, "registry.keep_person", guardianship.child)
    row = Guardianship.objects.select_for_update().get(pk=guardianship.pk)
    if row.revoked_at:
        return
    today = days.today()
    row.revoked_at, row.revoked_reason = days.now(), reason
    row.revoked_by_id, row.consented_at = actor.person_id, None
    row.end_date = max(row.start_date, min(row.end_date or today, today))
    row.save()
    record(actor=actor, action="registry.end_guardianship", subjects=[row.child_id, row.guardian_id], object_id=row.pk)


@transaction.atomic
def release_guardianship(*, actor: Actor, guardianship: Guardianship) -> None:
    """The hand-made end no longer holds: what the population register says counts again from the next import."""
    require(actor, "registry.keep_person", guardianship.child)
    Guardianship.objects.filter(pk=guardianship.pk, released_at=None).update(released_at=days.now())
    subjects = [guardianship.child_id, guardianship.guardian_id]
    record(actor=actor, action="registry.release_guardianship", subjects=subjects, object_id=guardianship.pk)


@transaction.atomic
def add_duty(
    *,
    actor: Actor,
    school_unit: SchoolUnit,
    duty_role: str,
    signature: str,
    start_date: date,
    end_date: date | None,
    person: Person | None = None,
    identity: Identity | None = None,
    use_registered: bool = False,
) -> Person:
    """Begin a duty at a unit, of a colleague or of somebody new. Raises ValidationError: known number, or held already."""
    require(actor, "registry.lead_unit", school_unit)
    if end_date and end_date < start_date:
        raise ValidationError({"end_date": _("The last day is before the first.")})
    colleague = person or find_or_make(_given(identity), use_registered)
    if duty_role == DutyRole.PRINCIPAL and colleague.pk == actor.person_id and not allows(actor, "registry.decide_for_unit", school_unit):
        raise ValidationError({"duty_role": _("Nobody makes themselves principal. A principal of the school does.")})
    duty = Duty(
        person=colleague, school_unit=school_unit, duty_role=duty_role, signature=signature, start_date=start_date, end_date=end_date
    )
    keep_period(duty, _("This person has that duty on those days already."))
    record(actor=actor, action="registry.add_duty", subjects=[colleague.pk], object_id=duty.pk)
    return colleague


@transaction.atomic
def end_duty(*, actor: Actor, duty: Duty, last_day: date) -> None:
    """End a duty, and the mentorships under it. Nobody ends the last duty that lets themselves administer the unit."""
    unit = duty.school_unit
    require(actor, "registry.lead_unit", unit)
    if last_day < duty.start_date:
        raise ValidationError({"last_day": _("The last day is before the first.")})
    if duty.person_id == actor.person_id:
        raise ValidationError(_("Ask a colleague to end your own duty, so that nobody locks themselves out."))
    Duty.objects.filter(pk=duty.pk).update(end_date=last_day, source=SCHOOL)
    roles = AssignmentRole.objects.on_or_after(last_day).filter(duty=duty)
    roles.filter(start_date__gt=last_day).delete()
    roles.update(end_date=last_day, source=SCHOOL)
    record(actor=actor, action="registry.end_duty", subjects=[duty.person_id], object_id=duty.pk)


def _join(pupil: Person, group: Group, first_day: date) -> None:
    message = _("The pupil is in a class on those days already.") if group.group_type == GroupType.CLASS else _("Already a member.")
    keep_period(GroupMembership(person=pupil, group=group, start_date=first_day), message)


def _given(identity: Identity | None) -> Identity:
    if identity is None:
        raise ValidationError(_("Write who it is."))
    return identity
