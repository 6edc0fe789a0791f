"""A subject out of an answer of the Syllabus API: a version that is new is added whole, and nothing is ever rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection, transaction

from dexter.audit.actions import record
from dexter.lib.access import System
from larande.syllabus.imports.parsed import ParsedVersion
from larande.syllabus.models import SubjectVersion
from registry.models import Syllabus

from .parts import Parts

LOCK = 2022_07_01  # one import at a time: two would give the same version's points different keys


class Verdict(StrEnum):
    NEW = "new"
    SAME = "same"
    ENDED = "ended"  # only its last day changed
    DIFFERS = "differs"  # another text under a number that is taken: kept out, for what was read stays


@dataclass(frozen=True)
class Outcome:
    parsed: ParsedVersion
    verdict: Verdict


@transaction.atomic
def import_subject(*, actor: System, versions: Sequence[ParsedVersion], source: str, example: bool = False) -> list[Outcome]:
    """Adds those of `versions` that are not there, and a registry.Syllabus where none has the subject, to tie teaching to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    outcomes = [Outcome(parsed, _take(parsed, source, example)) for parsed in versions]
    _make_syllabuses(versions)
    counts = {verdict.value: sum(outcome.verdict is verdict for outcome in outcomes) for verdict in Verdict}
    record(actor=actor, action="syllabus.import_subject", details={**counts, "example": example})
    return outcomes


def _take(parsed: ParsedVersion, source: str, example: bool) -> Verdict:
    kin = SubjectVersion.objects.filter(
        school_type=parsed.school_type, subject_code=parsed.subject_code, course_code=parsed.course_code, is_example=example
    )
    there = kin.filter(number=parsed.number).first()
    if there is None:
        former = kin.filter(number__lt=parsed.number).order_by("-number").first() or kin.order_by("number").first()
        Parts(parsed, _version(parsed, source, example), former).save()
        return Verdict.NEW
    if there.digest != parsed.digest:
        return Verdict.DIFFERS
    if there.valid_to == parsed.valid_to:
        return Verdict.SAME
    there.valid_to = parsed.valid_to
    there.save(update_fields=["valid_to"])
    return Verdict.ENDED


def _version(parsed: ParsedVersion, source: str, example: bool) -> SubjectVersion:
    return SubjectVersion(
        school_type=parsed.school_type,
        subject_code=parsed.subject_code,
        course_code=parsed.course_code,
        name=parsed.name,
        designation=parsed.designation,
        curriculum=parsed.curriculum,
        number=parsed.number,
        valid_from=parsed.valid_from,
        valid_to=parsed.valid_to,
        purpose=parsed.purpose,
        is_example=example,
        source=source[:200],
        digest=parsed.digest,
    )


def _make_syllabuses(versions: Iterable[ParsedVersion]) -> None:
    """What the school already has stays as it is: it may come from the register that Dexter is fed from."""
    there = set(Syllabus.objects.values_list("school_type", "subject_code", "course_code"))
    lacking = {
        identity: parsed for parsed in versions if (identity := (parsed.school_type, parsed.subject_code, parsed.course_code)) not in there
    }
    Syllabus.objects.bulk_create(_syllabus(parsed) for parsed in lacking.values())


def _syllabus(parsed: ParsedVersion) -> Syllabus:
    spans = [item.years for item in parsed.items if item.years]
    return Syllabus(
        school_type=parsed.school_type,
        subject_code=parsed.subject_code,
        course_code=parsed.course_code,
        subject_name=parsed.name[:80],
        subject_designation=parsed.designation,
        curriculum=parsed.curriculum,
        start_school_year=min((first for first, _last in spans), default=None),
        end_school_year=max((last for _first, last in spans), default=None),
    )
