"""What a teacher writes of a pupil in a subject, what pupils say of themselves, and what the list of lacking bases asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dexter.lib.forms import go_on_from, is_outdated
from larande.assessment import reads
from larande.assessment.actions.self_assessments import OwnMark
from larande.assessment.actions.summaries import UNWRITTEN
from larande.assessment.models import MatrixRow, SelfAssessment, SubjectSummary

LONGEST = 2000


class SummaryForm(forms.Form):
    """It carries the version it was made from; where somebody saved meanwhile `saved` is the other text."""

    text = forms.CharField(label=gettext_lazy("Summary"), max_length=4000, widget=forms.Textarea(attrs={"rows": 10}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, summary: SubjectSummary | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(text=summary.text if summary else "", version=summary.version if summary else UNWRITTEN)

    @property
    def is_outdated(self) -> bool:
        return is_outdated(self)

    @property
    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "publish": "publish" in self.data}

    def go_on_from(self, stored: SubjectSummary | None) -> str:
        """After a refusal as outdated the next press saves over `stored`, whose text this gives; what is typed stays."""
        if not self.is_outdated or stored is None:
            return ""
        go_on_from(self, stored.version)
        return stored.text


class BasisForm(forms.Form):
    since = forms.ChoiceField(
        label=gettext_lazy("Judged since"),
        choices=[("term", gettext_lazy("The term began")), ("year", gettext_lazy("The school year began"))],
        required=False,
        initial="term",
    )
    least = forms.IntegerField(label=gettext_lazy("Rows at the least"), min_value=1, max_value=60, required=False, initial=1)

    @property
    def asked(self) -> dict[str, Any]:
        given = self.cleaned_data if self.is_valid() else {}
        return {"since": given.get("since") or "term", "least": given.get("least") or 1}


@dataclass(frozen=True)
class OwnRow:
    """A row of the page with what is chosen and written."""

    row: MatrixRow
    step: str
    comment: str
    version: int
    texts: Mapping[str, str]


class OwnViewForm(forms.Form):
    """`row` once for each row, with `step-<row>`, `comment-<row>` and `version-<row>`; whether rows belong the action decides."""

    def __init__(self, *args: Any, rows: list[MatrixRow], stored: Mapping[UUID, SelfAssessment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.stored = rows, stored

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sent: Any = self.data
        try:
            cleaned["marks"] = [self._mark(sent, key) for key in sent.getlist("row")]
        except ValueError:
            self.add_error(None, _("The page has changed. Nothing was saved: load the page again."))
        return cleaned

    def _mark(self, sent: Any, key: str) -> OwnMark:
        comment = sent.get(f"comment-{key}", "").replace("\r\n", "\n").strip()
        if len(comment) > LONGEST:
            raise forms.ValidationError(_("A comment is longer than %(most)d characters.") % {"most": LONGEST})
        ProhibitNullCharactersValidator()(comment)
        return OwnMark(UUID(key), sent.get(f"step-{key}", ""), comment, int(sent.get(f"version-{key}") or "x"))

    @property
    def is_outdated(self) -> bool:
        return is_outdated(self)

    @property
    def lines(self) -> list[OwnRow]:
        """As typed where the form was sent, else as stored; always with the version that is stored."""
        return [self._line(row) for row in reads.with_texts(self.rows)]

    def _line(self, row: MatrixRow) -> OwnRow:
        view = self.stored.get(row.pk)
        step, comment = (view.step.code if view and view.step else ""), view.comment if view else ""
        if self.is_bound:
            step, comment = self.data.get(f"step-{row.pk}", step), self.data.get(f"comment-{row.pk}", comment)
        return OwnRow(row, step, comment, view.version if view else 0, dict(row.texts))
