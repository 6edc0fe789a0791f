"""Attendance of a school in a period, in minutes, summed by pupil, class, subject or time (SS 12000 AggregatedAttendance).

A year of a thousand pupils is a million lessons of a pupil, and only who was not simply there has a row. So the rosters
are grouped before they are unfolded (a class has the same roster all term), and departures come from
`absence_effective_at`, which gives the view's minutes for a whole school. The protected are in no sum at all: what is
counted with and without them would tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from registry.models import Enrolment, GroupMembership, SchoolUnit

from .sums import Sums


class By(TextChoices):
    PUPIL = "pupil", _("Pupil")
    CLASS = "class", _("Class")
    YEAR = "year", _("Year")
    SUBJECT = "subject", _("Subject")
    WEEKDAY = "weekday", _("Weekday")
    LESSON = "lesson", _("Lesson of the day")
    MONTH = "month", _("Month")


@dataclass(frozen=True)
class Line:
    """One line of a statistic. The key is an id, a code or a number as text; empty for those outside every key."""

    key: str
    sums: Sums
    pupils: int


@dataclass(frozen=True)
class Statistics:
    lines: list[Line]
    months: list[tuple[date, Sums]]  # by their first day
    total: Sums = field(default_factory=Sums)


@dataclass(frozen=True)
class Wanted:
    """Which lessons of which pupils. Class and year are those that the pupil had on the lesson's day."""

    unit: SchoolUnit
    first: date
    last: date
    by: By = By.CLASS
    klasses: tuple[UUID, ...] = ()  # all, where there are none
    year: int | None = None
    activities: tuple[UUID, ...] | None = None  # those of one subject
    with_protected: bool = False  # for what is written about each pupil alone, never for what is shown or counted


@dataclass(frozen=True)
class Span:
    """From when to when a pupil counts, and under which key."""

    pupil: UUID
    first: date
    last: date
    key: str = ""


OF_PUPILS = {By.PUPIL, By.CLASS, By.YEAR}
LESSON_KEYS = {
    By.SUBJECT: "r.activity_id",
    By.WEEKDAY: "mod(r.day - '2001-01-01'::date, 7) + 1",  # that day was a Monday
    By.LESSON: "r.place",
}
PUPIL_KEYS = {By.PUPIL: "r.pupil", By.CLASS: "COALESCE(span.key, 1)", By.YEAR: "COALESCE(span.key, 1)"}
SPANS = "unnest(%(pupils)s::uuid[], %(opens)s::date[], %(closes)s::date[], %(keys)s::integer[]) AS span (pupil, opens, closes, key)"
UNMARKED = "NOT IN (SELECT id FROM registry_person WHERE security_marking <> 'Ingen')"

REPORTED = """
WITH calls AS (
  SELECT r.roster_key, width_bucket(r.day, %(parts)s::date[]) AS part, width_bucket(r.day, %(months)s::date[]) AS month,
    {lesson_key} AS key, sum(r.lesson_minutes) AS minutes
  FROM absence_rollcall r
  WHERE r.school_unit_id = %(unit)s AND r.day BETWEEN %(first)s AND %(last)s{narrowed}
  GROUP BY 1, 2, 3, 4
), members AS (
  SELECT r.roster_key, r.part, r.pupil, {pupil_key} AS key
  FROM (
    SELECT one.roster_key, one.part, unnest(example.roster) AS pupil, (%(parts)s::date[])[one.part] AS day
    FROM (SELECT DISTINCT roster_key, part FROM calls) one
    CROSS JOIN LATERAL (SELECT roster FROM absence_rollcall WHERE roster_key = one.roster_key LIMIT 1) example
  ) r{span_join}
  WHERE r.pupil {unmarked}
), counted AS (
  SELECT roster_key, part, key, count(*) AS pupils FROM members GROUP BY 1, 2, 3
)
SELECT {name_of_call}, calls.month, sum(calls.minutes * counted.pupils)::bigint, NULL
FROM calls JOIN counted USING (roster_key, part) GROUP BY GROUPING SETS ((1), (2))
UNION ALL
SELECT {name_of_member}, -1, count(DISTINCT members.pupil), NULL
FROM (SELECT DISTINCT roster_key, part, key FROM calls) calls JOIN members USING (roster_key, part) GROUP BY 1
UNION ALL
SELECT NULL, -1, 0, array_agg(DISTINCT pupil)::text FROM members
"""
DEPARTED = """
WITH departed AS (
  SELECT {lesson_key} AS key, {pupil} AS pupil, {part} AS part, width_bucket(r.day, %(months)s::date[]) AS month,
    sum(r.valid_minutes) AS valid, sum(r.away_minutes) - sum(r.valid_minutes) AS unauthorised, sum(r.other_minutes) AS other
  FROM absence_effective_at(%(unit)s, %(first)s, %(last)s, %(members)s) r
  WHERE r.pupil {unmarked}{narrowed}
  GROUP BY 1, 2, 3, 4
), grouped AS (
  SELECT {key} AS key, r.month, r.valid, r.unauthorised, r.other
  FROM (SELECT *, (%(parts)s::date[])[part] AS day FROM departed) r{span_join}
)
SELECT {name}, month, sum(valid)::bigint, sum(unauthorised)::bigint, sum(other)::bigint FROM grouped GROUP BY GROUPING SETS ((1), (2))
"""  # grouped twice: only the plain grouping is done by several processes, and classes are sought for few rows


def statistics_of(wanted: Wanted) -> Statistics:
    """The sums by what is wanted, and month by month. At most four statements, for any number of pupils and lessons."""
    months = _months(wanted.first, wanted.last)
    spans = _spans(wanted)
    arguments = _arguments(wanted, months, spans)
    reported, pupils, members = _reported(wanted, spans, arguments)
    departed = _departed(wanted, spans, {**arguments, "members": members})
    by_key = {key: Sums(reported[key], *departed.get(key, (0, 0, 0))) for key in reported}
    in_months = [(first, by_key.pop(place, Sums())) for place, first in enumerate(months, start=1)]
    lines = [Line(str(key), sums, pupils.get(str(key), 0)) for key, sums in by_key.items()]
    return Statistics(lines, in_months, sum((sums for _first, sums in in_months), Sums()))


def _reported(
    wanted: Wanted, spans: list[Span] | None, arguments: Mapping[str, Any]
) -> tuple[dict[str | int, int], dict[str, int], str | None]:
    """Minutes by key and by the place of the month, pupils by key, and the pupils themselves as the database writes an array."""
    minutes: dict[str | int, int] = {}
    pupils: dict[str, int] = {}
    members = None
    for key, month, number, written in _rows(REPORTED, wanted, spans, arguments):
        if month != -1:
            minutes[month if key is None else key] = number
        elif key is None:
            members = written
        else:
            pupils[key] = number
    return minutes, pupils, members


def _departed(wanted: Wanted, spans: list[Span] | None, arguments: Mapping[str, Any]) -> dict[str | int, tuple[int, int, int]]:
    rows = _rows(DEPARTED, wanted, spans, arguments)
    return {month if key is None else key: (valid, unauthorised, other) for key, month, valid, unauthorised, other in rows}


def _rows(statement: str, wanted: Wanted, spans: list[Span] | None, arguments: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The statement with its parts put in: all of them are constants of this module, every value is an argument."""
    of_pupils, span_join = wanted.by in OF_PUPILS, ""
    lesson_key, pupil_key = LESSON_KEYS.get(wanted.by, "''::text"), PUPIL_KEYS.get(wanted.by, "NULL::text")
    name = "(%(names)s::text[])[{}.key]" if wanted.by in {By.CLASS, By.YEAR} else "{}.key::text"
    if spans is not None:
        kind = "JOIN" if wanted.klasses or wanted.year is not None else "LEFT JOIN"
        span_join = f"\n{kind} {SPANS} ON span.pupil = r.pupil AND r.day BETWEEN span.opens AND span.closes"
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                lesson_key=lesson_key,
                pupil_key=pupil_key,
                key=pupil_key if of_pupils else "r.key",
                pupil="r.pupil" if of_pupils or spans else "NULL::uuid",
                part="width_bucket(r.day, %(parts)s::date[])" if len(arguments["parts"]) > 1 else "1",
                name_of_call=name.format("counted" if of_pupils else "calls"),
                name_of_member=name.format("members" if of_pupils else "calls"),
                name=name.format("grouped"),
                span_join=span_join,
                narrowed=" AND r.activity_id = ANY(%(activities)s)" if wanted.activities is not None else "",
                unmarked="IS NOT NULL" if wanted.with_protected else UNMARKED,
            ),
            arguments,
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _arguments(wanted: Wanted, months: list[date], spans: list[Span] | None) -> dict[str, Any]:
    """`parts` cut the period where a pupil's class or year changes: within a part a roster has the same pupils under the same keys.

    Keys travel as places in `names`, since numbers are grouped faster; the first place is of no key.
    """
    held = spans or []
    names = {key: place for place, key in enumerate(dict.fromkeys(["", *(span.key for span in held)]), start=1)}
    starts = {span.first for span in held} | {span.last + timedelta(days=1) for span in held}
    return {
        "unit": wanted.unit.pk,
        "first": wanted.first,
        "last": wanted.last,
        "activities": list(wanted.activities or ()),
        "months": months,
        "parts": sorted({wanted.first} | {day for day in starts if wanted.first < day <= wanted.last}),
        "pupils": _array(span.pupil for span in held),
        "opens": _array(span.first for span in held),
        "closes": _array(span.last for span in held),
        "keys": _array(names[span.key] for span in held),
        "names": list(names),
    }


def _array(values: Iterable[UUID | date | int]) -> str:
    """As the database reads an array: the driver takes longer to write thousands of values than the statement takes."""
    return f"{{{','.join(map(str, values))}}}"


def _months(first: date, last: date) -> list[date]:
    """The first days of the months that the period touches."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + place) // 12, (first.month - 1 + place) % 12 + 1, 1) for place in range(count)]


def _spans(wanted: Wanted) -> list[Span] | None:
    """When the pupils count, by class and year; None where neither matters."""
    in_class = in_year = None
    if wanted.klasses or wanted.by is By.CLASS:
        in_class = _in_classes(wanted)
    if wanted.year is not None or wanted.by is By.YEAR:
        in_year = _in_years(wanted)
    if in_class is None or in_year is None:
        return in_class if in_year is None else in_year
    if not wanted.klasses and wanted.year is None:
        return in_year
    return _overlaps(in_class, in_year) if wanted.by is By.CLASS else _overlaps(in_year, in_class)


def _in_classes(wanted: Wanted) -> list[Span]:
    rows = GroupMembership.objects.filter(in_class=True, start_date__lte=wanted.last)
    rows = rows.filter(group__in=wanted.klasses) if wanted.klasses else rows.filter(group__school_unit=wanted.unit)
    return [
        Span(pupil, first, min(last or wanted.last, wanted.last), str(group))
        for pupil, group, first, last in rows.values_list("person_id", "group_id", "start_date", "end_date")
        if last is None or last >= wanted.first
    ]


def _in_years(wanted: Wanted) -> list[Span]:
    """Of two places at once at the school, as in school and its after-school centre, the one with a year counts."""
    rows = Enrolment.objects.filter(school_unit=wanted.unit, cancelled=False, school_year__isnull=False, start_date__lte=wanted.last)
    if wanted.year is not None:
        rows = rows.filter(school_year=wanted.year)
    found: dict[UUID, list[Span]] = defaultdict(list)
    for pupil, year, first, last in rows.order_by("start_date", "pk").values_list("pupil_id", "school_year", "start_date", "end_date"):
        earlier = found[pupil][-1].last + timedelta(days=1) if found[pupil] else first
        span = Span(pupil, max(first, earlier), min(last or wanted.last, wanted.last), str(year))
        if span.first <= span.last:
            found[pupil].append(span)
    return [span for spans in found.values() for span in spans if span.last >= wanted.first]


def _overlaps(keyed: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The days that are in both, under the keys of the first."""
    by_pupil: dict[UUID, list[Span]] = defaultdict(list)
    for other in others:
        by_pupil[other.pupil].append(other)
    pairs = ((span, other) for span in keyed for other in by_pupil[span.pupil])
    both = (Span(span.pupil, max(span.first, other.first), min(span.last, other.last), span.key) for span, other in pairs)
    return [span for span in both if span.first <= span.last]
