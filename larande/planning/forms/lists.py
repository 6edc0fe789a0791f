"""What narrows the list of plans; it travels in the address and holds nothing about a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from larande.planning.models import PlanState
from registry.models import SchoolYear

MINE, COLLEAGUES, BANK = "mina", "kollegor", "bank"


class PlanFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All but the archived")), *PlanState.choices])
    year = forms.ModelChoiceField(SchoolYear.objects.none(), label=_("School year"), required=False, empty_label=_("All"))

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], years: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["subject"].choices = [("", _("All")), *subjects]
        fields["year"].queryset = years
