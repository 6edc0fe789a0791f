"""A version of a subject or course as read from an answer, before it meets the database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field


class Unreadable(Exception):
    """Says in one sentence what is wrong with an answer."""


@dataclass(frozen=True)
class ParsedItem:
    """A point of the central content. `years` is the first and last school year, or nothing for a course."""

    text: str
    area: str = ""
    years: tuple[int, int] | None = None
    variant: str = ""


@dataclass(frozen=True)
class ParsedCriterion:
    """A statement at one step. `place` is the statement's number among those of its year and variant."""

    text: str
    place: int
    year: int | None = None
    step: str = ""
    variant: str = ""
    is_for_grades: bool = True


@dataclass(frozen=True)
class LeftOut:
    """A text that is no part of the version, and why."""

    reason: str
    text: str


@dataclass
class ParsedVersion:
    school_type: str
    subject_code: str
    name: str
    number: int
    valid_from: datetime.date
    digest: str
    course_code: str = ""
    designation: str = ""
    curriculum: str = ""
    valid_to: datetime.date | None = None
    purpose: list[str] = field(default_factory=list)
    abilities: list[str] = field(default_factory=list)
    items: list[ParsedItem] = field(default_factory=list)
    criteria: list[ParsedCriterion] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.course_code or self.subject_code} {self.school_type} version {self.number}"
