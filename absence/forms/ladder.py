"""What a school writes about the steps of its ladder for absence."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.models import LadderStep
from dexter.lib.forms import Submission
from registry.forms.fields import DayField

from .settings import FromDayForm


class LadderForm(forms.Form):
    """`version` is that of the whole ladder, as the page showed it."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=80)


class LadderStepForm(FromDayForm):
    class Meta:
        model = LadderStep
        fields = ("name", "what", "who")
        widgets: ClassVar = {"what": forms.Textarea(attrs={"rows": 3})}


class AddLadderStepForm(LadderStepForm):
    submission = Submission()


class EndLadderStepForm(LadderForm):
    start_date = DayField(label=_("Not in use from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["start_date"])


class MoveLadderStepForm(LadderForm):
    direction = forms.ChoiceField(choices=[("up", ""), ("down", "")])
