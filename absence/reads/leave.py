"""Leave: where it can be applied for, whose answer is asked for, how many school days it takes and what was granted before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from absence.models import ConsentAnswer, LeaveConsent, LeaveDay, LeaveRequest, LeaveState, SchoolFormRule
from absence.models.leave import OPEN_STATES, LeaveRequestQuerySet
from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.lib.models import period_holds
from registry.models import (
    Duty,
    DutyRole,
    Enrolment,
    GroupMembership,
    Guardianship,
    Person,
    PersonStatus,
    ProtectedAccess,
    RelationType,
    SchoolType,
    SchoolUnit,
    SchoolYear,
    SecurityMarking,
)
from registry.models.person import PersonQuerySet
from registry.reads import SchoolCalendar

from .settings import is_minor_on

COMPULSORY = (SchoolType.PRESCHOOL_CLASS, SchoolType.COMPULSORY, SchoolType.ADAPTED_COMPULSORY)
COMPULSORY_LAW = "Skollagen (2010:800) 7 kap. 18 §"
SOON = 5  # days before an undecided leave begins from which the school is warned


class Years(NamedTuple):
    """From the first day of the school year in which a leave begins to the last of that in which it ends."""

    first: date
    last: date


def leave_places(pupils: Iterable[Person], first: date, last: date) -> dict[UUID, list[SchoolUnit]]:
    """The schools where each pupil has a place in the period in a form of schooling that has leave (7:18, 15:16); two statements."""
    people = {pupil.pk: pupil for pupil in pupils}
    lasting = Q(end_date__isnull=True) | Q(end_date__gte=first)
    places = Enrolment.objects.filter(lasting, pupil__in=people, start_date__lte=last, cancelled=False).select_related("school_unit")
    having = set(SchoolFormRule.objects.on(first).filter(has_leave=True).values_list("school_type", "of_age"))
    found: dict[UUID, list[SchoolUnit]] = {key: [] for key in people}
    for place in places.order_by("school_unit__name", "pk"):
        held = (place.school_type, not is_minor_on(people[place.pupil_id], first)) in having
        if held and place.school_unit not in found[place.pupil_id]:
            found[place.pupil_id].append(place.school_unit)
    return found


def has_leave(pupil: Person) -> bool:
    """Whether leave can be applied for in some form of schooling where the pupil has a place today."""
    return bool(leave_places([pupil], days.today(), days.today())[pupil.pk])


def leave_school_days(calendar: SchoolCalendar, pupil_id: UUID, unit: SchoolUnit, first: date, last: date) -> list[date]:
    """The days on which the unit has school and the pupil has a place there."""
    places = [row for row in calendar.enrolments if row.pupil_id == pupil_id and row.school_unit_id == unit.pk]
    held = [
        day
        for day in days.days_between(first, last)
        if any(row.start_date <= day and (row.end_date is None or row.end_date >= day) for row in places)
    ]
    return [day for day in held if calendar.is_open(unit, day)]


def years_of_leave(first: date, last: date) -> Years:
    """One statement; July to June where no school year is registered."""
    spans = SchoolYear.objects.filter(start_date__lte=last, end_date__gte=first).aggregate(first=Min("start_date"), last=Max("end_date"))
    start, end = (day.year if day.month >= 7 else day.year - 1 for day in (first, last))
    return Years(spans["first"] or date(start, 7, 1), spans["last"] or date(end + 1, 6, 30))


def leave_days_before(request: LeaveRequest) -> int:
    """School days of other leave that stand granted to the pupil in the school year, at whatever school: ten in all is usual."""
    granted = LeaveDay.objects.standing().filter(pupil=request.pupil_id).exclude(request=request)
    return granted.filter(day__range=years_of_leave(request.start_date, request.end_date)).values("day").distinct().count()


def with_leave_this_year(people: PersonQuerySet) -> PersonQuerySet:
    """Adds `days_granted`: the school days of leave that stand granted in today's school year, at whatever school; one statement."""
    years = years_of_leave(days.today(), days.today())
    granted = LeaveDay.objects.standing().filter(pupil=OuterRef("pk"), day__range=years).order_by().values("pupil")
    return people.annotate(days_granted=Coalesce(Subquery(granted.annotate(count=Count("day", distinct=True)).values("count")), 0))


def legal_basis_of(request: LeaveRequest) -> str:
    """The law that the decision rests on, by the form of schooling of the pupil's place there."""
    places = Enrolment.objects.on(request.start_date).filter(pupil=request.pupil_id, school_unit=request.school_unit_id, cancelled=False)
    types = list(places.values_list("school_type", flat=True))
    rules = SchoolFormRule.objects.on(request.start_date).filter(has_leave=True, of_age=not is_minor_on(request.pupil, request.start_date))
    other = rules.filter(school_type__in=types).exclude(school_type__in=COMPULSORY).values_list("legal_basis", flat=True).first()
    return COMPULSORY_LAW if set(types) & set(COMPULSORY) or not other else other


def other_guardians(pupils: Iterable[Person], but: UUID) -> dict[UUID, list[UUID]]:
    """Who beside `but` has custody of each minor and is let in; two statements.

    Not the protected, nor, of a protected child, those whom no officer let in by name.
    """
    minors = {pupil.pk: pupil for pupil in pupils if is_minor_on(pupil, days.today())}
    relations = with_custody(days.today()).filter(child__in=minors).exclude(guardian=but)
    let_in = set(ProtectedAccess.objects.filter(person__in=minors, revoked_at=None).values_list("person_id", "grantee_id"))
    found: dict[UUID, list[UUID]] = {key: [] for key in minors}
    for child_id, guardian_id in relations.order_by("pk").values_list("child_id", "guardian_id"):
        if not minors[child_id].is_protected or (child_id, guardian_id) in let_in:
            found[child_id].append(guardian_id)
    return found


def with_custody(day: date) -> QuerySet[Guardianship]:
    """Guardians by law, alive and without protected identity."""
    held = Guardianship.objects.holding(day).filter(relation_type=RelationType.GUARDIAN, guardian__security_marking=SecurityMarking.NONE)
    return held.exclude(guardian__person_status=PersonStatus.DECEASED)


def with_signs(requests: LeaveRequestQuerySet) -> LeaveRequestQuerySet:
    """Adds the class, and whether who applied still answers for the pupil and a guardian does not agree; one statement."""
    today = days.today()
    classes = GroupMembership.objects.on(today).filter(person=OuterRef("pupil"), in_class=True).values("group__name")[:1]
    still = Guardianship.objects.holding(today).filter(guardian=OuterRef("application__applied_by"), child=OuterRef("pupil"))
    minor = Q(pupil__birth_date__gt=days.born_after_to_be_minor(today))
    refusal = LeaveConsent.objects.filter(request=OuterRef("pk"), answer=ConsentAnswer.REFUSES)
    related = requests.select_related("application__applied_by", "pupil", "school_unit__organisation", "decision__decided_by")
    return related.annotate(
        class_name=Subquery(classes),
        applicant_answers=Q(application__applied_by=F("pupil")) | (minor & Q(Exists(still))),
        refused_by_guardian=Exists(refusal),
    )


def leave_to_answer(requests: LeaveRequestQuerySet, actor: Actor) -> LeaveRequestQuerySet:
    """Of the requests that a guardian sees, those that wait for the guardian's own answer."""
    if actor.role is not Role.GUARDIAN:
        return requests.none()
    custody = with_custody(days.today()).filter(guardian=actor.person_id, child=OuterRef("pupil"))
    answered = LeaveConsent.objects.filter(request=OuterRef("pk"), guardian=actor.person_id)
    asked = requests.filter(Exists(custody), state__in=OPEN_STATES, answer_by__isnull=False)
    return asked.exclude(Exists(answered)).exclude(application__applied_by=actor.person_id)


def with_leave_to_answer(children: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """Adds `leave_to_answer`, the key of a request about the child that waits for the actor; no statement of its own."""
    waiting = leave_to_answer(LeaveRequest.objects.filter(pupil=OuterRef("pk")), actor)
    return children.annotate(leave_to_answer=Subquery(waiting.order_by("start_date", "pk").values("pk")[:1]))


def leave_to_decide(requests: LeaveRequestQuerySet) -> LeaveRequestQuerySet:
    """With the school, of those whom an actor sees; what is over expires by itself."""
    return requests.filter(state=LeaveState.IN_PREPARATION, end_date__gte=days.today())


def days_to_give_back(granted: QuerySet[LeaveDay]) -> list[LeaveDay]:
    """Granted days that are to come, in order."""
    return list(granted.filter(revoked_at=None, day__gt=days.today()).order_by("day"))


def undecided_before(last: date) -> LeaveRequestQuerySet:
    """Open requests that begin no later than `last` and are not over."""
    return LeaveRequest.objects.filter(state__in=OPEN_STATES, start_date__lte=last, end_date__gte=days.today())


def waiting_in_vain() -> list[LeaveRequest]:
    """Requests whose time to answer is over, or where nobody is left to answer."""
    waiting = list(LeaveRequest.objects.filter(state=LeaveState.AWAITING_CONSENT).select_related("pupil", "application"))
    return [row for row in waiting if (row.answer_by and row.answer_by < days.today()) or not unanswered(row)]


def unanswered(request: LeaveRequest) -> list[UUID]:
    """The guardians whose answer is asked for and has not come; none where the school does not ask."""
    if request.answer_by is None:
        return []
    answered = set(LeaveConsent.objects.filter(request=request).values_list("guardian_id", flat=True))
    asked = other_guardians([request.pupil], request.application.applied_by_id)
    return [guardian for guardian in asked.get(request.pupil_id, []) if guardian not in answered]


def last_day_to_answer(first: date, consent_days: int) -> date:
    """The school keeps the last day before the leave for its decision."""
    return min(days.today() + timedelta(days=consent_days), first - timedelta(days=2))


def mentors_for(pupil_ids: Collection[UUID], unit_id: UUID) -> QuerySet[Person]:
    """Today's mentors of the pupils at the school."""
    today = days.today()
    groups = GroupMembership.objects.on(today).filter(person__in=pupil_ids, group__school_unit=unit_id).values("group_id")
    mentoring = period_holds(today, "duties__") & period_holds(today, "duties__assignment_roles__")
    return Person.objects.filter(
        mentoring, duties__assignment_roles__group__in=groups, duties__assignment_roles__assignment_role_type="Mentor"
    ).distinct()


def is_to_decide(request: LeaveRequest) -> bool:
    return request.state == LeaveState.IN_PREPARATION and request.end_date >= days.today()


def still_open(requests: LeaveRequestQuerySet) -> LeaveRequestQuerySet:
    """The first to begin first."""
    return requests.filter(state__in=OPEN_STATES).order_by("start_date", "pk")


def ended(requests: LeaveRequestQuerySet) -> LeaveRequestQuerySet:
    """Decided, taken back or over; the latest first."""
    return requests.exclude(state__in=OPEN_STATES).order_by("-start_date", "-pk")


def shielded_count(actor: Actor) -> int:
    """Open requests at the schools one is principal of, about pupils whose protected identity is not opened to the actor."""
    duties = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL)
    requests = LeaveRequest.objects.filter(state__in=OPEN_STATES, school_unit__in=duties.values("school_unit"))
    protected = requests.exclude(pupil__security_marking=SecurityMarking.NONE)
    return int(protected.exclude(pk__in=LeaveRequest.objects.visible_to(actor).values("pk")).count())
