"""What the office, and a mentor, register when somebody phones; and which doors of the day open for whom."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from absence.models import ReportedDay, Source
from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.models import period_holds
from registry.models import (
    AssignmentRole,
    AssignmentRoleType,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    ProtectedAccess,
    SchoolType,
    SchoolUnit,
    scope,
)
from registry.models.person import PersonQuerySet

from .reports import deadlines

LATEST = 20  # rows of what was just registered


def reported_for_by(pupils: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """Of `pupils` those for whom the actor takes a call: at a unit led, or mentored, today; or protected and opened by name."""
    led = Enrolment.objects.on(days.today()).filter(school_unit__in=scope.units_led_by(actor), cancelled=False)
    mentored = GroupMembership.objects.on(days.today()).filter(group__in=_mentor_roles(actor).values("group"))
    named = _named_accesses(actor).filter(person=OuterRef("pk"))
    return pupils.filter(Q(pk__in=led.values("pupil_id")) | Q(pk__in=mentored.values("person_id")) | Exists(named))


def _named_accesses(actor: Actor) -> QuerySet[ProtectedAccess]:
    """Of pupils who have, or had, a place."""
    return ProtectedAccess.objects.filter(grantee_id=actor.person_id, revoked_at=None, person__enrolments__cancelled=False)


def _mentor_roles(actor: Actor) -> QuerySet[AssignmentRole]:
    roles = AssignmentRole.objects.on(days.today()).filter(period_holds(days.today(), "duty__"), duty__person_id=actor.person_id)
    return roles.filter(assignment_role_type=AssignmentRoleType.MENTOR)


def takes_calls(actor: Actor) -> bool:
    """Leads a unit, is somebody's mentor or the named officer of a protected pupil, today."""
    led = SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor))
    return bool(led.exists() or _mentor_roles(actor).exists() or _named_accesses(actor).exists())


def works_in(group: Group, actor: Actor) -> bool:
    """Teaches the group, has an assignment in it or leads its unit, today."""
    today, teaching, role = days.today(), "activity_groups__activity__duty_assignments__", "assignment_roles__"
    own = Group.objects.filter(pk=group.pk)
    taught = own.filter(
        period_holds(today, teaching), period_holds(today, f"{teaching}duty__"), **{f"{teaching}duty__person_id": actor.person_id}
    )
    assigned = own.filter(period_holds(today, role), period_holds(today, f"{role}duty__"), **{f"{role}duty__person_id": actor.person_id})
    led = own.filter(school_unit__in=scope.units_led_by(actor))
    return bool(led.union(taught, assigned).exists())


def possible_callers(relations: QuerySet[Guardianship], pupil: Person) -> list[Person]:
    """The guardians of today among the relations that the reader may see; a pupil of age phones too."""
    holding = relations.filter(period_holds(days.today()), child=pupil, revoked_at=None).select_related("guardian")
    guardians = [row.guardian for row in holding.order_by("guardian__sort_key", "pk")]
    return guardians if days.is_minor(pupil.birth_date) else [pupil, *guardians]


def units_of(pupil: Person) -> list[UUID]:
    """Where the pupil has a place today."""
    return list(Enrolment.objects.on(days.today()).filter(pupil=pupil, cancelled=False).values_list("school_unit_id", flat=True))


def just_registered(reported: QuerySet[ReportedDay], actor: Actor) -> list[ReportedDay]:
    """What the actor has registered by phone today, the latest first; `is_late` was made after its first lesson began. Two statements."""
    mine = reported.filter(
        report__source=Source.OFFICE, report__reported_by=actor.person_id, report__reported_at__gte=days.bounds(days.today())[0]
    )
    rows = list(mine.select_related("pupil", "report__phoned_by").order_by("-report__reported_at", "pupil__sort_key", "-day")[:LATEST])
    limits = deadlines([row for row in rows if row.withdrawn_at is None])
    for row in rows:
        row.is_late = row.pk in limits and row.report.reported_at > limits[row.pk]
    return rows


@dataclass
class Doors:
    """Which pages of the day somebody of the staff may open."""

    leads: bool  # as the rule registry.administer
    homes: bool  # as absence.phone_homes
    present: bool  # works at a unit
    phone: bool
    school_day: bool
    after_school: list[Group]


def doors_of(groups: QuerySet[Group], actor: Actor) -> Doors:
    """Two statements. `groups` are those that the actor may see."""
    today = days.today()
    asked = Person.objects.filter(pk=actor.person_id).annotate(
        works=Exists(SchoolUnit.objects.filter(pk__in=scope.units_worked_at(actor))),
        leads=Exists(SchoolUnit.objects.filter(pk__in=scope.units_led_by(actor))),
        mentors=Exists(_mentor_roles(actor)),
        named=Exists(_named_accesses(actor)),
    )
    works, leads, mentors, named = asked.values_list("works", "leads", "mentors", "named").get()
    after_school = groups.filter(period_holds(today), school_type=SchoolType.AFTER_SCHOOL)
    return Doors(leads, leads or named, works, leads or mentors or named, leads or named, list(after_school))
