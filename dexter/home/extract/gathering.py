"""Gathers the rows about a person into sections of rows of cells, as they are stored in a Disclosure.

A cell names its field and holds one of: `value`, a text that may be shown; `person`, the id of another person;
`civic`, the id of a civic number, which is decrypted when it is shown; `text`, words that somebody wrote freely.
What is masked is decided when the cells are shown (masking.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BinaryField, Field, ForeignKey, JSONField, Model, TextField, UUIDField
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from absence.models import AbsenceReport, RollCall
from dexter.audit import wording as log_wording
from dexter.home.archive.coverage import COVERAGE, Kept
from dexter.home.models import SchoolMessage
from dexter.home.retention.plan import plan
from dexter.lib import days
from registry.models import CalendarEvent, Duty, Person

from .paths import about, ways_to

FREE_TEXT = 300  # characters, from which a field holds what somebody wrote in their own words
DEEPER = {
    "calendar_event": ("calendar_event__activity",),
    "lesson": ("lesson__activity",),
    "roll_call": ("roll_call__lesson__activity",),
    "duty": ("duty__school_unit", "duty__organisation"),
}
TO_OTHERS = frozenset(
    """
    registry.Person registry.EmailAddress registry.PhoneNumber registry.Address registry.Guardianship registry.Enrolment registry.Duty
    registry.GroupMembership registry.AssignmentRole absence.ReportedDay absence.Deviation
    """.split()
)
WITHHELD_FROM_OTHERS = frozenset({"agreed_name", "security_marking"})

Cell = dict[str, Any]


def sections_offered(*, to_others: bool) -> list[str]:
    """The labels of the models that an extract (or what is given to others) may hold, in the archive's order."""
    return [entry.label for entry in COVERAGE if ways_to(entry.model) and not entry.absent and (not to_others or entry.label in TO_OTHERS)]


def gather(person: Person, labels: Collection[str], *, to_others: bool) -> list[dict[str, Any]]:
    """One section a model that has rows about the person; one statement each."""
    sections = []
    for entry in COVERAGE:
        if entry.label in labels:
            rows = [_cells(entry, row, person, to_others=to_others) for row in _rows(entry, person.pk)]
            if rows:
                sections.append({"section": entry.label, "rows": rows})
    return sections


def _rows(entry: Kept, person_id: UUID) -> Any:
    related = [field.name for field in entry.fields if isinstance(field, ForeignKey)]
    deeper = [path for name in related for path in DEEPER.get(name, ())]
    return entry.model._base_manager.filter(about(entry.model, person_id)).select_related(*related, *deeper).order_by("pk").distinct()


def _cells(entry: Kept, row: Model, person: Person, *, to_others: bool) -> list[Cell]:
    shown = [field for field in entry.fields if _is_shown(field) and not (to_others and field.name in WITHHELD_FROM_OTHERS)]
    return [{"field": field.name, **_content(field, row, person)} for field in shown]


def _is_shown(field: Field) -> bool:
    """Keys, counters and what only a machine reads stay out."""
    if str(field) == "registry.CivicNumber.encrypted" or field.name == "actor_id":
        return True
    machine = isinstance(field, (JSONField, ArrayField, BinaryField)) or (isinstance(field, UUIDField) and not field.is_relation)
    return field.name not in plan().technical and not machine


def _content(field: Field, row: Model, person: Person) -> Cell:
    if str(field) == "registry.CivicNumber.encrypted":
        return {"civic": str(row.pk)}
    value = getattr(row, field.attname)
    if value is None or value == "":
        return {"value": ""}
    if field.name == "actor_id" or field.related_model is Person:
        return {"value": person.shown_name} if value == person.pk else {"person": str(value)}
    if isinstance(field, ForeignKey):
        return {"value": described(getattr(row, field.name))}
    if isinstance(field, TextField) or (field.max_length or 0) >= FREE_TEXT:
        return {"text": str(value)}
    return {"value": _words(field, row, value)}


def _words(field: Field, row: Model, value: Any) -> str:
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if str(field) == "audit.Entry.action":
        return log_wording.of(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.datetime):
        return date_format(value.astimezone(days.STOCKHOLM), "Y-m-d H:i")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def described(row: Any) -> str:
    """What another row is called, without a person's name."""
    if isinstance(row, RollCall):
        return described(row.lesson)
    if isinstance(row, CalendarEvent):
        return f"{row.activity.name}, {date_format(row.starts_at.astimezone(days.STOCKHOLM), 'Y-m-d H:i')}"
    if isinstance(row, Duty):
        return f"{row.get_duty_role_display()}, {(row.school_unit or row.organisation).name}"  # type: ignore[union-attr]
    if isinstance(row, SchoolMessage):
        return row.subject
    if isinstance(row, AbsenceReport):
        return date_format(row.reported_at.astimezone(days.STOCKHOLM), "Y-m-d H:i")
    return str(getattr(row, "name", "") or getattr(row, "code", ""))
