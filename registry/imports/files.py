"""From the rows of a template to a batch: each cell is read, each fault named by its line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from dexter.jobs.progress import Report, silent
from dexter.lib import civic
from registry.models import AssignmentRoleType, DutyRole, GroupType, RelationType, SchoolType, SecurityMarking, Template

from . import cells
from .batch import (
    Batch,
    StagedAssignment,
    StagedDuty,
    StagedEnrolment,
    StagedGroup,
    StagedGuardianship,
    StagedMembership,
    StagedPerson,
)
from .columns import GUARDIANS, TEMPLATES, codes_by_heading
from .tables import Row

NAME_LENGTH = 100
ADDRESS_LENGTHS = {"street_address": 100, "postal_code": 10, "locality": 100}
ROWS_BETWEEN_REPORTS = 200


class CannotTake(Exception):
    """The row is rejected for one of its cells."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


class Line(NamedTuple):
    """One row, asked for its cells by the codes of the columns."""

    number: int
    texts: Mapping[str, str]
    headings: Mapping[str, str]

    def read(self, code: str, reader: Callable[[str], Any], required: bool = False) -> Any:
        cell = self.texts.get(code, "")
        try:
            value = reader(cell)
        except ValueError as fault:
            raise CannotTake(self.headings[code], cell, str(fault)) from None
        if required and value in (None, ""):
            raise CannotTake(self.headings[code], cell, _("Must be filled in."))
        return value

    def name(self, code: str) -> str:
        return str(self.read(code, lambda cell: cells.text(cell, NAME_LENGTH), required=True))

    def period(self) -> tuple[date, date | None]:
        start, end = self.read("start_date", cells.day, required=True), self.read("end_date", cells.day)
        if end and end < start:
            raise CannotTake(self.headings["end_date"], self.texts["end_date"], _("The last day is before the first."))
        return start, end


def read_rows(template: str, rows: Iterable[Row], units: Mapping[str, UUID], report: Report = silent) -> Batch:
    """The batch of a template's rows; `units` are the ids of the school units that may be fed, by their codes.

    The file speaks for the units that it names: whom it leaves out there has left. Raises Unreadable.
    """
    batch, take, codes = Batch(), READERS[Template(template)], None
    headings = {column.code: column.heading for column in TEMPLATES[Template(template)]}
    for row in rows:
        codes = codes or codes_by_heading(template, list(row.cells))
        texts = {code: row.cells[heading] for heading, code in codes.items()}
        try:
            take(Line(row.line, texts, headings), units, batch)
        except CannotTake as fault:
            batch.reject(row.line, fault.column, fault.value, fault.reason)
        if row.line % ROWS_BETWEEN_REPORTS == 0:
            report("reading", row.line, 0)
    batch.ends = ENDS[Template(template)]
    return batch


def _unit(line: Line, units: Mapping[str, UUID], batch: Batch) -> UUID:
    code = line.texts.get("school_unit", "")
    if code not in units:
        raise CannotTake(line.headings["school_unit"], code, _("No school unit of yours has that code."))
    batch.unit_ids.add(units[code])
    return units[code]


def _pupil(line: Line, units: Mapping[str, UUID], batch: Batch) -> None:
    """Everything of the row is read before anything is kept, so that a rejected row leaves nothing behind."""
    unit = _unit(line, units, batch)
    person = _person(line, batch)
    start, end = line.period()
    school_type = line.read("school_type", lambda cell: cells.choice(cell, SchoolType.values), required=True)
    school_year = line.read("school_year", lambda cell: cells.whole(cell, 0, 10))
    guardians = [given for number in GUARDIANS if (given := _guardian(line, number, batch))]
    if person.ref in {guardian.ref for guardian, _relation in guardians}:
        raise CannotTake(line.headings["guardian_1_civic_no"], "", _("Nobody is their own guardian."))
    group = _group(line, "school_class", unit, GroupType.CLASS, str(school_type), start, batch)
    _once(line, batch, ("place", person.ref, unit, school_type), _("The pupil has that place on line %(line)s already."))
    if group:
        _once(line, batch, ("class", person.ref), _("The pupil is in a class on line %(line)s already."))
    for somebody in (person, *[guardian for guardian, _relation in guardians]):
        former = batch.persons.setdefault(somebody.ref, somebody)
        if somebody.security_marking not in (None, SecurityMarking.NONE):  # the strictest line counts
            batch.persons[somebody.ref] = former._replace(security_marking=somebody.security_marking)
    batch.enrolments.append(StagedEnrolment(line.number, person.ref, unit, str(school_type), school_year, start, end))
    for guardian, relation in guardians:
        batch.guardianships.append(StagedGuardianship(line.number, guardian.ref, person.ref, relation))
    if group:
        batch.memberships.append(StagedMembership(line.number, group, person.ref, None, end, start))


def _colleague(line: Line, units: Mapping[str, UUID], batch: Batch) -> None:
    unit = _unit(line, units, batch)
    person = _person(line, batch)
    start, end = line.period()
    role = line.read("duty_role", lambda cell: cells.choice(cell, DutyRole.values), required=True)
    signature = line.read("signature", lambda cell: cells.text(cell, 10)) or None
    ref = f"{person.ref}|{unit}|{role}"
    group = _group(line, "mentor_of", unit, GroupType.CLASS, "", start, batch)
    batch.persons.setdefault(person.ref, person)
    if ("duty", ref) not in batch.seen:  # a mentor of two classes stands on two lines
        batch.seen["duty", ref] = line.number
        batch.duties.append(StagedDuty(line.number, ref, person.ref, unit, str(role), signature, start, end))
    if group:
        _once(line, batch, ("mentor", ref, group), _("The same stands on line %(line)s already."))
        batch.assignments.append(StagedAssignment(line.number, ref, group, AssignmentRoleType.MENTOR, start, end))


def _member(line: Line, units: Mapping[str, UUID], batch: Batch) -> None:
    """A member must be in the register already: the template has no names."""
    unit = _unit(line, units, batch)
    number = line.read("civic_no", cells.number, required=True)
    start, end = line.period()
    kinds = [kind for kind in GroupType.values if kind != GroupType.CLASS]  # classes come with the pupils
    kind = line.read("group_type", lambda cell: cells.choice(cell, kinds), required=True)
    group = _group(line, "group_name", unit, str(kind), "", start, batch)
    _once(line, batch, ("member", group, number.value), _("The same stands on line %(line)s already."))
    batch.memberships.append(StagedMembership(line.number, group, civic.keyed_hash(number.value).hex(), start, end, None))


READERS = {Template.PUPILS: _pupil, Template.STAFF: _colleague, Template.GROUPS: _member}
ENDS = {
    Template.PUPILS: {"enrolment": "unit", "guardianship": "named", "membership": "unit_classes"},
    Template.STAFF: {"duty": "unit", "assignment": "unit"},
    Template.GROUPS: {"membership": "named"},
}


def _person(line: Line, batch: Batch) -> StagedPerson:
    number: civic.CivicNo = line.read("civic_no", cells.number, required=True)
    marking = (
        line.read("security_marking", lambda cell: cells.choice(cell, SecurityMarking.values)) if "security_marking" in line.texts else None
    )
    address = {code: line.read(code, partial(cells.text, longest=longest)) or None for code, longest in ADDRESS_LENGTHS.items()}
    if not all(address.values()):
        address = dict.fromkeys(address)  # half an address is none
    return _staged(line, batch, number, "", marking or None, **address)


def _guardian(line: Line, place: int, batch: Batch) -> tuple[StagedPerson, str] | None:
    prefix = f"guardian_{place}_"
    number = line.read(f"{prefix}civic_no", cells.number)
    if number is None:
        if line.texts.get(f"{prefix}given_name"):
            raise CannotTake(line.headings[f"{prefix}civic_no"], "", _("Must be filled in."))
        return None
    relation = line.read(f"{prefix}relation", lambda cell: cells.choice(cell, RelationType.values))
    return _staged(line, batch, number, prefix, None), relation or str(RelationType.GUARDIAN)


def _staged(line: Line, batch: Batch, number: civic.CivicNo, prefix: str, marking: str | None, **address: str | None) -> StagedPerson:
    hashed, phone = civic.keyed_hash(number.value), line.read(f"{prefix}phone", cells.phone)
    given, family = line.name(f"{prefix}given_name"), line.name(f"{prefix}family_name")
    former = batch.persons.get(hashed.hex())
    if former and (former.given_name, former.family_name) != (given, family):
        message = _("Another name than on line %(line)s, with the same number.") % {"line": former.line}
        raise CannotTake(line.headings[f"{prefix}given_name"], given, message)
    sex = None if number.is_male is None else ("Man" if number.is_male else "Kvinna")
    return StagedPerson(
        line.number, hashed.hex(), str(number.kind), hashed, former.encrypted if former else civic.encrypt(number.value), given, None,
        family, number.birth_date, sex, marking, None, line.read(f"{prefix}email", cells.email), phone, cells.is_mobile(phone),
        address.get("street_address"), address.get("postal_code"), address.get("locality"),
    )  # fmt: skip


def _once(line: Line, batch: Batch, key: tuple[object, ...], reason: str) -> None:
    former = batch.seen.setdefault(key, line.number)
    if former != line.number:
        raise CannotTake(line.headings["civic_no"], "", reason % {"line": former})


def _group(line: Line, code: str, unit: UUID, kind: str, school_type: str, start: date, batch: Batch) -> str:
    """The reference of the group named in the cell; empty without one."""
    name = line.read(code, lambda cell: cells.text(cell, 80))
    if not name:
        return ""
    ref = f"{unit}|{kind}|{name.lower()}"
    if ref not in batch.groups:
        batch.groups[ref] = StagedGroup(line.number, ref, name, kind, school_type, unit, start, None)
    return ref
