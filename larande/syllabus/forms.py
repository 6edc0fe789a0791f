from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import SchoolType


class SubjectSearchForm(forms.Form):
    """What narrows the list of subjects. It travels in the address and holds nothing about a person."""

    words = forms.CharField(label=_("Search"), max_length=80, required=False, help_text=_("A subject, or a word of its content"))
    school_type = forms.ChoiceField(
        label=_("Form of school"), required=False, choices=[("", pgettext_lazy("forms of school", "All")), *SchoolType.choices]
    )
