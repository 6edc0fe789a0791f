"""What the home asks to have corrected, and what the school answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.models import CorrectionState
from dexter.lib.forms import Submission

LONGEST = 500


class RequestCorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write nothing about illness. The school reads this: mentor, teacher, office and principal."),
    )
    submission = Submission()


class AnswerCorrectionForm(forms.Form):
    """The button that is pressed says `state`."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in (CorrectionState.ACCEPTED, CorrectionState.DECLINED)])
    answer = forms.CharField(
        label=_("Answer to the home"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The pupil and all guardians read it. Needed when it stands."),
    )

    @property
    def given(self) -> dict[str, Any]:
        return {"state": CorrectionState(self.cleaned_data["state"]), "answer": self.cleaned_data["answer"]}
