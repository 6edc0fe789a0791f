"""The dated relations an import brings, each described once; the statements in staging, compare and carry_out follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db import models

from registry.models import AssignmentRole, Duty, Enrolment, GroupMembership, Guardianship


class Column(NamedTuple):
    """A column of the staged rows, under the name and type that it has there."""

    name: str
    kind: str


@dataclass(frozen=True)
class Link:
    """A relation with a first and a last day. `e` is the row of the register, `s` the staged one, in all conditions."""

    name: str
    model: type[models.Model]
    keys: tuple[str, ...]  # between whom, and of which kind
    values: tuple[str, ...]  # what else it holds
    staged: tuple[Column, ...]  # as the batch gives it, in its order, without the dates
    scopes: dict[str, str]  # how much the source speaks for -> which rows of the register that is
    live: str = "TRUE"  # which rows of the register count
    creates_from: str = "COALESCE(s.start_date, s.not_before, %(today)s)"
    falls_away: str = "DELETE"  # what happens to a row that ends before it began

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)


GONE = "SELECT entity_id FROM gone"  # what an interface says is deleted
NAMED_PERSON = f"e.{{}} IN (SELECT person_id FROM staged_person UNION {GONE})"
UNITS = "ANY(%(units)s)"
BUSY = """EXISTS (SELECT FROM registry_groupmembership o JOIN registry_group g ON g.id = s.group_id
    WHERE g.group_type = 'Klass' AND o.person_id = s.person_id AND o.in_class
    AND daterange(o.start_date, o.end_date, '[]') @> s.not_before)"""

ENROLMENT = Link(
    name="enrolment",
    model=Enrolment,
    keys=("pupil_id", "school_unit_id", "school_type"),
    values=("school_year",),
    staged=(Column("pupil_ref", "text"), Column("school_unit_id", "uuid"), Column("school_type", "text"), Column("school_year", "int")),
    scopes={"unit": f"e.school_unit_id = {UNITS}", "named": NAMED_PERSON.format("pupil_id"), "all": "TRUE"},
    live="NOT e.cancelled",
    falls_away="CANCEL",
)
MEMBERSHIP = Link(
    name="membership",
    model=GroupMembership,
    keys=("group_id", "person_id"),
    values=(),
    staged=(Column("group_ref", "text"), Column("person_ref", "text")),
    scopes={
        "unit_classes": f"e.in_class AND e.group_id IN (SELECT id FROM registry_group WHERE school_unit_id = {UNITS})",
        "named": f"e.group_id IN (SELECT group_id FROM staged_group UNION {GONE})",
        "all": "TRUE",
    },
    creates_from=f"COALESCE(s.start_date, CASE WHEN {BUSY} THEN GREATEST(s.not_before, %(today)s) ELSE s.not_before END, %(today)s)",
)
DUTY = Link(
    name="duty",
    model=Duty,
    keys=("person_id", "school_unit_id", "duty_role"),
    values=("signature",),
    staged=(
        Column("ref", "text"), Column("person_ref", "text"), Column("school_unit_id", "uuid"), Column("duty_role", "text"),
        Column("signature", "text"),
    ),
    scopes={"unit": f"e.school_unit_id = {UNITS}", "named": f"e.id IN ({GONE})", "all": "TRUE"},
    falls_away="SHORTEN",
)  # fmt: skip
ASSIGNMENT = Link(
    name="assignment",
    model=AssignmentRole,
    keys=("duty_id", "group_id", "assignment_role_type"),
    values=(),
    staged=(Column("duty_ref", "text"), Column("group_ref", "text"), Column("assignment_role_type", "text")),
    scopes={
        "unit": f"e.duty_id IN (SELECT id FROM registry_duty WHERE school_unit_id = {UNITS})",
        "named": f"e.duty_id IN (SELECT duty_id FROM verdict_duty_ids UNION {GONE})",
        "all": "TRUE",
    },
)
GUARDIANSHIP = Link(
    name="guardianship",
    model=Guardianship,
    keys=("guardian_id", "child_id"),
    values=("relation_type",),
    staged=(Column("guardian_ref", "text"), Column("child_ref", "text"), Column("relation_type", "text")),
    scopes={"named": f"e.child_id IN (SELECT person_id FROM staged_person WHERE is_pupil UNION {GONE})", "all": "TRUE"},
    live="e.revoked_at IS NULL",
)
LINKS = (ENROLMENT, MEMBERSHIP, DUTY, ASSIGNMENT, GUARDIANSHIP)  # in the order in which they refer to each other
