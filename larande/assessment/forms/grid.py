"""What a teacher fills in: a cell, a pupil's rows, or the steps of a whole class."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from larande.assessment.actions.assess import Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from larande.assessment.reads import Grid, Place, Scale

LONGEST_COMMENT = 2000
Value = TypeVar("Value")
validate_no_nulls = ProhibitNullCharactersValidator()
FAULTS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)  # of what may come instead of a grid
UNREADABLE = _("What was sent is not this grid. Nothing was saved: load the page again.")


class CellForm(forms.Form):
    row = forms.UUIDField()
    pupil = forms.UUIDField()
    step = forms.CharField(max_length=10, required=False)
    comment = forms.CharField(max_length=LONGEST_COMMENT, required=False)
    version = forms.IntegerField(min_value=0)

    @property
    def mark(self) -> Mark:
        """Without a comment field in what was sent, the words stay as they are."""
        given = dict(self.cleaned_data)
        return Mark(**{**given, "comment": given["comment"] if "comment" in self.data else None})


class PupilGridForm(forms.Form):
    """`step-<row>`, `comment-<row>` and `version-<row>` for each row; whether a row belongs is decided by the action."""

    data: Any

    def __init__(self, data: Any, *, pupil: UUID) -> None:
        super().__init__(data)
        self.pupil = pupil

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rows = [name.removeprefix("version-") for name in self.data if name.startswith("version-")]
        try:
            cleaned["marks"] = [self._mark(row) for row in rows]
        except (ValueError, KeyError):
            raise forms.ValidationError(UNREADABLE) from None
        return cleaned

    @property
    def typed(self) -> tuple[dict[Place, str], dict[Place, str]]:
        """The steps and the words that were sent, by cell; nothing where they could not be read."""
        marks = self.cleaned_data.get("marks", [])
        return {mark.place: mark.step for mark in marks}, {mark.place: mark.comment or "" for mark in marks}

    def _mark(self, row: str) -> Mark:
        comment = self.data[f"comment-{row}"].strip().replace("\r\n", "\n")
        if len(comment) > LONGEST_COMMENT:
            raise forms.ValidationError(_("A comment is longer than %(most)d characters.") % {"most": LONGEST_COMMENT})
        validate_no_nulls(comment)
        (version,) = self.data.getlist(f"version-{row}")
        return Mark(UUID(row), self.pupil, self.data.get(f"step-{row}", ""), comment, int(version))


class ClassGridForm(forms.Form):
    """`step-<row>-<pupil>` for each cell, and `before`: the steps as the page showed them, so that what others saved is seen."""

    data: Any
    before = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            shown = unpacked(cleaned.get("before", ""), "steps", str)
            sent = {place: self._one(place) for place in shown}
        except FAULTS:
            raise forms.ValidationError(UNREADABLE) from None
        if {name for name in self.data if name.startswith("step-")} != {_name(place) for place in shown}:
            raise forms.ValidationError(UNREADABLE)
        cleaned["sent"] = sent
        changed = {place: code for place, code in sent.items() if code != shown[place]}
        cleaned["marks"] = [Mark(*place, code, before=shown[place]) for place, code in changed.items()]
        return cleaned

    def _one(self, place: Place) -> str:
        """Raises ValueError for a cell that lacks or is repeated."""
        (code,) = self.data.getlist(_name(place))
        return str(code)


def _name(place: Place) -> str:
    return f"step-{place[0]}-{place[1]}"


def unpacked(text: str, name: str, kind: Callable[[Any], Value]) -> dict[Place, Value]:
    """Rows, pupils, and in that order what `packed` wrote of each cell. Raises one of FAULTS."""
    given = json.loads(text)
    rows, pupils = [UUID(row) for row in given["rows"]], [UUID(pupil) for pupil in given["pupils"]]
    places = [(row, pupil) for pupil in pupils for row in rows]
    values = [kind(value) for value in given[name]]
    if len(set(places)) != len(values):
        raise ValueError("cells")
    return dict(zip(places, values, strict=True))


def packed(grid: Grid, name: str = "steps") -> str:
    """The steps, or versions, of the cells that may be filled: what the page showed, for the form to carry."""
    lines = [line for line in grid.lines if line.is_open]
    cells = [cell for line in lines for cell in line.cells]
    return json.dumps(
        {
            "rows": [str(row.pk) for row in grid.rows],
            "pupils": [str(line.pupil.pk) for line in lines],
            name: [cell.step if name == "steps" else cell.version for cell in cells],
        }
    )


def with_options(grid: Grid) -> Grid:
    """Sets each cell's list of steps; put together once for each scale and choice, for a grid has hundreds of cells."""
    made: dict[tuple[UUID, str], SafeString] = {}
    for line in grid.lines:
        for cell in line.cells:
            if scale := line.scale:
                key = (scale.row.pk, cell.shown_step)
                cell.options = made.get(key) or made.setdefault(key, _options(scale, cell.shown_step))
    return grid


def _options(scale: Scale, chosen: str) -> SafeString:
    keys = keys_of(scale)
    steps = [(step.code, keys[step.code], mark_chosen(step.code == chosen), step.name) for step in scale.steps]
    first = format_html('<option value=""{}></option>', mark_chosen(not chosen))
    return first + format_html_join("", '<option value="{}" data-key="{}"{}>{}</option>', steps)


def mark_chosen(is_chosen: bool) -> str:
    return " selected" if is_chosen else ""


def keys_of(scale: Scale) -> dict[str, str]:
    """The key that chooses each step: its own sign where it has one, 0 for ten, else its place, from 1."""
    usual = {step.code: "0" if step.code == "10" else step.code.lower() for step in scale.steps}
    return {code: key if len(key) == 1 else str(place) for place, (code, key) in enumerate(usual.items(), start=1)}


class PublishForm(forms.Form):
    """Whose homes shall read, or read no more, at least one; and the versions of the cells as the page showed them."""

    seen = forms.CharField(widget=forms.HiddenInput, error_messages={"required": UNREADABLE})
    pupils = forms.TypedMultipleChoiceField(coerce=UUID, error_messages={"required": _("Choose at least one pupil.")})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        sent = data.getlist("pupils") if data else []
        field: Any = self.fields["pupils"]
        field.choices = [(pupil, pupil) for pupil in sent if _is_uuid(pupil)]  # whether they belong is decided by the action

    def clean_seen(self) -> dict[Place, int]:
        try:
            return unpacked(self.cleaned_data["seen"], "versions", int)
        except FAULTS:
            raise forms.ValidationError(UNREADABLE) from None


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
