"""What the school fills in about leave."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.actions.leave_decisions import Verdict
from absence.models import LeaveOutcome
from registry.forms.fields import DayField


class NoteLeaveForm(forms.Form):
    text = forms.CharField(
        label=_("Your note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("How the studies go, and what the pupil would miss. Read by the school; the home reads it on request."),
    )


class DecideLeaveForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=LeaveOutcome.choices, widget=forms.RadioSelect)
    first = DayField(label=_("First granted day"), required=False)
    last = DayField(label=_("Last granted day"), required=False)
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Must be written when something is refused. Read by the home, and stands in the decision."),
    )

    def verdict(self) -> Verdict:
        given = self.cleaned_data
        return Verdict(LeaveOutcome(given["outcome"]), given["reasons"], given["first"], given["last"])
