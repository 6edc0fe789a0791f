"""What is masked: other people, what somebody wrote freely, and in what others get also how the person is reached.

Masks of other people and texts can be lifted one by one; those of the protected cannot, and come back when a marking comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext as _

from dexter.home.models import Disclosure
from dexter.lib import civic
from registry.models import CivicNumber, Person, SecurityMarking

from .gathering import Cell
from .wording import field_label, section_title

REACHING = frozenset({"registry.EmailAddress", "registry.PhoneNumber", "registry.ContactChange", "registry.Address"})


class ShownCell(NamedTuple):
    label: str
    text: str
    masked: bool


class ShownSection(NamedTuple):
    title: str
    labels: list[str]
    rows: list[list[ShownCell]]


@dataclass(frozen=True)
class Sources:
    """What the cells refer to: the shown names of those who are not protected, the numbers of the subject."""

    names: dict[str, str]
    numbers: dict[str, str]


def mask_of(disclosure: Disclosure, label: str, cell: Cell) -> str:
    """The key of the cell's mask, as it stands in `Disclosure.opened`; nothing for what is never masked."""
    if "person" in cell:
        return f"person:{cell['person']}"
    if "text" in cell:
        return f"text:{label}.{cell['field']}"
    if disclosure.kind == Disclosure.Kind.DISCLOSURE and label in REACHING:
        return f"section:{label}"
    return ""


def mentioned(disclosure: Disclosure) -> set[UUID]:
    """The ids of the other people in it."""
    return {UUID(cell["person"]) for _label, cell in _all_cells(disclosure) if "person" in cell}


def sources_of(disclosure: Disclosure) -> Sources:
    cells = [cell for _label, cell in _all_cells(disclosure)]
    persons = Person.objects.filter(pk__in={cell["person"] for cell in cells if "person" in cell})
    names = persons.filter(security_marking=SecurityMarking.NONE, agreed_name="").values_list("pk", "shown_name")
    numbers = CivicNumber.objects.filter(pk__in={cell["civic"] for cell in cells if "civic" in cell}, person=disclosure.subject_id)
    return Sources({str(pk): name for pk, name in names}, {str(number.pk): _written(number) for number in numbers})


def liftable(disclosure: Disclosure, visible: set[UUID]) -> list[tuple[str, str]]:
    """Masks that may be lifted, with words for them: of people in `visible` that are not protected, of texts, of ways to reach."""
    sources, found = sources_of(disclosure), {}
    for label, cell in _all_cells(disclosure):
        mask = mask_of(disclosure, label, cell)
        if mask.startswith("person:"):
            if cell["person"] in sources.names and UUID(cell["person"]) in visible:
                found[mask] = sources.names[cell["person"]]
        elif mask:
            model = apps.get_model(label)
            found[mask] = f"{section_title(model)}: {field_label(model._meta.get_field(cell['field']))}"
            if mask.startswith("section:"):
                found[mask] = section_title(model)
    return sorted(found.items(), key=lambda pair: (pair[0].partition(":")[0], pair[1].lower()))


def shown(disclosure: Disclosure) -> list[ShownSection]:
    """The content as it may be seen: two statements. Columns that are empty in every row stay out."""
    sources, opened, sections = sources_of(disclosure), set(disclosure.opened), []
    for section in disclosure.content:
        model, label = apps.get_model(section["section"]), section["section"]
        rows = [[_shown_cell(disclosure, label, cell, sources, opened) for cell in row] for row in section["rows"]]
        filled = [place for place in range(len(rows[0])) if any(row[place].text for row in rows)]
        rows = [[row[place] for place in filled] for row in rows]
        sections.append(ShownSection(section_title(model), [cell.label for cell in rows[0]], rows))
    return sections


def frozen(disclosure: Disclosure) -> list[dict[str, Any]]:
    """The content without what is masked, for the release; people keep their id, so that a later marking masks them again."""
    sources, opened = sources_of(disclosure), set(disclosure.opened)

    def freeze(label: str, cell: Cell) -> Cell:
        mask = mask_of(disclosure, label, cell)
        if mask and (mask not in opened or ("person" in cell and cell["person"] not in sources.names)):
            return {"field": cell["field"], "masked": True}
        return cell | {"name": sources.names[cell["person"]]} if "person" in cell else cell

    return [
        {"section": section["section"], "rows": [[freeze(section["section"], cell) for cell in row] for row in section["rows"]]}
        for section in disclosure.content
    ]


def _shown_cell(disclosure: Disclosure, label: str, cell: Cell, sources: Sources, opened: set[str]) -> ShownCell:
    name, mask = field_label(apps.get_model(label)._meta.get_field(cell["field"])), mask_of(disclosure, label, cell)
    protected = "person" in cell and cell["person"] not in sources.names
    if cell.get("masked") or protected or (mask and mask not in opened):
        return ShownCell(name, _("[masked]"), masked=True)
    if "person" in cell:
        return ShownCell(name, cell.get("name") or sources.names[cell["person"]], masked=False)
    if "civic" in cell:
        return ShownCell(name, sources.numbers.get(cell["civic"], ""), masked=False)
    return ShownCell(name, str(cell.get("value", cell.get("text", ""))), masked=False)


def _all_cells(disclosure: Disclosure) -> Iterator[tuple[str, Cell]]:
    for section in disclosure.content:
        for row in section["rows"]:
            yield from ((section["section"], cell) for cell in row)


def _written(number: CivicNumber) -> str:
    value = civic.decrypt(number.encrypted)
    return f"{value[:8]}-{value[8:]}"
