"""Groups, who is in them and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib.access import Actor, require
from dexter.lib.models import SCHOOL
from registry.models import AssignmentRole, AssignmentRoleType, Duty, Group, GroupMembership, GroupType, Person, SchoolUnit

from .periods import keep_period


@transaction.atomic
def create_group(*, actor: Actor, school_unit: SchoolUnit, name: str, group_type: str, school_type: str, start_date: date) -> Group:
    """A class or another group of a unit; its type never changes."""
    require(actor, "registry.lead_unit", school_unit)
    if Group.objects.on_or_after(start_date).filter(school_unit=school_unit, name__iexact=name).exists():
        raise ValidationError({"name": _("The school has a group of that name already.")})
    group = Group.objects.create(school_unit=school_unit, name=name, group_type=group_type, school_type=school_type, start_date=start_date)
    record(actor=actor, action="registry.create_group", object_id=group.pk)
    return group


@transaction.atomic
def add_members(*, actor: Actor, group: Group, pupils: Iterable[Person], first_day: date) -> int:
    """Put pupils into a group that is no class; who is a member from that day stays so. Gives how many were put in."""
    require(actor, "registry.lead_unit", group.school_unit)
    if group.group_type == GroupType.CLASS:
        raise ValidationError(_("A class is changed on the pupil's own page."))
    present = set(GroupMembership.objects.on_or_after(first_day).filter(group=group).values_list("person_id", flat=True))
    new = [pupil.pk for pupil in pupils if pupil.pk not in present]
    try:
        with transaction.atomic():
            GroupMembership.objects.bulk_create(GroupMembership(group=group, person_id=pk, start_date=first_day) for pk in new)
    except IntegrityError:
        raise ValidationError(_("Somebody else changed the group meanwhile. Look at it again.")) from None
    record(actor=actor, action="registry.add_members", subjects=new, object_id=group.pk, details={"members": len(new)})
    return len(new)


@transaction.atomic
def end_membership(*, actor: Actor, membership: GroupMembership, last_day: date) -> None:
    """The membership's last day; one that would end before it began falls away."""
    require(actor, "registry.lead_unit", membership.group.school_unit)
    subjects, key = [membership.person_id], membership.pk
    rows = GroupMembership.objects.filter(pk=key)
    if last_day < membership.start_date:
        rows.delete()
    else:
        rows.update(end_date=last_day, source=SCHOOL)
    record(actor=actor, action="registry.end_membership", subjects=subjects, object_id=key)


@transaction.atomic
def appoint_mentor(*, actor: Actor, group: Group, duty: Duty, first_day: date) -> None:
    """Make the holder of a duty mentor of a group. Raises ValidationError when it is so already."""
    require(actor, "registry.lead_unit", group.school_unit)
    role = AssignmentRole(duty=duty, group=group, assignment_role_type=AssignmentRoleType.MENTOR, start_date=first_day)
    keep_period(role, _("This colleague is mentor of the group on those days already."))
    record(actor=actor, action="registry.appoint_mentor", subjects=[duty.person_id], object_id=group.pk)


@transaction.atomic
def end_assignment(*, actor: Actor, assignment: AssignmentRole, last_day: date) -> None:
    """The last day of a mentorship or another assignment; one that would end before it began falls away."""
    require(actor, "registry.lead_unit", assignment.group.school_unit)
    rows, key = AssignmentRole.objects.filter(pk=assignment.pk), assignment.pk
    if last_day < assignment.start_date:
        rows.delete()
    else:
        rows.update(end_date=last_day, source=SCHOOL)
    record(actor=actor, action="registry.end_assignment", subjects=[assignment.duty.person_id], object_id=key)
