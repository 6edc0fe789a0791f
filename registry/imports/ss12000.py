"""From SS 12000 2.1 objects to a batch, whether they lie in a folder or came from an interface."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from dexter.jobs.progress import Report, silent
from dexter.lib import civic
from dexter.lib.models import uuid7
from registry.models import (
    AssignmentRoleType,
    DutyRole,
    EmailType,
    GroupType,
    OrganisationType,
    PersonStatus,
    RelationType,
    SchoolType,
    SecurityMarking,
    Sex,
)

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
    StagedUnit,
    Unreadable,
)

RESOURCES = ("organisations", "persons", "groups", "duties")  # in the order in which they refer to each other
LARGEST_FILE = 500 * 1024 * 1024
Objects = Mapping[str, Iterable[Any]]


class Faulty(Exception):
    """An object that cannot be taken: the field and why."""

    def __init__(self, field: str, value: object, reason: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason = field, value, reason


def objects_in(folder: Path) -> dict[str, list[Any]]:
    """The objects of each resource in `<resource>*.json`: a list, or an object with `data`. Raises Unreadable."""
    found: dict[str, list[Any]] = {}
    for resource in RESOURCES:
        pages = sorted(folder.glob(f"{resource}*.json"))
        found[resource] = [thing for page in pages for thing in _page(page)]
    if not any(found.values()):
        raise Unreadable(_("The folder holds no files called organisations.json, persons.json, groups.json or duties.json."))
    return found


def _page(path: Path) -> Iterator[Any]:
    if path.stat().st_size > LARGEST_FILE:
        raise Unreadable(_("%(file)s is too large.") % {"file": path.name})
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Unreadable(_("%(file)s is no JSON in UTF-8.") % {"file": path.name}) from None
    things = content.get("data") if isinstance(content, dict) else content
    if not isinstance(things, list):
        raise Unreadable(_("%(file)s holds no list of objects.") % {"file": path.name})
    yield from things


def read_objects(objects: Objects, units: Mapping[str, UUID], *, complete: bool, report: Report = silent) -> Batch:
    """The batch of SS 12000 objects; `units` are the ids of the units known, by reference and by code.

    `complete`: the source speaks for everything it ever brought; otherwise for the named persons, groups and duties.
    """
    batch, known = Batch(), dict(units)
    for resource in RESOURCES:
        for number, thing in enumerate(objects.get(resource, ()), start=1):
            try:
                READERS[resource](number, _object(thing), known, batch)
            except Faulty as fault:
                batch.reject(number, f"{resource}: {fault.field}", fault.value, fault.reason)
            if number % 500 == 0:
                report("reading", number, 0)
    scope = "all" if complete else "named"
    batch.ends = dict.fromkeys(("enrolment", "guardianship", "membership", "assignment", "duty"), scope)
    return batch


def _organisation(number: int, thing: Mapping[str, Any], known: dict[str, UUID], batch: Batch) -> None:
    """School units are kept; other parts of the organisation are the municipality's own and left out."""
    ref, code = _ref(thing), str(thing.get("schoolUnitCode") or "")
    _choice(thing, "organisationType", OrganisationType.values, required=True)
    if not code:
        batch.left_out += 1
        return
    if not (code.isdecimal() and len(code) == 8):
        raise Faulty("schoolUnitCode", code, _("A school unit code has eight digits."))
    types = thing.get("schoolTypes") or []
    if not isinstance(types, list) or not set(types) <= set(SchoolType.values):
        raise Faulty("schoolTypes", types, _("Not one of: %(values)s.") % {"values": ", ".join(SchoolType.values)})
    name = _text(thing, "displayName", 120, required=True)
    known[ref] = known[code] = known.get(ref) or known.get(code) or uuid7()
    batch.units.append(StagedUnit(ref, known[ref], name, code, list(types)))


def _person(number: int, thing: Mapping[str, Any], units: dict[str, UUID], batch: Batch) -> None:
    person = _staged_person(number, thing)
    if person.ref in batch.persons:
        raise Faulty("id", person.ref, _("The same id stands there twice."))
    enrolments = [row for part in _list(thing, "enrolments") if (row := _enrolment(number, person.ref, part, units))]
    _refuse_overlaps(enrolments)
    relations = [_guardianship(number, person.ref, part) for part in _list(thing, "responsibles")]
    batch.persons[person.ref] = person
    batch.enrolments += enrolments
    batch.guardianships += [
        row for place, row in enumerate(relations) if row.guardian_ref not in {former.guardian_ref for former in relations[:place]}
    ]


def _staged_person(number: int, thing: Mapping[str, Any]) -> StagedPerson:
    bearer = _civic_no(thing)
    phone = next((str(row.get("value", "")) for row in _list(thing, "phoneNumbers")), None)
    email = next((str(row.get("value", "")) for row in _list(thing, "emails") if row.get("type") == EmailType.PRIVATE), None)
    address = next((row for row in _list(thing, "addresses") if row.get("type", "Folkbokföring") == "Folkbokföring"), {})
    given = {name: _text(address, key, 100) or None for name, key in ADDRESS.items()}
    sex = _choice(thing, "sex", Sex.values) or None
    return StagedPerson(
        number, _ref(thing), str(bearer.kind) if bearer else None, civic.keyed_hash(bearer.value) if bearer else None,
        civic.encrypt(bearer.value) if bearer else None, _text(thing, "givenName", 100, required=True),
        _text(thing, "middleName", 100) if "middleName" in thing else None, _text(thing, "familyName", 100, required=True),
        _day(thing, "birthDate") or (bearer.birth_date if bearer else None), None if sex == Sex.UNKNOWN else sex,
        _choice(thing, "securityMarking", SecurityMarking.values) or None, _choice(thing, "personStatus", PersonStatus.values) or None,
        _checked("emails", email, cells.email), _checked("phoneNumbers", phone, cells.phone), cells.is_mobile(phone),
        *(given.values() if all(given.values()) else (None, None, None)),
    )  # fmt: skip


ADDRESS = {"street_address": "streetAddress", "postal_code": "postalCode", "locality": "locality"}


def _civic_no(thing: Mapping[str, Any]) -> civic.CivicNo | None:
    written = thing.get("civicNo") or {}
    if not isinstance(written, dict):
        raise Faulty("civicNo", "", _("Not an object."))
    if not written.get("value") or written.get("nationality") not in (None, "SWE"):
        return None
    value = str(written["value"])
    number: civic.CivicNo | None = _checked("civicNo", value, cells.number, shown="")
    return number


def _enrolment(number: int, ref: str, part: Mapping[str, Any], units: Mapping[str, UUID]) -> StagedEnrolment | None:
    if part.get("cancelled"):
        return None
    start, end = _period(part)
    school_type = _choice(part, "schoolType", SchoolType.values, required=True)
    year = part.get("schoolYear")
    if year is not None and (not isinstance(year, int) or isinstance(year, bool) or not 0 <= year <= 10):
        raise Faulty("enrolments.schoolYear", year, _("Not a whole number from %(least)s to %(most)s.") % {"least": 0, "most": 10})
    return StagedEnrolment(number, ref, _unit(part, "enroledAt", units), school_type, year, start, end)


def _refuse_overlaps(rows: list[StagedEnrolment]) -> None:
    for place, row in enumerate(rows):
        for other in rows[:place]:
            same = (row.school_unit_id, row.school_type) == (other.school_unit_id, other.school_type)
            if same and row.start_date <= (other.end_date or date.max) and other.start_date <= (row.end_date or date.max):
                raise Faulty("enrolments.startDate", row.start_date, _("Two places of the same kind at the same school on the same days."))


def _guardianship(number: int, ref: str, part: Mapping[str, Any]) -> StagedGuardianship:
    guardian = _ref(_object(part.get("person")))
    if guardian == ref:
        raise Faulty("responsibles.person", "", _("Nobody is their own guardian."))
    relation = _choice(part, "relationType", RelationType.values) or str(RelationType.GUARDIAN)
    return StagedGuardianship(number, guardian, ref, relation)


def _group(number: int, thing: Mapping[str, Any], units: dict[str, UUID], batch: Batch) -> None:
    ref, (start, end) = _ref(thing), _period(thing)
    if ref in batch.groups:
        raise Faulty("id", ref, _("The same id stands there twice."))
    kind = _choice(thing, "groupType", GroupType.values, required=True)
    school_type = _choice(thing, "schoolType", SchoolType.values)
    group = StagedGroup(
        number, ref, _text(thing, "displayName", 80, required=True), kind, school_type, _unit(thing, "organisation", units), start, end
    )
    members = {}
    for part in _list(thing, "groupMemberships"):
        person, first = _ref(_object(part.get("person"))), _day(part, "startDate") or start
        members[person, first] = StagedMembership(number, ref, person, first, _day(part, "endDate") or end, None)
    batch.groups[ref] = group
    batch.memberships += members.values()


def _duty(number: int, thing: Mapping[str, Any], units: dict[str, UUID], batch: Batch) -> None:
    ref, (start, end), role = _ref(thing), _period(thing), _choice(thing, "dutyRole", DutyRole.values, required=True)
    if not thing.get("person") or str(_object(thing.get("dutyAt")).get("id")) not in units:
        batch.left_out += 1  # a vacancy, or a duty above the school units
        return
    person, signature = _ref(_object(thing["person"])), _text(thing, "signature", 10) or None
    batch.duties.append(StagedDuty(number, ref, person, _unit(thing, "dutyAt", units), role, signature, start, end))
    for part in _list(thing, "assignmentRole"):
        kind = _choice(part, "assignmentRoleType", AssignmentRoleType.values, required=True)
        first, last = _day(part, "startDate") or start, _day(part, "endDate") or end
        batch.assignments.append(StagedAssignment(number, ref, _ref(_object(part.get("group"))), kind, first, last))


READERS = {"organisations": _organisation, "persons": _person, "groups": _group, "duties": _duty}


def _object(thing: Any) -> Mapping[str, Any]:
    if not isinstance(thing, dict):
        raise Faulty("", "", _("Not an object."))
    return thing


def _list(thing: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    parts = thing.get(field) or []
    if not isinstance(parts, list):
        raise Faulty(field, "", _("Not a list."))
    return [_object(part) for part in parts]


def _ref(thing: Mapping[str, Any]) -> str:
    try:
        return str(UUID(str(thing.get("id"))))
    except ValueError:
        raise Faulty("id", thing.get("id"), _("Not a UUID.")) from None


def _text(thing: Mapping[str, Any], field: str, longest: int, *, required: bool = False) -> str:
    value = thing.get(field)
    if value is None or (required and not str(value).strip()):
        if required:
            raise Faulty(field, "", _("Must be filled in."))
        return ""
    plain = " ".join("".join(sign for sign in str(value) if sign.isprintable() or sign.isspace()).split())
    if len(plain) > longest:
        raise Faulty(field, plain, _("Longer than %(longest)s characters.") % {"longest": longest})
    return plain


def _checked(field: str, value: str | None, reader: Any, shown: str | None = None) -> Any:
    try:
        return reader(value) if value else None
    except ValueError as fault:
        raise Faulty(field, value if shown is None else shown, str(fault)) from None


def _choice(thing: Mapping[str, Any], field: str, allowed: Iterable[str], *, required: bool = False) -> str:
    value = str(thing.get(field) or "")
    if value not in allowed and (value or required):
        raise Faulty(field, value, _("Not one of: %(values)s.") % {"values": ", ".join(allowed)})
    return value


def _day(thing: Mapping[str, Any], field: str) -> date | None:
    read: date | None = _checked(field, str(thing.get(field) or "")[:10], cells.day)
    return read


def _period(thing: Mapping[str, Any]) -> tuple[date, date | None]:
    start, end = _day(thing, "startDate"), _day(thing, "endDate")
    if start is None:
        raise Faulty("startDate", "", _("Must be filled in."))
    if end and end < start:
        raise Faulty("endDate", end, _("The last day is before the first."))
    return start, end


def _unit(thing: Mapping[str, Any], field: str, units: Mapping[str, UUID]) -> UUID:
    ref = str(_object(thing.get(field)).get("id"))
    if ref not in units:
        raise Faulty(field, ref, _("No school unit is known by that id."))
    return units[ref]
