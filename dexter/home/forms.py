from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Municipality, SiteText


class ContactForm(forms.ModelForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Municipality
        fields = ("name", "contact_name", "contact_email", "contact_phone")


class SiteTextForm(forms.ModelForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = SiteText
        fields = ("text",)
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 20})}
        help_texts: ClassVar = {
            "text": _("An empty line begins a new paragraph. A line that begins with ## is a heading. Web addresses become links.")
        }
