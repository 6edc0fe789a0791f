"""What a school fills in about periods in which leave is seldom granted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dexter.lib.forms import Submission
from registry.forms.fields import DayField


class BlockedPeriodForm(forms.Form):
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    reason = forms.CharField(
        label=_("Why, in plain words"), max_length=120, help_text=_("Read by the homes: for example National tests, year 9.")
    )
    school_years = forms.TypedMultipleChoiceField(
        label=_("School years it concerns"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for all of them."),
    )
    submission = Submission()

    def __init__(self, *args: Any, school_years: Iterable[int], **kwargs: Any) -> None:
        """`school_years` are those of the school's pupils."""
        super().__init__(*args, **kwargs)
        choices = [(year, _now("Year %(year)d") % {"year": year} if year else _now("Preschool class")) for year in school_years]
        if choices:
            self.fields["school_years"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["school_years"]

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "last": data["last"] or data["first"], "school_years": data.get("school_years", [])}
