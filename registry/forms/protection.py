"""What is filled in about protected identity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Person, SecurityMarking


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It is kept."))


class ProtectionForm(ReasonForm):
    security_marking = forms.ChoiceField(label=_("Marking"), choices=SecurityMarking.choices)
    agreed_name = forms.CharField(
        label=_("Agreed name"), max_length=200, required=False, help_text=_("Shown everywhere instead of the real name.")
    )
    field_order = ("security_marking", "agreed_name", "reason")


class AccessForm(ReasonForm):
    """Who is let in: somebody of the schools that the actor leads, or a guardian of the person."""

    grantee = forms.ModelChoiceField(Person.objects.none(), label=_("Who"))
    field_order = ("grantee", "reason")

    def __init__(self, *args: Any, grantees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grantee"]
        field.queryset = grantees
        field.label_from_instance = lambda person: person.shown_name
