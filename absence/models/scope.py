"""Whose attendance somebody may see: the same condition for everything that is about one pupil in one lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import made_once, period_holds
from registry.models import (
    ActivityGroup,
    AssignmentRoleType,
    CalendarEvent,
    Duty,
    DutyAssignment,
    DutyRole,
    GroupMembership,
    Guardianship,
    Person,
    TeacherException,
)
from registry.models import scope as registry

if TYPE_CHECKING:
    from dexter.lib.access import Actor


def attendance_open_to(actor: Actor, *, of_view: bool = False) -> Q:
    """A condition on rows with `lesson` and `pupil`: the own children or oneself; to staff the lessons they teach or lead,
    and all lessons of the pupils they mentor; never those of the protected but by a named access.

    `of_view`: of the rows of a view, narrowed otherwise. PostgreSQL expects one of them and gets hundreds.
    """
    pupils = Q(pupil__in=Person.objects.visible_to(actor))
    if actor.role is Role.GUARDIAN:
        return pupils & ~Q(pupil=actor.person_id)
    if actor.role is Role.PUPIL:
        return Q(pupil=actor.person_id)
    # Beside an "or" a list of lessons would be put together from all there are; so each row asks for its own.
    lesson = CalendarEvent.objects.visible_to(actor).filter(pk=OuterRef("lesson")).order_by()
    own = Q(Exists(lesson)) | Q(pupil__in=registry.mentored_by(actor))
    return (made_once(pupils) if of_view else pupils) & own


def open_to_judgement(actor: Actor) -> Q:
    """A condition on rows with `lesson` and `pupil` that are seen already: those whom the actor mentors, the lessons they
    teach or hold today as a substitute, and those of the units they lead. Seeing lasts longer than judging: to the day.
    Never oneself or a child one is, or was, guardian of (förvaltningslagen 16 §)."""
    today = days.today()
    taught = DutyAssignment.objects.filter(period_holds(today), period_holds(today, "duty__"), duty__person=actor.person_id)
    standing_in = TeacherException.objects.filter(
        period_holds(today, "duty__"), duty__person=actor.person_id, participates=True, calendar_event__day=today
    )
    own = Guardianship.objects.filter(guardian=actor.person_id).values("child_id")
    open_by_work = (
        Q(pupil__in=mentored_today_by(actor))
        | Q(lesson__activity__in=taught.order_by().values("activity_id"))
        | Q(lesson__in=standing_in.values("calendar_event_id"))
        | Q(lesson__activity__school_unit__in=registry.units_led_by(actor))
    )
    return open_by_work & ~Q(pupil=actor.person_id) & ~Q(pupil__in=own)


def units_judged_in(actor: Actor) -> list[UUID]:
    """The units in whose lessons there may be something that `open_to_judgement` opens. One statement.

    Looked up first, and given as they are, so that a view of a whole municipality puts together these units' rows alone.
    """
    today = days.today()
    taught = DutyAssignment.objects.filter(period_holds(today), period_holds(today, "duty__"), duty__person=actor.person_id)
    standing_in = TeacherException.objects.filter(duty__person=actor.person_id, participates=True, calendar_event__day=today)
    mentored = ActivityGroup.objects.filter(group__memberships__person__in=mentored_today_by(actor))  # of all their groups, past too
    units = registry.units_led_by(actor).union(
        taught.order_by().values("activity__school_unit_id"),
        standing_in.order_by().values("calendar_event__activity__school_unit_id"),
        mentored.order_by().values("activity__school_unit_id"),
    )
    return list(units.values_list("school_unit_id", flat=True))


def mentored_today_by(actor: Actor) -> QuerySet:
    """Ids of the pupils whose mentor the actor is today, to the day; no other assignment counts."""
    today, role = days.today(), "group__assignment_roles__"
    mentors = GroupMembership.objects.filter(
        period_holds(today),
        period_holds(today, role),
        period_holds(today, f"{role}duty__"),
        **{f"{role}duty__person_id": actor.person_id, f"{role}assignment_role_type": AssignmentRoleType.MENTOR},
    )
    return (mentors if actor.role is Role.STAFF else mentors.none()).values("person_id")


def units_headed_by(actor: Actor) -> QuerySet:
    """Ids of the units whose principal the actor is today; the office is no principal."""
    duties = Duty.objects.on(days.today()).filter(person=actor.person_id, duty_role=DutyRole.PRINCIPAL).exclude(school_unit=None)
    return (duties if actor.role is Role.STAFF else duties.none()).values("school_unit_id")


def followed_by(actor: Actor) -> Q:
    """A condition on rows with `pupil` and `school_unit`: the absence of the pupils whom staff mentor, or support by another
    assignment in the class, and of the units they lead; never of the protected but by a named access."""
    if actor.role is not Role.STAFF:
        return Q(pk__in=[])
    own = Q(pupil__in=registry.mentored_by(actor)) | Q(school_unit__in=registry.units_led_by(actor))
    return Q(pupil__in=Person.objects.visible_to(actor)) & own
