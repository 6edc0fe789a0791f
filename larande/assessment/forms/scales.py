"""What the responsible body fills in about a scale."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dexter.lib import days
from larande.assessment.models import AssessmentScale
from registry.forms.fields import DayField, VersionedForm

STEPS = 12  # rows offered: more than any scale has
FIELDS = ("name", "subject_prefix", "start_year", "end_year", "first_cohort", "last_cohort", "legal_basis")


class ScaleForm(forms.ModelForm, VersionedForm):
    """The row as it shall be from a day on, with its steps, the lowest first."""

    start_date = DayField(label=gettext_lazy("Holds from"), initial=days.today)

    class Meta:
        model = AssessmentScale
        fields = FIELDS

    def __init__(self, *args: Any, saved: list[tuple[str, str, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["start_date"])
        for place in range(STEPS):
            code, name, reaches = saved[place] if place < len(saved) else ("", "", True)
            self._add_step(place, code, name, reaches=reaches)

    def _add_step(self, place: int, code: str, name: str, *, reaches: bool) -> None:
        number = {"number": place + 1}
        code_label, name_label, reaches_label = (_("Code of step %(number)d"), _("Name of step %(number)d"), _("Step %(number)d reaches"))
        self.fields[f"code_{place}"] = forms.CharField(label=code_label % number, max_length=10, required=False, initial=code)
        self.fields[f"name_{place}"] = forms.CharField(label=name_label % number, max_length=80, required=False, initial=name)
        self.fields[f"reaches_{place}"] = forms.BooleanField(label=reaches_label % number, required=False, initial=reaches)

    @property
    def step_rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"code_{place}"], self[f"name_{place}"], self[f"reaches_{place}"]) for place in range(STEPS)]

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in ("start_date", *FIELDS)]

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rows = [(cleaned.get(f"code_{place}"), cleaned.get(f"name_{place}"), cleaned.get(f"reaches_{place}")) for place in range(STEPS)]
        cleaned["steps"] = [(code, name or code, bool(reaches)) for code, name, reaches in rows if code]
        codes = [code for code, _name, _reaches in cleaned["steps"]]
        if len(set(codes)) < len(codes):
            raise ValidationError(_("Two steps have the same code."))
        if any(name and not code for code, name, _reaches in rows):
            raise ValidationError(_("Each step needs a code."))
        return cleaned
