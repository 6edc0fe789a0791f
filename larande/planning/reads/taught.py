"""Which teachings a pupil takes part in, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from larande.planning.models import PlanTeaching
from registry.models import ActivityGroup, ActivityType, DutyAssignment, Module, PupilSyllabus, SecurityMarking, uses

Period = tuple[date, date | None]
MEMBERSHIP = "group__memberships__"


@dataclass
class Taught:
    """A pupil in a teaching: the subject that the pupil reads in it, who teaches it, and the days in its groups."""

    pupil_id: UUID
    activity_id: UUID
    unit_id: UUID
    subject: str  # of the pupil's own syllabus where there is one
    common_subject: str  # of the teaching
    subject_code: str  # of the teaching; empty where it has no syllabus
    teachers: list[str]  # shown names, without the protected
    ever_published: bool
    periods: list[Period] = field(default_factory=list)

    def takes_part_in(self, teaching: PlanTeaching) -> bool:
        """In the groups on some day of the plan: what the pupil was not there for is not the pupil's."""
        return teaching.activity_id == self.activity_id and self.is_there(teaching.start_date, teaching.end_date)

    def is_there(self, first: date, last: date) -> bool:
        """On some day from `first` to `last`."""
        return any(start <= last and (end is None or end >= first) for start, end in self.periods)


def taught(pupils: Iterable[UUID], first: date, last: date, *, teachers_on: date | None = None) -> list[Taught]:
    """The teachings of pupils on some day from `first` to `last` where plans are in use, by subject. One statement.

    The pupils are those whom the caller has found by their scope. The teachers are those of the same days, or of one.
    """
    teachers = _teachers(teachers_on or first, teachers_on or last)
    rows = ActivityGroup.objects.filter(
        uses(Module.PLANNING, "activity__school_unit"),
        shares_a_day(first, last, "activity__"),
        shares_a_day(first, last, MEMBERSHIP),
        activity__activity_type=ActivityType.TEACHING,
        **{f"{MEMBERSHIP}person__in": list(pupils)},
    ).annotate(
        pupil_id=F(f"{MEMBERSHIP}person"),
        starts=F(f"{MEMBERSHIP}start_date"),
        ends=F(f"{MEMBERSHIP}end_date"),
        own_subject=Subquery(_own_syllabus(first, last)),
        teachers=ArraySubquery(teachers),
        ever=Exists(PlanTeaching.objects.published().filter(activity=OuterRef("activity"))),
    )
    found: dict[tuple[UUID, UUID], Taught] = {}
    names = ("activity__name", "activity__school_unit", "activity__syllabus__subject_name", "activity__syllabus__subject_code")
    for row in rows.values("activity_id", "pupil_id", "starts", "ends", "own_subject", "teachers", "ever", *names):
        key = (row["pupil_id"], row["activity_id"])
        found.setdefault(key, _taught(row)).periods.append((row["starts"], row["ends"]))
    return sorted(found.values(), key=lambda one: (one.subject.casefold(), one.activity_id))


def shares_a_day(first: date, last: date, prefix: str = "") -> Q:
    """A condition on `start_date` and `end_date` behind `prefix`: some day from `first` to `last` is theirs."""
    open_still = Q(**{f"{prefix}end_date__isnull": True}) | Q(**{f"{prefix}end_date__gte": first})
    return Q(**{f"{prefix}start_date__lte": last}) & open_still


def _taught(row: dict) -> Taught:
    common = row["activity__syllabus__subject_name"] or row["activity__name"]
    return Taught(
        pupil_id=row["pupil_id"],
        activity_id=row["activity_id"],
        unit_id=row["activity__school_unit"],
        subject=row["own_subject"] or common,
        common_subject=common,
        subject_code=row["activity__syllabus__subject_code"] or "",
        teachers=row["teachers"],
        ever_published=row["ever"],
    )


def _own_syllabus(first: date, last: date) -> QuerySet:
    rows = PupilSyllabus.objects.filter(shares_a_day(first, last), pupil=OuterRef(f"{MEMBERSHIP}person"), activity=OuterRef("activity"))
    return rows.order_by("-start_date").values("syllabus__subject_name")[:1]


def _teachers(first: date, last: date) -> QuerySet:
    rows = DutyAssignment.objects.filter(
        shares_a_day(first, last), activity=OuterRef("activity"), duty__person__security_marking=SecurityMarking.NONE
    )
    return rows.order_by("duty__person__sort_key").values("duty__person__shown_name")
