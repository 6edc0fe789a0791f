"""What people fill in about how they are reached."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dexter.lib import phones
from registry.models import ContactKind


class OwnEmailForm(forms.Form):
    value = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class OwnMobileForm(forms.Form):
    value = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("For example 070-123 45 67, or with + and the country's code."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean_value(self) -> str:
        written = str(self.cleaned_data["value"])
        if not phones.is_mobile(written):
            raise ValidationError(_("Write a mobile number."))
        return phones.international(written)


FORMS: dict[str, type[forms.Form]] = {ContactKind.EMAIL: OwnEmailForm, ContactKind.PHONE: OwnMobileForm}


class ContactCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).replace(" ", "")
        if not (code.isascii() and code.isdecimal() and len(code) == 6):
            raise ValidationError(_("Write the six digits of the message."))
        return code
