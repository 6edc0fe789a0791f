"""Finding people, and what stands beside their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from dexter.lib import civic, days
from dexter.lib.access import Actor, Role
from dexter.lib.models import period_holds
from registry.models import (
    AssignmentRoleType,
    CivicNumber,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    PhoneNumber,
    SecurityMarking,
    scope,
)
from registry.models.person import PersonQuerySet

FEW = 5  # hits below which names like the one written are shown too
LETTERS_OF_A_TYPO = 4  # shorter texts are like too many names


def class_names(pupils: Iterable[UUID], day: date) -> dict[UUID, str]:
    """The name of each pupil's class on `day`."""
    memberships = GroupMembership.objects.on(day).filter(person__in=list(pupils), in_class=True)
    return dict(memberships.values_list("person_id", "group__name"))


def with_class_name(persons: PersonQuerySet, day: date) -> PersonQuerySet:
    """Adds `class_name` and `school_name` of `day`, null for who is in no class or school."""
    classes = GroupMembership.objects.on(day).filter(person=OuterRef("pk"), in_class=True).values("group__name")[:1]
    schools = Enrolment.objects.on(day).filter(pupil=OuterRef("pk"), cancelled=False).order_by("start_date").values("school_unit__name")[:1]
    return persons.annotate(class_name=Subquery(classes), school_name=Subquery(schools))


def with_mentored(persons: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """Adds `is_mentored`: the actor has an assignment in a group of the pupil, and so sees all subjects."""
    mentored = Q(pk__in=scope.mentored_by(actor)) if actor.role is Role.STAFF else Q(pk__in=[])
    return persons.annotate(is_mentored=ExpressionWrapper(mentored, output_field=BooleanField()))


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


class Alike(StrEnum):
    """When names that are only like the one written are looked for: never where there are enough hits already."""

    NEVER = "never"
    UNLESS_EXACT = "unless exact"  # nor where somebody is called exactly so
    IF_FEW = "if few"


def search(persons: PersonQuerySet, text: str, actor: Actor, limit: int, *, alike: Alike) -> list[Person]:
    """At most `limit` of `persons` by name, described; the protected are found by nobody.

    First who is called so, then names that begin so, then names that hold it: one statement. Names like it: a second.
    """
    found = described(persons.unmarked().exclude(pk=actor.person_id), actor)
    near = list(found.named_like(text).order_by(rank_of(text), "sort_key", "pk")[:limit])
    enough = len(near) >= FEW or (alike is Alike.UNLESS_EXACT and is_exact(near, text))
    if alike is not Alike.NEVER and not enough and len(text) >= LETTERS_OF_A_TYPO:
        others = found.named_nearly(text).exclude(pk__in=[person.pk for person in near])
        near += others.order_by(TrigramWordSimilarity(text.lower(), "search_key").desc(), "sort_key", "pk")[: limit - len(near)]
    return near


def is_exact(found: Sequence[Person], text: str) -> bool:
    """Whether the first, as `search` orders them, is called exactly so."""
    return bool(found) and found[0].search_key == text.lower()


def with_member_count(groups: QuerySet[Group]) -> QuerySet[Group]:
    """Adds `member_count`: today's members, without the protected, so that a count betrays nobody."""
    members = GroupMembership.objects.on(days.today()).filter(group=OuterRef("pk"), person__security_marking=SecurityMarking.NONE)
    counted = members.order_by().values("group").annotate(count=Count("pk")).values("count")
    return groups.annotate(member_count=Coalesce(Subquery(counted), 0)).order_by("school_unit__name", "group_type", "sort_key", "pk")


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
