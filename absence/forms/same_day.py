"""What the office fills in after a phone call."""

from __future__ import annotations

from django import forms

from absence.models import CallOutcome
from dexter.lib.forms import Submission


class CallForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallOutcome.choices)
    submission = Submission()
