"""Questions about the school's facts that several callers share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from dexter.audit import wording
from dexter.audit.models import Entry
from dexter.lib import civic, days
from dexter.lib.access import Actor, Level, Role
from dexter.lib.models import period_holds

from .models import (
    AssignmentRoleType,
    CalendarDay,
    CalendarEvent,
    CalendarKind,
    CivicNumber,
    Duty,
    DutyAssignment,
    Enrolment,
    FeedAddress,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    PersonStatus,
    PhoneNumber,
    Room,
    SchoolUnit,
    SecurityMarking,
    TeacherException,
    Term,
    scope,
)
from .models.feeds import hash_of
from .models.person import PersonQuerySet
from .models.teaching import CalendarEventQuerySet

FEW = 5  # hits below which names like the one written are shown too
LETTERS_OF_A_TYPO = 4  # shorter texts are like too many names


class Standing(NamedTuple):
    """What a person is today: the roles the facts give."""

    person: Person
    roles: tuple[Role, ...]


def standing_of(person_id: UUID) -> Standing | None:
    """The person and the roles that hold today, in one statement; None for an unknown or deceased person.

    Guardian: of at least one child under 18. Pupil: enrolled. Staff: has a duty.
    """
    today = days.today()
    person = (
        Person.objects.filter(pk=person_id)
        .exclude(person_status=PersonStatus.DECEASED)
        .annotate(
            is_guardian=Exists(scope.children_of(person_id, today)),
            is_pupil=Exists(Enrolment.objects.filter(period_holds(today), pupil_id=person_id, cancelled=False)),
            is_staff=Exists(Duty.objects.filter(period_holds(today), person_id=person_id)),
        )
        .first()
    )
    if person is None:
        return None
    held = {Role.GUARDIAN: person.is_guardian, Role.PUPIL: person.is_pupil, Role.STAFF: person.is_staff}
    return Standing(person, tuple(role for role, holds in held.items() if holds))


def person_id_of(civic_no: civic.CivicNo) -> UUID | None:
    """The person who bears the number, or bore it before it was replaced; temporary numbers identify nobody."""
    if civic_no.kind is civic.Kind.TEMPORARY:
        return None
    numbers = CivicNumber.objects.filter(kind=civic_no.kind, keyed_hash=civic.keyed_hash(civic_no.value))
    return numbers.values_list("person_id", flat=True).first()


def shown_pupils(ids: Any) -> PersonQuerySet:
    """Persons of a list that the caller is already entitled to: shown names alone, in Swedish order.

    A roll-call links to nobody: one missing link would mark the protected.
    """
    return Person.objects.filter(pk__in=ids).only("shown_name", "sort_key")


def roster_of(lesson: CalendarEvent) -> PersonQuerySet:
    """The pupils of a lesson on its day, the protected among them."""
    memberships = GroupMembership.objects.on(lesson.day).filter(group__activity_groups__activity=lesson.activity_id)
    return shown_pupils(memberships.values("person_id"))


def lessons_for(pupils: Iterable[UUID], first: date, last: date) -> CalendarEventQuerySet:
    """The pupils' lessons that are not cancelled, one row per pupil and lesson, with `pupil_id`, by time."""
    membership = "activity__groups__memberships__"
    still_in = Q(**{f"{membership}end_date__isnull": True}) | Q(**{f"{membership}end_date__gte": F("day")})
    return (
        CalendarEvent.objects.held()
        .filter(still_in, day__range=(first, last), **{f"{membership}person__in": list(pupils), f"{membership}start_date__lte": F("day")})
        .annotate(pupil_id=F(f"{membership}person_id"))
        .with_activity()
        .order_by("starts_at", "pk")
        .distinct()
    )


def lessons_held_by(actor: Actor) -> CalendarEventQuerySet:
    """The lessons an actor holds: assigned on the lesson's day and not replaced, or standing in today."""
    on_day = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    assignments = DutyAssignment.objects.filter(on_day, duty__person=actor.person_id, activity=OuterRef("activity"))
    exceptions = TeacherException.objects.filter(duty__person=actor.person_id, calendar_event=OuterRef("pk"))
    assigned = Exists(assignments.filter(start_date__lte=OuterRef("day"))) & ~Exists(exceptions.filter(participates=False))
    visible = CalendarEvent.objects.visible_to(actor).held()
    return visible.filter(assigned | Exists(exceptions.filter(participates=True))).with_activity()


def lessons_of_person(person: Person) -> CalendarEventQuerySet:
    """What somebody is taught on the days of membership, or holds by assignment or as a substitute."""
    on_day = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("day"))
    assigned = DutyAssignment.objects.filter(on_day, duty__person=person, activity=OuterRef("activity"), start_date__lte=OuterRef("day"))
    exceptions = TeacherException.objects.filter(duty__person=person, calendar_event=OuterRef("pk"))
    holds = (Exists(assigned) & ~Exists(exceptions.filter(participates=False))) | Exists(exceptions.filter(participates=True))
    is_taught = Exists(scope.memberships_at_lesson().filter(person=person))
    return CalendarEvent.objects.held().filter(holds | is_taught).with_activity()


def lessons_of_group(group: Group) -> CalendarEventQuerySet:
    return CalendarEvent.objects.held().filter(activity__groups=group).with_activity()


def lessons_in_room(room: Room) -> CalendarEventQuerySet:
    return CalendarEvent.objects.held().filter(room=room).with_activity()


def owner_of_feed(token: str) -> Actor | None:
    """Whose calendar a secret address shows: somebody who has a duty today; else None."""
    row = FeedAddress.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
    standing = standing_of(row.person_id) if row else None
    return Actor(standing.person.pk, Role.STAFF, Level.PASSWORD) if standing and Role.STAFF in standing.roles else None


def lessons_of_duty(duty: Duty, day: date) -> CalendarEventQuerySet:
    """The lessons of `day` that the plan gives to a duty, whether a substitute holds them or not."""
    assigned = DutyAssignment.objects.on(day).filter(duty=duty).values("activity_id")
    return CalendarEvent.objects.held().on(day).filter(activity__in=assigned)


def lessons_to_stand_in_for(actor: Actor, day: date) -> CalendarEventQuerySet:
    """The lessons of `day` at the units where the actor teaches and colleagues may take over, except those held already."""
    units = SchoolUnit.objects.visible_to(actor).filter(colleagues_may_stand_in=True)
    mine = lessons_held_by(actor).on(day).order_by().values("pk")
    return with_teachers(CalendarEvent.objects.held().on(day).filter(activity__school_unit__in=units).exclude(pk__in=mine).with_activity())


def with_teachers(lessons: CalendarEventQuerySet) -> CalendarEventQuerySet:
    """Adds to each lesson's activity `assignments`, and to the lesson `exceptions`: who teaches, and who does instead."""
    assignments = DutyAssignment.objects.select_related("duty__person").order_by("duty__person__sort_key")
    exceptions = TeacherException.objects.select_related("duty__person").order_by("duty__person__sort_key")
    return lessons.prefetch_related(
        Prefetch("activity__duty_assignments", queryset=assignments, to_attr="assignments"),
        Prefetch("teacher_exceptions", queryset=exceptions, to_attr="exceptions"),
    )


def hand_overs(units: QuerySet[SchoolUnit], first: date) -> list[HandOver]:
    """Who stands in for whom from `first` on at the units, a row per day, absent colleague and substitute."""
    away = TeacherException.objects.filter(
        participates=False, calendar_event__day__gte=first, calendar_event__activity__school_unit__in=units
    )
    stand_in = TeacherException.objects.filter(calendar_event=OuterRef("calendar_event"), participates=True)
    rows = away.annotate(day=F("calendar_event__day"), other=Subquery(stand_in.values("duty__person__shown_name")[:1]))
    rows = rows.annotate(other_id=Subquery(stand_in.values("duty__person")[:1]), key=F("duty__person__sort_key"))
    fields = ("day", "duty", "duty__person__shown_name", "other", "other_id")
    counted = rows.values(*fields, "key").annotate(count=Count("pk")).order_by("day", "key")
    return [HandOver(**dict(zip(HandOver._fields, [*(row[name] for name in fields), row["count"]], strict=True))) for row in counted]


class HandOver(NamedTuple):
    day: date
    absent_duty: UUID
    absent: str
    substitute: str
    substitute_id: UUID
    lessons: int


class LogLine(NamedTuple):
    what: str
    name: str  # empty when the reader may not see who it was
    role: str
    at: datetime


class SchoolCalendar(NamedTuple):
    """The facts that make a day a school day, read once for many pupils and days."""

    enrolments: list[Enrolment]
    terms: list[Term]
    departures: list[CalendarDay]

    def is_school_day(self, pupil_id: UUID, day: date) -> bool:
        """Whether some unit where the pupil is enrolled that day has school."""
        return any(self._open(row.school_unit, day) for row in self.enrolments if row.pupil_id == pupil_id and _holds(row, day))

    def school_of(self, pupil_id: UUID, day: date) -> str:
        """The names of the units where the pupil is enrolled that day."""
        return ", ".join(sorted({row.school_unit.name for row in self.enrolments if row.pupil_id == pupil_id and _holds(row, day)}))

    def _open(self, unit: SchoolUnit, day: date) -> bool:
        departures = [row.kind for row in self.departures if row.school_unit_id in (None, unit.pk) and _holds(row, day)]
        if departures:
            return CalendarKind.EXTRA_DAY in departures
        own = [term for term in self.terms if term.school_unit_id == unit.pk]
        common = [term for term in self.terms if term.school_unit_id is None]
        return day.isoweekday() in unit.weekdays and any(_holds(term, day) for term in own or common)


def school_calendar(pupils: Iterable[UUID], first: date, last: date) -> SchoolCalendar:
    """Three statements, however many pupils and days."""
    period = Q(start_date__lte=last) & (Q(end_date__isnull=True) | Q(end_date__gte=first))
    enrolments = Enrolment.objects.filter(period, pupil__in=list(pupils), cancelled=False).select_related("school_unit")
    return SchoolCalendar(list(enrolments), list(Term.objects.filter(period)), list(CalendarDay.objects.filter(period)))


def class_names(pupils: Iterable[UUID], day: date) -> dict[UUID, str]:
    """The name of each pupil's class on `day`."""
    memberships = GroupMembership.objects.on(day).filter(person__in=list(pupils), in_class=True)
    return dict(memberships.values_list("person_id", "group__name"))


def with_class_name(persons: PersonQuerySet, day: date) -> PersonQuerySet:
    """Adds `class_name` and `school_name` of `day`, null for who is in no class or school."""
    classes = GroupMembership.objects.on(day).filter(person=OuterRef("pk"), in_class=True).values("group__name")[:1]
    schools = Enrolment.objects.on(day).filter(pupil=OuterRef("pk"), cancelled=False).order_by("start_date").values("school_unit__name")[:1]
    return persons.annotate(class_name=Subquery(classes), school_name=Subquery(schools))


def rank_of(text: str) -> Case:
    """0: the whole name; 1: the name begins so; 2: every word begins one of its names; 3: elsewhere."""
    begins = Q(*[Q(search_key__startswith=word) | Q(search_key__contains=f" {word}") for word in text.lower().split()])
    steps = (Q(search_key=text.lower()), Q(search_key__startswith=text.lower()), begins)
    return Case(*[When(step, then=Value(place)) for place, step in enumerate(steps)], default=Value(len(steps)))


def bearers_of(numbers: QuerySet[CivicNumber], number: civic.CivicNo) -> QuerySet:
    """Ids of the persons who bear, or bore, exactly this number, among the numbers that the caller may see."""
    return numbers.filter(kind=number.kind, keyed_hash=civic.keyed_hash(number.value)).values("person_id")


def described(persons: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """Adds class and school, and `is_kept`: the actor's office keeps the person's data."""
    kept = ExpressionWrapper(Q(pk__in=scope.kept_by(actor)), output_field=BooleanField())
    return with_class_name(persons, days.today()).annotate(is_kept=kept)


def search(persons: PersonQuerySet, text: str, actor: Actor, limit: int) -> list[Person]:
    """At most `limit` of `persons` by name, described; the protected are found by nobody.

    First who is called so, then names that begin so, then names that hold it: one statement; names like it: a second.
    """
    found = described(persons.unmarked().exclude(pk=actor.person_id), actor)
    near = list(found.named_like(text).order_by(rank_of(text), "sort_key", "pk")[:limit])
    if len(near) < FEW and len(text) >= LETTERS_OF_A_TYPO:
        alike = found.named_nearly(text).exclude(pk__in=[person.pk for person in near])
        near += alike.order_by(TrigramWordSimilarity(text.lower(), "search_key").desc(), "sort_key", "pk")[: limit - len(near)]
    return near


def with_member_count(groups: QuerySet[Group]) -> QuerySet[Group]:
    """Adds `member_count`: today's members, without the protected, so that a count betrays nobody."""
    members = GroupMembership.objects.on(days.today()).filter(group=OuterRef("pk"), person__security_marking=SecurityMarking.NONE)
    counted = members.order_by().values("group").annotate(count=Count("pk")).values("count")
    return groups.annotate(member_count=Coalesce(Subquery(counted), 0)).order_by("school_unit__name", "group_type", "name", "pk")


def mentors_of(groups: Iterable[UUID], day: date) -> PersonQuerySet:
    """The mentors of groups on `day`; of the staff, names are known to everyone who meets the group."""
    return Person.objects.filter(
        period_holds(day, "duties__assignment_roles__"),
        duties__assignment_roles__group__in=list(groups),
        duties__assignment_roles__assignment_role_type=AssignmentRoleType.MENTOR,
        security_marking=SecurityMarking.NONE,
    ).distinct()


def with_phones(relations: QuerySet[Guardianship], phones: QuerySet[PhoneNumber]) -> QuerySet[Guardianship]:
    """Adds to each guardian `shown_phones`, of the numbers that the caller may see."""
    return relations.prefetch_related(Prefetch("guardian__phone_numbers", queryset=phones, to_attr="shown_phones"))


def _holds(row: Enrolment | Term | CalendarDay, day: date) -> bool:
    return row.start_date <= day and (row.end_date is None or row.end_date >= day)


def log_lines(entries: Iterable[Entry], persons: PersonQuerySet) -> list[LogLine]:
    """The lines of the log in words, with the name of who acted where that is one of `persons`."""
    lines = list(entries)
    names = dict(persons.filter(pk__in={line.actor_id for line in lines if line.actor_id}).values_list("pk", "shown_name"))
    return [LogLine(wording.of(line.action), names.get(line.actor_id, "") if line.actor_id else "", line.role, line.at) for line in lines]
