"""A subject of the Syllabus API as versions: one for each form of school, and one for each course or level in it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from registry.models import SchoolType

from .contents import content, purpose
from .criteria import CriteriaReader
from .markup import plain
from .parsed import LeftOut, ParsedItem, ParsedVersion, Unreadable

OURS = {
    "GR": SchoolType.COMPULSORY,
    "GRAN": SchoolType.ADAPTED_COMPULSORY,
    "GRS": SchoolType.ADAPTED_COMPULSORY,
    "GY": SchoolType.UPPER_SECONDARY,
    "GYAN": SchoolType.ADAPTED_UPPER_SECONDARY,
    "GYS": SchoolType.ADAPTED_UPPER_SECONDARY,
    "VUX": SchoolType.ADULT,
    "VUXGR": SchoolType.ADULT_BASIC,
    "VUXGY": SchoolType.ADULT_UPPER_SECONDARY,
    "VUXSFI": SchoolType.ADULT_SFI,
}
CURRICULA = {SchoolType.COMPULSORY: "Lgr22", SchoolType.ADAPTED_COMPULSORY: "Lgran22"}
LGR22 = datetime.date(2022, 7, 1)
GY = {"SUBJECT_SYLLABUS": "Gy11", "GRADE_SUBJECT_SYLLABUS": "Gy25"}
WHOLE_SUBJECT = ("centralContents", "knowledgeRequirements")
UNSEEN = {"endDate", "validTo", "modifiedDate", "courses", "versionInfo"}  # may change without another text
SHARED = ("code", "name", "version", "startDate", "description", "purpose", "knowledgeRequirements", "typeOfSyllabus")
LONGEST_CODE = 20


def versions(subject: object, school_types: Collection[str] = ()) -> list[ParsedVersion]:
    """The versions of `subject` for those of its forms of school that Dexter knows and, if given, `school_types` names.

    Raises Unreadable where the answer is no subject.
    """
    if not isinstance(subject, Mapping):
        raise Unreadable("An answer holds no subject.")
    try:
        forms = _forms(subject, school_types)
        return [version for form in forms for version in _of_form(subject, form)]
    except Unreadable as fault:
        raise Unreadable(f"{str(subject.get('code') or 'A subject without code')[:40]}: {fault}") from None


def _forms(subject: Mapping[str, Any], wanted: Collection[str]) -> list[SchoolType]:
    """Those the subject names; where it names none, the one that was asked for. Raises Unreadable when that is unclear."""
    named = [str(one).upper() for entry in _list(subject, "schoolTypes") for one in (entry if isinstance(entry, list) else [entry])]
    if not named and len(wanted) != 1:
        raise Unreadable("It does not say its form of school. Name the one with --school-type.")
    asked = {OURS[code] for code in wanted if code in OURS}
    known = {OURS[code] for code in named or wanted if code in OURS}
    return sorted(known & asked if wanted else known)


def _of_form(subject: Mapping[str, Any], form: SchoolType) -> list[ParsedVersion]:
    courses = [course for course in _list(subject, "courses") if isinstance(course, Mapping)]
    made = [_version(subject, form, course) for course in courses]
    if not courses or any(_list(subject, name) for name in WHOLE_SUBJECT):
        made.insert(0, _version(subject, form, {}))
    return made


def _version(subject: Mapping[str, Any], form: SchoolType, course: Mapping[str, Any]) -> ParsedVersion:
    """Of a course, what it lacks comes from its subject: the purpose always, the criteria since Gy25."""
    start = _date(subject, "startDate")
    if start is None:
        raise Unreadable("The date on which it begins to hold is missing.")
    made = ParsedVersion(
        school_type=form,
        subject_code=_code(subject),
        course_code=_code(course) if course else "",
        name=(_text(course, "name") or _text(subject, "name") or _code(subject))[:120],
        designation=_text(subject, "designation")[:20],
        curriculum=_curriculum(subject, form, start),
        number=_number(subject),
        valid_from=start,
        valid_to=_date(subject, "endDate"),
        digest=_digest(subject, course),
    )
    if made.valid_to and made.valid_to < start:
        raise Unreadable(f"It ends ({made.valid_to}) before it begins ({start}).")
    _read_purpose(made, subject, course)
    _read_content(made, subject, course)
    _read_criteria(made, _list(course, "knowledgeRequirements") or _list(subject, "knowledgeRequirements"))
    return made


def _read_purpose(made: ParsedVersion, subject: Mapping[str, Any], course: Mapping[str, Any]) -> None:
    for source, name in ((subject, "description"), (course, "description"), (subject, "purpose")):
        paragraphs, abilities = purpose(str(source.get(name) or ""))
        made.purpose += paragraphs
        made.abilities += abilities


def _read_content(made: ParsedVersion, subject: Mapping[str, Any], course: Mapping[str, Any]) -> None:
    entries = _list(subject, "centralContents")
    if course:
        own = course.get("centralContent")
        entries = own if isinstance(own, list) else [own]
    for entry in entries:
        if isinstance(entry, Mapping):
            items, left_out = content(entry)
            made.items += items
            made.left_out += left_out
    made.items = _without_repeats(made)


def _without_repeats(made: ParsedVersion) -> list[ParsedItem]:
    """The same point twice in one place is one."""
    kept = list(dict.fromkeys(made.items))
    made.left_out += [LeftOut("a point that stands twice in one place", "")] * (len(made.items) - len(kept))
    return kept


def _read_criteria(made: ParsedVersion, entries: list[Any]) -> None:
    reader = CriteriaReader()
    reader.read(entry for entry in entries if isinstance(entry, Mapping))
    made.criteria = reader.statements()
    made.left_out += reader.left_out
    made.remarks += reader.remarks


def _curriculum(subject: Mapping[str, Any], form: SchoolType, start: datetime.date) -> str:
    if form in CURRICULA:
        return CURRICULA[form] if start >= LGR22 else ""
    return GY.get(_text(subject, "typeOfSyllabus"), "")


def _digest(subject: Mapping[str, Any], course: Mapping[str, Any]) -> str:
    """Of what was sent, not of what we made of it: a better reader later does not make an old answer a new one."""
    shared = {name: value for name, value in subject.items() if (name in SHARED if course else name not in UNSEEN)}
    return hashlib.sha256(json.dumps([shared, course], sort_keys=True, ensure_ascii=True, default=str).encode()).hexdigest()


def _text(source: Mapping[str, Any], name: str) -> str:
    value = plain(str(source.get(name) or ""))
    return "" if value == "-" else value


def _code(source: Mapping[str, Any]) -> str:
    code = _text(source, "code")
    if not code or len(code) > LONGEST_CODE:
        raise Unreadable(f"»{code[:40]}« is no code of a subject or course.")
    return code


def _number(source: Mapping[str, Any]) -> int:
    number = source.get("version")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 100_000:
        raise Unreadable("The version number is missing.")
    return number


def _date(source: Mapping[str, Any], name: str) -> datetime.date | None:
    said = _text(source, name)
    try:
        return datetime.date.fromisoformat(said[:10]) if said else None
    except ValueError:
        raise Unreadable(f"»{said[:40]}« in {name} is no date.") from None


def _list(source: Mapping[str, Any], name: str) -> list[Any]:
    value = source.get(name)
    return value if isinstance(value, list) else []
