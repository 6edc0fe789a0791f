"""A matrix with all its rows in one form, which two may have open at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dexter.lib.access import Actor
from dexter.lib.forms import OUTDATED
from larande.assessment import reads
from larande.assessment.actions.matrices import ChangedRow, NewRow
from larande.assessment.models import AssessmentMatrix, MatrixRow

from .matrices import TEXT, TITLE, levels_open

NEW = "new"
UUID_LENGTH = 36
FOREIGN_ROWS = gettext_lazy("The rows are not those of this matrix. Nothing is saved. Open the page anew.")


@dataclass(frozen=True)
class Cell:
    """A text field under its step; `saved` is what somebody saved meanwhile, where it is another text."""

    step: str
    field: Any
    saved: str


@dataclass(frozen=True)
class RowFields:
    row: MatrixRow
    title: Cell
    cells: list[Cell]
    others: list[Cell]  # of steps that the matrix's year does not have, as of the criteria that it aims at
    retired: Any
    removed: Any

    @property
    def others_differ(self) -> bool:
        return any(cell.saved or cell.field.errors for cell in self.others)


class EditMatrixForm(forms.Form):
    """`row` is sent once for each row, in the order of the page; `move` is "up:<row>" or "down:<row>"."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, matrix: AssessmentMatrix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own, others = reads.columns_of(matrix)
        self.matrix, self.columns = matrix, own + others
        self.first_other = len(own) or len(others)
        self.initial.update(title=matrix.title, version=matrix.version)
        if matrix.is_template:
            levels = levels_open(actor, matrix.school_unit)
            if matrix.level not in dict(levels):
                levels = [*levels, (matrix.level, matrix.get_level_display())]
            self.fields["level"] = forms.ChoiceField(label=_("Who may use it"), choices=levels, initial=matrix.level)
        self.stored = reads.rows_with_texts(matrix)
        for row, texts in self.stored:
            self._add(row.pk, row.title, texts)
            over = bool(row.retired_at)
            self.fields[f"retired-{row.pk}"] = forms.BooleanField(label=_("Retired: judged no more"), required=False, initial=over)
            self.fields[f"removed-{row.pk}"] = forms.BooleanField(label=_("Remove"), required=False)
        self._add(NEW, "", {})

    def _add(self, key: UUID | str, title: str, texts: dict[str, str]) -> None:
        self.fields[f"title-{key}"] = forms.CharField(label=_("What is judged"), max_length=TITLE, required=False, initial=title)
        for code, name in self.columns:
            area = forms.Textarea(attrs={"rows": 3})
            self.fields[f"cell-{key}-{code}"] = forms.CharField(
                label=name, max_length=TEXT, required=False, initial=texts.get(code, ""), widget=area
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_text = any(cleaned.get(f"cell-{NEW}-{code}") for code, _name in self.columns)
        if has_text and not cleaned.get(f"title-{NEW}"):
            self.add_error(f"title-{NEW}", _("Say what is judged."))
        if cleaned.get("version") == self.matrix.version:
            for key in self._sent():
                if f"title-{key}" in self.fields and not cleaned.get(f"title-{key}"):
                    self.add_error(f"title-{key}", _("Say what is judged."))
        if not all(is_uuid(key) for key in self._sent()):
            self.add_error(None, FOREIGN_ROWS)
        return cleaned

    def changed(self) -> dict[str, Any]:
        """What the action takes beside actor and matrix."""
        given, new = self.cleaned_data, self.cleaned_data.get(f"title-{NEW}")
        rows = [self._changed(UUID(key)) for key in self._moved(self._sent())]
        new_row = NewRow(new, cells=self._cells(NEW)) if new else None
        level = given.get("level", self.matrix.level)
        return {"title": given["title"], "level": level, "rows": rows, "new_row": new_row, "version": given["version"]}

    def _sent(self) -> list[str]:
        return list(self.data.getlist("row"))  # type: ignore[attr-defined]

    def _changed(self, row: UUID) -> ChangedRow:
        given = self.cleaned_data
        retired, removed = (bool(given.get(f"{name}-{row}")) for name in ("retired", "removed"))
        return ChangedRow(row, given.get(f"title-{row}", ""), self._cells(row), retired, removed)

    def _cells(self, key: UUID | str) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"cell-{key}-{code}", "") for code, _name in self.columns}

    def _moved(self, keys: list[str]) -> list[str]:
        way, _colon, key = self.data.get("move", "").partition(":")
        if key in keys:
            place = keys.index(key)
            other = place + (-1 if way == "up" else 1)
            if 0 <= other < len(keys):
                keys[place], keys[other] = keys[other], keys[place]
        return keys

    @property
    def goes_on(self) -> bool:
        """Rows are moved or added one after the other: the page comes back."""
        return "move" in self.data or "add" in self.data

    @property
    def is_outdated(self) -> bool:
        return self.is_bound and self.has_error(NON_FIELD_ERRORS, OUTDATED)

    def go_on_from(self, stored: AssessmentMatrix, actor: Actor) -> EditMatrixForm:
        """After a refusal as outdated: the same typed texts over what is stored now, so that the next press saves them."""
        if not self.is_outdated:
            return self
        data = QueryDict(mutable=True)
        data.update(self.data)
        sent = set(data.getlist("row"))
        data.setlist("row", [str(row.pk) for row, _texts in reads.rows_with_texts(stored)])
        data["version"] = str(stored.version)
        anew = EditMatrixForm(data, actor=actor, matrix=stored)
        for name, field in anew.fields.items():
            of_new_row = name.partition("-")[2][:UUID_LENGTH] not in sent
            if name not in data and field.initial and (of_new_row or not isinstance(field, forms.BooleanField)):
                data[name] = field.initial
        anew.full_clean()
        anew.add_error(None, self.errors[NON_FIELD_ERRORS].as_data())
        return anew

    @property
    def lost_rows(self) -> list[str]:
        """Names typed for rows that somebody removed meanwhile."""
        here = {str(row.pk) for row, _texts in self.stored} | {NEW}
        typed = [(name.removeprefix("title-"), str(value)) for name, value in self.data.items() if name.startswith("title-")]
        return [title for key, title in typed if key not in here] if self.is_outdated else []

    @property
    def rows(self) -> Iterator[RowFields]:
        for row, saved in self.stored:
            cells = [self._cell(name, f"cell-{row.pk}-{code}", saved.get(code, "")) for code, name in self.columns]
            title = self._cell(_("What is judged"), f"title-{row.pk}", row.title)
            yield RowFields(
                row, title, cells[: self.first_other], cells[self.first_other :], self[f"retired-{row.pk}"], self[f"removed-{row.pk}"]
            )

    @property
    def new_row(self) -> RowFields:
        cells = [self._cell(name, f"cell-{NEW}-{code}", "") for code, name in self.columns]
        title = self._cell("", f"title-{NEW}", "")
        return RowFields(MatrixRow(), title, cells[: self.first_other], cells[self.first_other :], None, None)

    @property
    def title_saved(self) -> str:
        return self._cell("", "title", self.matrix.title).saved

    def _cell(self, step: str, name: str, saved: str) -> Cell:
        typed = (self.data.get(name) or "").replace("\r\n", "\n").strip()
        return Cell(step, self[name], saved if self.is_outdated and typed != saved else "")


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
