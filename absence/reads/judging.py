"""What waits for the school's judgement: found by its keys in one go, and described for the rows of one page alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from absence.models import Contradiction, Effective, Judgement
from absence.models.effective import EffectiveQuerySet
from absence.models.scope import open_to_judgement
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import CalendarEvent, Group, GroupMembership, Person

UNREPORTED_DAYS = 14  # how far back absence without a report is asked about
WAITING_DAYS = 60  # how far back what waits for judgement is looked for; older stands on the pupil's page
LATEST = 50  # judgements that can be taken back from the list

# The view of contradictions joins what was said of a whole municipality. This looks from the rosters of few units, each
# roster once: roll-calls with a pupil of whom something was said that day and who was there all the time.
PERHAPS_CONTRADICTED = """
WITH calls AS (
  SELECT id, roster, roster_key, day FROM absence_rollcall WHERE school_unit_id = ANY (%(units)s) AND day >= %(since)s
), listed AS (
  SELECT one.roster_key, unnest(one.roster) AS pupil_id FROM (SELECT DISTINCT ON (roster_key) roster_key, roster FROM calls) one
), said AS (
  SELECT pupil_id, day FROM absence_reportedday
  WHERE withdrawn_at IS NULL AND day >= %(since)s AND pupil_id = ANY (ARRAY (SELECT pupil_id FROM listed))
  UNION
  SELECT pupil_id, day FROM absence_leaveday
  WHERE revoked_at IS NULL AND day >= %(since)s AND pupil_id = ANY (ARRAY (SELECT pupil_id FROM listed))
)
SELECT DISTINCT calls.id, said.pupil_id
FROM said JOIN listed USING (pupil_id) JOIN calls ON calls.roster_key = listed.roster_key AND calls.day = said.day
WHERE NOT EXISTS (SELECT 1 FROM absence_deviation d WHERE d.roll_call_id = calls.id AND d.pupil_id = said.pupil_id)
"""


@dataclass(frozen=True)
class ToJudge:
    """Keys in the order that was asked for."""

    waiting: list[UUID]  # reported late, or reported where the school judges that: departures
    unreported: list[UUID]  # absent, late or gone early in the last two weeks without a word beforehand, and not judged: departures
    contradicting: list[str]  # reported or on leave in the last two weeks, and yet there: contradictions


def departures_to_judge(actor: Actor, departures: EffectiveQuerySet) -> EffectiveQuerySet:
    """Of `departures` those that the actor may judge and that nobody has judged: waiting by `to_judge`, else unreported."""
    today = days.today()
    unsaid = Q(unauthorised_minutes__gt=0, verdict=None, day__gte=today - timedelta(days=UNREPORTED_DAYS))
    return departures.filter(open_to_judgement(actor), Q(to_judge=True) | unsaid, day__gte=today - timedelta(days=WAITING_DAYS))


def contradictions(actor: Actor, rows: QuerySet[Contradiction], units: Collection[UUID]) -> QuerySet[Contradiction]:
    """Of `rows` those of the units' lessons in the last two weeks that the actor may judge. One statement at once."""
    found = _perhaps_contradicted(units)
    if not found:
        return rows.none()
    roll_calls, pupils = {roll_call for roll_call, _pupil in found}, {pupil for _roll_call, pupil in found}
    return rows.filter(open_to_judgement(actor), roll_call__in=roll_calls, pupil__in=pupils)


def _perhaps_contradicted(units: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Keys of roll-calls and pupils, among them all contradictions of the last two weeks."""
    since = days.today() - timedelta(days=UNREPORTED_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(PERHAPS_CONTRADICTED, {"units": list(units), "since": since})
        return list(cursor.fetchall())


def found_to_judge(departures: EffectiveQuerySet, contradicting: QuerySet[Contradiction], order: Collection[str]) -> ToJudge:
    keys = list(departures.order_by(*order).values_list("pk", "to_judge"))
    return ToJudge(
        waiting=[key for key, waits in keys if waits],
        unreported=[key for key, waits in keys if not waits],
        contradicting=list(contradicting.order_by(*order).values_list("pk", flat=True)),
    )


def departures_listed(actor: Actor, keys: Collection[UUID], order: Collection[str]) -> list[Effective]:
    """Those of `keys`, which the caller found by the actor's scope, as the list shows them."""
    return list(described(Effective.objects.filter(pk__in=keys).order_by(*order), actor))


def contradictions_listed(actor: Actor, keys: Collection[str], order: Collection[str]) -> list[Contradiction]:
    """Likewise. A key is the roll-call's and the pupil's; by these the view reads no more than it must."""
    roll_calls, pupils = zip(*(key.split(":") for key in keys), strict=True) if keys else ((), ())
    rows = Contradiction.objects.filter(pk__in=keys, roll_call__in=roll_calls, pupil__in=pupils)
    return list(described(rows.order_by(*order), actor))


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
