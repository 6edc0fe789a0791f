"""Each pupil's minutes of a period at a school, by the names of SS 12000 AggregatedAttendance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from dexter.lib import civic, days
from registry import reads as registry
from registry.models import CivicNumber, Enrolment, SchoolUnit, SecurityMarking, Term
from registry.models.relations import EnrolmentQuerySet

from .statistics import By, Wanted, statistics_of
from .sums import Sums

UNREPORTED = """
SELECT person_id, sum(minutes)::bigint FROM (
  SELECT DISTINCT e.id, gm.person_id, floor(date_part('epoch', e.ends_at - e.starts_at) / 60) AS minutes
  FROM registry_calendarevent e
  JOIN registry_activity a ON a.id = e.activity_id
  JOIN registry_activitygroup ag ON ag.activity_id = a.id
  JOIN registry_groupmembership gm ON gm.group_id = ag.group_id AND e.day BETWEEN gm.start_date AND COALESCE(gm.end_date, 'infinity')
  WHERE a.school_unit_id = %(unit)s AND e.day BETWEEN %(first)s AND %(last)s AND NOT e.cancelled AND e.ends_at <= %(now)s
    AND NOT EXISTS (SELECT FROM absence_rollcall r WHERE r.lesson_id = e.id)
    AND NOT EXISTS (
      SELECT FROM absence_rollcall o
      WHERE o.school_unit_id = %(unit)s AND o.day = e.day AND o.lesson_starts_at < e.ends_at
        AND o.lesson_starts_at + o.lesson_minutes * interval '1 minute' > e.starts_at AND gm.person_id = ANY (o.roster)
    )
) lessons GROUP BY 1
"""  # a pupil in two groups of one lesson has it once; who was called in another class at that time was offered that lesson


@dataclass(frozen=True)
class PupilSums:
    """Minutes; `unreported` is the length of the lessons that were held and whose roll-call nobody has taken.

    Of time when the pupil was called elsewhere, as of who is moved to another class for days that were called already, none is
    offered twice.
    """

    sums: Sums = field(default_factory=Sums)
    unreported: int = 0

    @property
    def offered(self) -> int:
        return self.sums.offered + self.unreported


def sums_by_pupil(unit: SchoolUnit, first: date, last: date, *, with_protected: bool = False) -> dict[UUID, PupilSums]:
    """Of everyone who had a lesson there, by the pupil's id; three statements."""
    wanted = Wanted(unit, first, last, By.PUPIL, with_protected=with_protected)
    reported = {UUID(line.key): line.sums for line in statistics_of(wanted).lines}
    with connection.cursor() as cursor:
        cursor.execute(UNREPORTED, {"unit": unit.pk, "first": first, "last": last, "now": days.now()})
        unreported = dict(cursor.fetchall())
    return {pupil: PupilSums(reported.get(pupil, Sums()), unreported.get(pupil, 0)) for pupil in reported.keys() | unreported.keys()}


def places_in_term(places: EnrolmentQuerySet, unit: SchoolUnit, term: Term) -> EnrolmentQuerySet:
    """Of `places` those at the unit that held some day of the term, in the order of names."""
    lasted = Q(end_date__isnull=True) | Q(end_date__gte=term.start_date)
    held: EnrolmentQuerySet = places.filter(lasted, school_unit=unit, cancelled=False, start_date__lte=term.end_date)
    ordered: EnrolmentQuerySet = held.select_related("pupil").order_by("pupil__sort_key", "pupil_id", "-start_date")
    return ordered


def numbers_of(pupils: Collection[UUID]) -> dict[UUID, str]:
    """The civic numbers that hold, in plain: for what a law or the school's own duty asks for by number."""
    rows = CivicNumber.objects.filter(person__in=pupils, replaced_at=None).order_by("created_at", "pk")
    return {row.person_id: civic.decrypt(row.encrypted) for row in rows}


SUMS = (
    "Personnummer eller TF-nummer", "Skolform", "Skolenhetskod", "Årskurs", "Termin", "Timmar giltig frånvaro", "Timmar ogiltig frånvaro",
    "Timmar erbjuden undervisning", "attendanceSum", "validAbsenceSum", "invalidAbsenceSum", "otherAttendanceSum", "reportedSum",
    "offeredSum",
)  # fmt: skip  # the columns that the national register has proposed, and SS 12000's, in minutes


def sums_rows(places: Iterable[Enrolment], unit: SchoolUnit, term: Term) -> Iterator[list[object]]:
    """A row a pupil, by the latest of its places in the term; five statements for any number."""
    by_pupil = {place.pupil_id: place for place in reversed(list(places))}
    latest = list(reversed(by_pupil.values()))
    numbers = numbers_of(by_pupil)
    found = sums_by_pupil(unit, term.start_date, term.end_date)
    for place in latest:
        own = found.get(place.pupil_id, PupilSums())
        sums = own.sums
        yield [
            numbers.get(place.pupil_id, ""),
            place.school_type,
            unit.school_unit_code,
            place.school_year,
            f"{term.semester} {term.start_date.year}",
            *(round(minutes / 60, 2) for minutes in (sums.valid, sums.unauthorised, own.offered)),
            sums.present,
            sums.valid,
            sums.unauthorised,
            sums.other,
            sums.offered,
            own.offered,
        ]


def terms_begun(terms: QuerySet[Term], unit: SchoolUnit) -> QuerySet[Term]:
    """Of `terms` those that hold for the unit and have begun, the newest first: its own before the common of the same semester."""
    own = Term.objects.filter(school_unit=unit, school_year=OuterRef("school_year"), semester=OuterRef("semester"))
    held = terms.filter(Q(school_unit=unit) | Q(school_unit=None) & ~Exists(own), school_year__organisation=registry.body_of(unit))
    begun: QuerySet[Term] = held.filter(start_date__lte=days.today()).select_related("school_year").order_by("-start_date", "pk")
    return begun


def protected_now(unit: SchoolUnit) -> int:
    """How many of today's pupils are in no list."""
    held = Enrolment.objects.on(days.today()).filter(school_unit=unit, cancelled=False)
    return held.exclude(pupil__security_marking=SecurityMarking.NONE).values("pupil").distinct().count()
