"""What an import would do or did, in words and with the names that the reader may see."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from registry.imports.compare import TABLES
from registry.models import ImportRun, ImportSource, Person
from registry.models.person import PersonQuerySet

KINDS = {
    "person": _("Persons"),
    "group": _("Groups"),
    "enrolment": _("Places at schools"),
    "membership": _("Memberships in groups"),
    "duty": _("Duties"),
    "assignment": _("Mentors and other assignments"),
    "guardianship": _("Guardianships"),
}
FIELDS = {
    "given_name": _("given name"),
    "middle_name": _("middle name"),
    "family_name": _("family name"),
    "birth_date": _("date of birth"),
    "sex": _("sex"),
    "person_status": _("status"),
    "civic_no": _("civic number"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "street_address": _("address"),
    "security_marking": _("protected identity"),
}


class Sum(NamedTuple):
    """One kind of row in the table of what would be done."""

    label: Any
    create: int
    change: int
    end: int
    same: int
    held: int


class ReportLine(NamedTuple):
    kind: str
    label: Any
    line: int | None
    person: Person | None  # None for new ones, and for those whom the reader may not see
    person_id: str
    row: str
    fields: list[Any]


def sums_of(run: ImportRun) -> list[Sum]:
    """The kinds that the import touches at all."""
    rows = [(kind, run.counts.get(kind, {})) for kind in TABLES]
    return [Sum(KINDS[kind], *(counts[name] for name in Sum._fields[1:])) for kind, counts in rows if any(counts.values())]


def report_lines(run: ImportRun, verdict: str, persons: PersonQuerySet) -> list[ReportLine]:
    """The lines with one verdict; `persons` are those whom the reader may see. One statement."""
    lines = [(kind, line) for kind in TABLES for line in run.report.get("lines", {}).get(f"{kind}.{verdict}", [])]
    known = {str(person.pk): person for person in persons.filter(pk__in=[line["person"] for _kind, line in lines if line["person"]])}
    return [
        ReportLine(
            kind, KINDS[kind], line["line"], known.get(line["person"]), line["person"], line["row"],
            [FIELDS.get(field, field) for field in line["fields"]],
        )
        for kind, line in lines
    ]  # fmt: skip


def imports_alarming() -> bool:
    """Some scheduled source failed the last time, or has gone quiet."""
    return any(source.is_alarming for source in ImportSource.objects.filter(is_scheduled=True))
