"""What is written about alerts, rules and steps."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.models import AbsenceStep, AlertKind, AlertRule, LadderStep
from dexter.lib import days
from dexter.lib.forms import Submission

from .settings import FromDayForm

NO_ILLNESS = _("Never write about illness or health. The home can ask to read it.")


class HandleAlertForm(forms.Form):
    done = forms.CharField(label=_("What was done?"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}), help_text=NO_ILLNESS)


class AlertRuleForm(FromDayForm):
    """The numbers of one kind of rule; what the limit counts follows from the kind."""

    class Meta:
        model = AlertRule
        fields = ("is_on", "threshold", "window_days", "least_days")
        labels: ClassVar = {"threshold": _("Limit"), "window_days": _("Days looked back"), "is_on": _("Alerts are raised")}

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["threshold"].help_text = LIMITS[AlertKind(kind)]
        if kind != AlertKind.TOTAL_SHARE:
            del self.fields["least_days"]


LIMITS = {
    AlertKind.TOTAL_SHARE: _("Per cent of the lessons' minutes, valid absence counted too."),
    AlertKind.UNAUTHORISED_COUNT: _("Lessons with unauthorised absence."),
    AlertKind.CONSECUTIVE_DAYS: _("School days in a row without a minute of presence, valid or not."),
}


class TakeStepForm(forms.Form):
    step = forms.ModelChoiceField(LadderStep.objects.none(), label=_("Step"), widget=forms.RadioSelect, empty_label=None)
    taken_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_ILLNESS)
    submission = Submission()

    def __init__(self, *args: Any, steps: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["step"]
        field.queryset = steps
        field.label_from_instance = lambda step: f"{step.name}. {step.what} ({step.who})"
        self.fields["taken_on"].initial = days.today


class EditStepForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = AbsenceStep
        fields = ("taken_on", "note", "version")
        widgets: ClassVar = {
            "taken_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels: ClassVar = {"taken_on": _("Day"), "note": _("Note")}
        help_texts: ClassVar = {"note": NO_ILLNESS}
