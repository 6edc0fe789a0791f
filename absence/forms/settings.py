"""What a principal and the responsible body fill in about how absence is handled."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.models import SchoolFormRule, UnitSettings
from dexter.lib import days
from registry.forms.fields import DayField


class FromDayForm(forms.ModelForm):
    """Values that hold from a day on; `version` tells which periods the page showed."""

    start_date = DayField(label=_("Holds from"))
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start_date"].initial = days.today
        self.order_fields(["start_date"])

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}  # type: ignore[union-attr]

    @property
    def dated(self) -> dict[str, Any]:
        """What an action that decides from a day on takes."""
        return {"start_date": self.cleaned_data["start_date"], "version": self.cleaned_data["version"], "values": self.values}


class UnitSettingsForm(FromDayForm):
    class Meta:
        model = UnitSettings
        fields = (
            "roll_call_mode",
            "open_days",
            "missing_after_minutes",
            "late_is_unauthorised",
            "reports_are_judged",
            "report_ahead_days",
            "grace_minutes",
            "remind_at",
            "cut_off_at",
            "both_guardians_sign_leave",
            "consent_days",
            "delegated_leave_days",
            "leave_notice_days",
        )
        widgets: ClassVar = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("remind_at", "cut_off_at")}


class SchoolFormRuleForm(FromDayForm):
    class Meta:
        model = SchoolFormRule
        fields = (
            "guardians_report",
            "pupil_reports",
            "notice_to",
            "has_leave",
            "has_term_statement",
            "has_investigation",
            "legal_basis",
        )
