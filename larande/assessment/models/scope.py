"""Whose assessments somebody may read: the same condition for everything about one pupil in one teaching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import period_holds
from larande.planning.models.scope import teaching_of
from registry.models import Activity, GroupMembership, Guardianship, Module, Person, scope, uses

if TYPE_CHECKING:
    from dexter.lib.access import Actor


def assessed_open_to(actor: Actor, activity: str = "activity") -> Q:
    """A condition on rows with `pupil` and an activity behind the look-up, or (with "") on activities themselves; for the home
    the caller adds what is published.

    The own children or oneself. Staff: the pupils they teach, in the subject they teach them, also what another wrote of them
    in it; all subjects of those whose mentor they are; as a principal the pupils of the unit. Never oneself or one's own
    child: of them one reads what is published, at home. The protected, as on the roll-call, to who teaches them; else by a
    named access.
    """
    unit = f"{activity}__school_unit".removeprefix("__")
    module = uses(Module.ASSESSMENT, unit)
    if actor.role is not Role.STAFF:
        return module & Q(pupil__in=Person.objects.visible_to(actor).filter(pk__in=scope.pupil_ids(actor)).order_by().values("pk"))
    seen = Q(pupil__in=Person.objects.visible_to(actor).order_by().values("pk"))
    mentored, led = Q(pupil__in=scope.led_as_mentor_by(actor)), Q(**{f"{unit}__in": scope.units_headed_by(actor)})
    own = Q(pupil__in=Guardianship.objects.filter(guardian=actor.person_id).values("child")) | Q(pupil=actor.person_id)
    return module & ~own & (Q(_taught_in_the_subject(actor, activity)) | (seen & (mentored | led)))


def _taught_in_the_subject(actor: Actor, activity: str) -> Exists:
    """The pupil is in a group that the actor teaches in the subject of the outer row."""
    today, taught = days.today(), "group__activity_groups__activity__"
    duty = f"{taught}duty_assignments__"
    return Exists(
        GroupMembership.objects.filter(
            scope.within_reach(today, "", "group__school_unit__"),
            scope.within_reach(today, duty, "group__school_unit__"),
            period_holds(today, f"{duty}duty__"),
            person=OuterRef("pupil"),
            **{
                f"{duty}duty__person": actor.person_id,
                f"{taught}syllabus__subject_code": OuterRef(f"{activity}__syllabus__subject_code".removeprefix("__")),
            },
        )
    )


def activities_assessed_by(actor: Actor) -> Q:
    """A condition on activities: those whose grid staff may open, by teaching them or as principal of their unit."""
    module = uses(Module.ASSESSMENT, "school_unit")
    if actor.role is not Role.STAFF:
        return Q(pk__in=[])
    return module & (Q(pk__in=teaching_of(actor)) | Q(school_unit__in=scope.units_headed_by(actor)))


def open_activities(actor: Actor) -> Q:
    """The same as a condition on rows with `activity`."""
    return Q(activity__in=Activity.objects.filter(activities_assessed_by(actor)).order_by().values("pk"))
