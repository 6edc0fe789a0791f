from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import DayField


class SwitchModuleForm(forms.Form):
    """The direction is the page's: whoever presses when somebody was faster switches nothing back."""

    is_on = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1", widget=forms.HiddenInput)
    start_date = DayField(label=_("From which day?"), help_text=_("Today, or a later day such as the beginning of a term."))
