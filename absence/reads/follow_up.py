"""What followed from absence: pupils' days in minutes, terms, and what waits for the school's judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField

from absence.models import Contradiction, Effective, Judgement, RollCall
from absence.models.effective import EffectiveQuerySet
from absence.models.scope import open_to_judgement
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import CalendarEvent, Group, GroupMembership, Person, Term

from .sums import Sums

UNREPORTED_DAYS = 14  # how far back absence without a report is asked about
WAITING_DAYS = 60  # how far back what waits for judgement is looked for; older stands on the pupil's page
WITHOUT_TERM = 120  # days counted where the calendar holds no term
LATEST = 50  # judgements that can be taken back from the list


@dataclass
class DaySums:
    """A pupil's day at school."""

    pupil: UUID
    day: date
    sums: Sums


DEPARTED: dict[str, Any] = {
    "valid": Sum("valid_minutes"),
    "unauthorised": Sum("unauthorised_minutes"),
    "other": Sum("other_minutes"),
    "unauthorised_lessons": Count("pk", filter=Q(unauthorised_minutes__gt=0)),
    "absent_lessons": Count("pk", filter=Q(absent_minutes__gt=0)),
    "late_lessons": Count("pk", filter=Q(late_minutes__gt=0)),
    "to_judge": Count("pk", filter=Q(to_judge=True)),
}


def day_sums(roll_calls: QuerySet[RollCall], departures: EffectiveQuerySet, pupils: Collection[UUID]) -> list[DaySums]:
    """Each day of each of `pupils`, in order; two statements. Both querysets are narrowed to the same time and place by the caller."""
    wanted = set(pupils)
    listed = roll_calls.annotate(pupil=Func(F("roster"), function="unnest", output_field=UUIDField())).order_by()
    offered = listed.values("pupil", "day").annotate(offered=Sum("lesson_minutes"))
    found = {(row["pupil"], row["day"]): Sums(row["offered"]) for row in offered if row["pupil"] in wanted}
    away: Any = departures.filter(pupil__in=wanted).order_by().values("pupil", "day").annotate(**DEPARTED)
    for row in away:
        if (row["pupil"], row["day"]) in found:
            found[row["pupil"], row["day"]] += Sums(**{name: row[name] for name in DEPARTED})
    return [DaySums(pupil, day, sums) for (pupil, day), sums in sorted(found.items(), key=lambda item: item[0])]


def sums_of_days(rows: Iterable[DaySums]) -> Sums:
    return sum((row.sums for row in rows), Sums())


def days_of_pupils(pupils: Collection[UUID], first: date, last: date) -> list[DaySums]:
    """For few pupils, whom the caller has found by its scope, wherever their lessons were."""
    roll_calls = RollCall.objects.of_pupils(pupils, first, last)
    return day_sums(roll_calls, Effective.objects.between(first, last), pupils)


def days_at_unit(unit_id: UUID, pupils: Collection[UUID], first: date, last: date) -> list[DaySums]:
    roll_calls = RollCall.objects.filter(school_unit=unit_id, day__range=(first, last))
    return day_sums(roll_calls, Effective.objects.between(first, last).filter(school_unit=unit_id), pupils)


def by_pupil(rows: Iterable[DaySums]) -> dict[UUID, list[DaySums]]:
    found: dict[UUID, list[DaySums]] = defaultdict(list)
    for row in rows:
        found[row.pupil].append(row)
    return found


def term_start(unit_id: UUID, day: date) -> date:
    """The first day of the term that holds at the unit on `day`: its own before the common one; without a term, some months back."""
    terms = Term.objects.on(day).filter(Q(school_unit=unit_id) | Q(school_unit=None))
    first: date | None = terms.order_by(F("school_unit").asc(nulls_last=True)).values_list("start_date", flat=True).first()
    return first or day - timedelta(days=WITHOUT_TERM)


def to_judge(actor: Actor, departures: EffectiveQuerySet) -> Any:
    """Of `departures` those that the actor may judge and that wait: reported late, or reported where the school judges that."""
    since = days.today() - timedelta(days=WAITING_DAYS)
    return described(departures.filter(open_to_judgement(actor), to_judge=True, day__gte=since), actor)


def without_report(actor: Actor, departures: EffectiveQuerySet) -> Any:
    """Absent, late or gone early in the last two weeks without a word beforehand, and not judged."""
    since = days.today() - timedelta(days=UNREPORTED_DAYS)
    unsaid = Q(unauthorised_minutes__gt=0, verdict=None, to_judge=False, day__gte=since)
    return described(departures.filter(open_to_judgement(actor), unsaid), actor)


def contradicting(actor: Actor, rows: QuerySet[Contradiction]) -> Any:
    """Reported or on leave in the last two weeks, and yet there."""
    since = days.today() - timedelta(days=UNREPORTED_DAYS)
    return described(rows.filter(open_to_judgement(actor), day__gte=since), actor)


def described(rows: Any, actor: Actor) -> Any:
    """Adds the pupil with class, the lesson with subject, the verdict's key, and whether the actor opens the lesson."""
    classes = GroupMembership.objects.on(days.today()).filter(person=OuterRef("pupil"), in_class=True).values("group__name")
    standing = Judgement.objects.standing().filter(lesson=OuterRef("lesson"), pupil=OuterRef("pupil")).values("pk")
    opened = CalendarEvent.objects.visible_to(actor).filter(pk=OuterRef("lesson"))
    shown = rows.select_related("pupil", "lesson__activity__syllabus")
    return shown.annotate(class_name=Subquery(classes[:1]), standing_id=Subquery(standing[:1]), opens=Exists(opened.order_by()))


def in_class(rows: Any, group: Group) -> Any:
    """Narrowed to the pupils who are members of the group today."""
    return rows.filter(pupil__in=GroupMembership.objects.on(days.today()).filter(group=group).values("person_id"))


def judged_just_now(judgements: QuerySet[Judgement], person_id: UUID) -> QuerySet[Judgement]:
    """What the person judged today and still stands, the latest first: what may be taken back with one press."""
    opens, _closes = days.bounds(days.today())
    mine = judgements.filter(judged_by=person_id, judged_at__gte=opens, replaced_at=None)
    return mine.select_related("pupil", "lesson__activity").order_by("-judged_at", "pupil__sort_key", "pk")[:LATEST]


def names_of(pupils: Iterable[UUID]) -> list[str]:
    """Shown names, of pupils whom the caller is entitled to."""
    return list(Person.objects.filter(pk__in=list(pupils)).order_by("sort_key").values_list("shown_name", flat=True))
