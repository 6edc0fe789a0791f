"""Which rows a relation opens, as conditions for `visible_to`: no relation, no data.

Source: the access pattern of design section 3; skollagen gives the relations, OSL 23:2 the reason for them.
Each function returns a subquery or a condition, so that a list stays one statement.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import period_holds

from .codes import AssignmentRoleType, DutyRole, SecurityMarking

if TYPE_CHECKING:
    from dexter.lib.access import Actor

Scope = TypeVar("Scope")
DAYS_KEPT_AFTER_LEAVING = 365
LEADING_ROLES = (DutyRole.PRINCIPAL, DutyRole.ADMINISTRATOR)
BODY_ROLES = (*LEADING_ROLES, DutyRole.OTHER_MANAGEMENT)


def for_the_day(scope: Callable[[Actor], Scope]) -> Callable[[Actor], Scope]:
    """Build a scope once per actor and day: putting together such a query costs more than asking it."""

    @lru_cache(maxsize=512)
    def built(actor: Actor, _day: date) -> Scope:
        return scope(actor)

    @wraps(scope)
    def remembered(actor: Actor) -> Scope:
        return built(actor, days.today())

    return remembered


def _all(name: str) -> QuerySet:
    rows: QuerySet = apps.get_model("registry", name)._default_manager.all()
    return rows


def children_of(guardian_id: UUID, day: date) -> QuerySet:
    """Ids of the minors that the guardian answers for on `day`, and of the adults who let a former guardian read on.

    Relations ended by hand count no more.
    """
    minor = period_holds(day) & Q(child__birth_date__gt=days.born_after_to_be_minor(day))
    relations = _all("Guardianship").filter(minor | Q(consented_at__isnull=False), guardian_id=guardian_id, revoked_at=None)
    return relations.values("child_id")


def read_by_leavers(day: date) -> QuerySet:
    """Ids of the pupils with a place that is to come, holds, or ended no more days before `day` than the unit lets leavers read."""
    closes = ExpressionWrapper(F("end_date") + F("school_unit__leavers_read_days"), output_field=DateField())
    open_still = Q(end_date__isnull=True) | Q(GreaterThanOrEqual(closes, day))
    return _all("Enrolment").filter(open_still, cancelled=False).values("pupil_id")


def pupil_ids(actor: Actor) -> QuerySet:
    """Ids of the pupils whom a guardian or a pupil asks about: the own children, or oneself."""
    if actor.role is Role.GUARDIAN:
        return children_of(actor.person_id, days.today())
    own = _all("Person").filter(pk=actor.person_id)
    return (own if actor.role is Role.PUPIL else own.none()).values("pk")


@for_the_day
def units_led_by(actor: Actor) -> QuerySet:
    """Ids of the school units where the actor is principal or administrator today; none outside the staff role."""
    duties = _all("Duty").filter(period_holds(days.today()), person_id=actor.person_id, duty_role__in=LEADING_ROLES)
    return (duties if actor.role is Role.STAFF else duties.none()).exclude(school_unit=None).values("school_unit_id")


@for_the_day
def units_headed_by(actor: Actor) -> QuerySet:
    """Ids of the school units whose principal the actor is today: an administrator keeps the register and reads no judgements."""
    duties = _all("Duty").filter(period_holds(days.today()), person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL)
    return (duties if actor.role is Role.STAFF else duties.none()).exclude(school_unit=None).values("school_unit_id")


@for_the_day
def units_exported_by(actor: Actor) -> QuerySet:
    """Ids of the units whose lists the actor may take out: as principal, or where the duty was given the right."""
    duties = _all("Duty").filter(period_holds(days.today()), person_id=actor.person_id, duty_role__in=LEADING_ROLES)
    granted = duties.filter(Q(duty_role=DutyRole.PRINCIPAL) | Q(may_export=True)).exclude(school_unit=None)
    return (granted if actor.role is Role.STAFF else duties.none()).values("school_unit_id")


@for_the_day
def bodies_led_by(actor: Actor) -> QuerySet:
    """Ids of the responsible bodies (not areas below them) where the actor manages or administers today."""
    duties = _all("Duty").filter(period_holds(days.today()), person_id=actor.person_id, duty_role__in=BODY_ROLES)
    at_bodies = duties.filter(organisation__isnull=False, organisation__parent=None)
    return (at_bodies if actor.role is Role.STAFF else duties.none()).values("organisation_id")


@for_the_day
def units_worked_at(actor: Actor) -> QuerySet:
    """Ids of the school units where the actor has any duty today; none outside the staff role."""
    duties = _all("Duty").filter(period_holds(days.today()), person_id=actor.person_id).exclude(school_unit=None)
    return (duties if actor.role is Role.STAFF else duties.none()).values("school_unit_id")


def units_met_by(actor: Actor) -> QuerySet:
    """Ids of the units where staff work, or where the guardian's or one's own places are today."""
    if actor.role is Role.STAFF:
        return units_worked_at(actor)
    places = _all("Enrolment").filter(period_holds(days.today()), pupil__in=pupil_ids(actor), cancelled=False)
    return places.values("school_unit_id")


@for_the_day
def kept_by(actor: Actor) -> QuerySet:
    """Ids of the persons whose data the actor's school units keep: pupils (a year after they left), their guardians, staff."""
    led, lately = units_led_by(actor), days.today() - timedelta(days=DAYS_KEPT_AFTER_LEAVING)
    recent = Q(end_date__isnull=True) | Q(end_date__gte=lately)
    pupils = _all("Enrolment").filter(recent, school_unit__in=led, cancelled=False).values("pupil_id")
    guardians = _all("Guardianship").filter(child__in=pupils).values("guardian_id")
    return pupils.union(guardians, _all("Duty").filter(recent, school_unit__in=led).values("person_id"))


@for_the_day
def person_ids(actor: Actor) -> QuerySet:
    """Ids of everyone the actor may reach, before the protected are taken out."""
    oneself = _all("Person").filter(pk=actor.person_id).values("pk")
    if actor.role is not Role.STAFF:
        return oneself.union(pupil_ids(actor))
    mentored = mentored_by(actor)
    return oneself.union(taught_by(actor), mentored, guardians_of(mentored), kept_by(actor))


@for_the_day
def taught_by(actor: Actor) -> QuerySet:
    """Ids of the pupils in the actor's teaching groups, from some days before to some days after (the unit's setting)."""
    today, teaching = days.today(), "group__activity_groups__activity__duty_assignments__"
    return (
        _all("GroupMembership")
        .filter(
            within_reach(today, "", "group__school_unit__"),
            within_reach(today, teaching, "group__school_unit__"),
            period_holds(today, f"{teaching}duty__"),
            **{f"{teaching}duty__person_id": actor.person_id},
        )
        .values("person_id")
    )


@for_the_day
def mentored_by(actor: Actor) -> QuerySet:
    """Ids of the pupils in the groups where the actor has an assignment: mentor, special educator, pupil health."""
    return _in_groups_of(actor)


@for_the_day
def led_as_mentor_by(actor: Actor) -> QuerySet:
    """Of them those whose mentor the actor is: no other assignment in the class counts."""
    return _in_groups_of(actor, assignment_role_type=AssignmentRoleType.MENTOR)


def _in_groups_of(actor: Actor, **assignment: str) -> QuerySet:
    """For some days before and after, as the unit has set, as long as the duty holds."""
    today, role = days.today(), "group__assignment_roles__"
    return (
        _all("GroupMembership")
        .filter(
            within_reach(today, "", "group__school_unit__"),
            within_reach(today, role, "group__school_unit__"),
            period_holds(today, f"{role}duty__"),
            **{f"{role}duty__person_id": actor.person_id, **{f"{role}{name}": value for name, value in assignment.items()}},
        )
        .values("person_id")
    )


def guardians_of(pupils: QuerySet) -> QuerySet:
    return _all("Guardianship").filter(period_holds(days.today()), child__in=pupils, revoked_at=None).values("guardian_id")


def at_school(unit_id: UUID, day: date) -> QuerySet:
    """Ids of the unit's pupils, their guardians and its staff on `day`."""
    pupils = _all("Enrolment").filter(period_holds(day), school_unit_id=unit_id, cancelled=False).values("pupil_id")
    return pupils.union(guardians_of(pupils), _all("Duty").filter(period_holds(day), school_unit_id=unit_id).values("person_id"))


@for_the_day
def not_shielded_from(actor: Actor) -> Q:
    """A condition on persons: not protected, oneself, or opened to the actor by name."""
    named = _all("ProtectedAccess").filter(person=OuterRef("pk"), grantee_id=actor.person_id, revoked_at=None)
    return Q(security_marking=SecurityMarking.NONE) | Q(pk=actor.person_id) | Q(Exists(named))


@for_the_day
def details_open_to(actor: Actor) -> Q:
    """A condition on contact details and numbers, by whose they are."""
    own = Q(person_id=actor.person_id)
    return own | Q(person__in=_ids_with_details_open(actor)) if actor.role is Role.STAFF else own


@for_the_day
def persons_with_details_open_to(actor: Actor) -> Q:
    """The same as a condition on persons."""
    return Q(pk=actor.person_id) | Q(pk__in=_ids_with_details_open(actor))


def _ids_with_details_open(actor: Actor) -> QuerySet:
    """One's mentor pupils and their homes, and those of the units one leads: pupils not yet gone, their homes, staff."""
    led, mentored = units_led_by(actor), mentored_by(actor)
    enrolled = _all("Enrolment").filter(_not_over(), school_unit__in=led, cancelled=False).values("pupil_id")
    employed = _all("Duty").filter(school_unit__in=led).values("person_id")
    return mentored.union(guardians_of(mentored), enrolled, guardians_of(enrolled), employed)


@for_the_day
def group_ids(actor: Actor) -> QuerySet:
    today = days.today()
    if actor.role is not Role.STAFF:
        return _all("GroupMembership").filter(period_holds(today), person__in=pupil_ids(actor)).values("group_id")
    teaching, role = "activity_groups__activity__duty_assignments__", "assignment_roles__"
    groups = _all("Group").order_by()
    taught = groups.filter(
        within_reach(today, teaching, "school_unit__"),
        period_holds(today, f"{teaching}duty__"),
        **{f"{teaching}duty__person_id": actor.person_id},
    )
    assigned = groups.filter(
        within_reach(today, role, "school_unit__"), period_holds(today, f"{role}duty__"), **{f"{role}duty__person_id": actor.person_id}
    )
    led = groups.filter(school_unit__in=units_led_by(actor))
    return taught.values("pk").union(assigned.values("pk"), led.values("pk"))


@for_the_day
def lessons_of(actor: Actor) -> Q:
    """A condition on lessons; a substitute sees the lesson on its day alone."""
    if actor.role is not Role.STAFF:
        return Q(Exists(memberships_at_lesson().filter(person__in=pupil_ids(actor))))
    today = days.today()
    taught = (
        _all("DutyAssignment")
        .filter(within_reach(today, "", "activity__school_unit__"), period_holds(today, "duty__"), duty__person_id=actor.person_id)
        .values("activity_id")
    )
    standing_in = _all("TeacherException").filter(period_holds(today, "duty__"), duty__person_id=actor.person_id, participates=True)
    return (
        Q(activity__in=taught)
        | Q(pk__in=standing_in.filter(calendar_event__day=today).values("calendar_event_id"))
        | Q(activity__school_unit__in=units_led_by(actor))
    )


def memberships_at_lesson() -> QuerySet:
    """The memberships that make the roster of the outer lesson: in one of its groups, on its day."""
    return _all("GroupMembership").filter(
        Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day")),
        group__activity_groups__activity=OuterRef("activity"),
        start_date__lte=OuterRef("day"),
    )


def memberships_on(day: date) -> QuerySet:
    return _all("GroupMembership").filter(period_holds(day))


def within_reach(day: date, prefix: str, unit: str) -> Q:
    """The period behind `prefix`, widened by the days before and after that the unit lets a teacher see a pupil."""
    opens = ExpressionWrapper(F(f"{prefix}start_date") - F(f"{unit}teacher_days_before"), output_field=DateField())
    closes = ExpressionWrapper(F(f"{prefix}end_date") + F(f"{unit}teacher_days_after"), output_field=DateField())
    return Q(LessThanOrEqual(opens, day)) & (Q(**{f"{prefix}end_date__isnull": True}) | Q(GreaterThanOrEqual(closes, day)))


def _not_over() -> Q:
    return Q(end_date__isnull=True) | Q(end_date__gte=days.today())
