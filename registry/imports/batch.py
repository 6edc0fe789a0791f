"""What was read, in one shape for every source, before anything is compared with the register."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

MOST_REJECTED_KEPT = 500  # rejected rows that a report lists; the rest are counted


class Unreadable(Exception):
    """The file as a whole cannot be used; the message is a sentence that says what to do."""


class Rejected(NamedTuple):
    """One row that cannot be taken, and why."""

    line: int  # of the file, counted from 1; of the list, for an interface
    column: str
    value: str
    reason: str


class StagedUnit(NamedTuple):
    """A school unit that the source describes."""

    ref: str
    unit_id: UUID
    name: str
    school_unit_code: str
    school_types: list[str]


class StagedPerson(NamedTuple):
    """Fields that are None were not told and are left alone."""

    line: int
    ref: str  # what the source calls the person; of files the keyed hash of the number, so that no number is kept
    civic_kind: str | None
    keyed_hash: bytes | None
    encrypted: bytes | None
    given_name: str
    middle_name: str | None
    family_name: str
    birth_date: date | None
    sex: str | None
    security_marking: str | None
    person_status: str | None
    email: str | None
    phone: str | None
    mobile: bool | None
    street_address: str | None
    postal_code: str | None
    locality: str | None


class StagedEnrolment(NamedTuple):
    line: int
    pupil_ref: str
    school_unit_id: UUID
    school_type: str
    school_year: int | None
    start_date: date
    end_date: date | None


class StagedGuardianship(NamedTuple):
    """Without dates: it holds from when the source first names it until it no longer does."""

    line: int
    guardian_ref: str
    child_ref: str
    relation_type: str


class StagedGroup(NamedTuple):
    line: int
    ref: str
    name: str
    group_type: str
    school_type: str
    school_unit_id: UUID
    start_date: date
    end_date: date | None


class StagedMembership(NamedTuple):
    """`start_date` None: since when is not told; then not before `not_before`, and never into what has been."""

    line: int
    group_ref: str
    person_ref: str
    start_date: date | None
    end_date: date | None
    not_before: date | None


class StagedDuty(NamedTuple):
    line: int
    ref: str
    person_ref: str
    school_unit_id: UUID
    duty_role: str
    signature: str | None
    start_date: date
    end_date: date | None


class StagedAssignment(NamedTuple):
    line: int
    duty_ref: str
    group_ref: str
    assignment_role_type: str
    start_date: date
    end_date: date | None


@dataclass
class Batch:
    """Everything of one import. `ends` says, for each kind of link, how much of the register the source speaks for."""

    units: list[StagedUnit] = field(default_factory=list)
    unit_ids: set[UUID] = field(default_factory=set)  # the units that the source speaks for
    persons: dict[str, StagedPerson] = field(default_factory=dict)
    enrolments: list[StagedEnrolment] = field(default_factory=list)
    guardianships: list[StagedGuardianship] = field(default_factory=list)
    groups: dict[str, StagedGroup] = field(default_factory=dict)
    memberships: list[StagedMembership] = field(default_factory=list)
    duties: list[StagedDuty] = field(default_factory=list)
    assignments: list[StagedAssignment] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)  # link -> "unit", "named" or "all"; see links.Link.scopes
    deleted: list[str] = field(default_factory=list)  # refs of what an interface says is gone; one namespace for all kinds
    seen: dict[tuple[object, ...], int] = field(default_factory=dict)  # what may stand there once -> its line
    rejected: list[Rejected] = field(default_factory=list)
    rejected_count: int = 0
    left_out: int = 0  # rows about things that the register does not keep

    def reject(self, line: int, column: str, value: object, reason: str) -> None:
        self.rejected_count += 1
        if len(self.rejected) < MOST_REJECTED_KEPT:
            self.rejected.append(Rejected(line, column, str(value)[:80], reason))
