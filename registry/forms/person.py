"""What the office fills in about a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.actions.people import Identity
from registry.models import Person, PersonStatus, Sex

from .fields import CivicNumberField, DayField

LANGUAGES = [
    ("", "–"),
    ("swe", _("Swedish")),
    ("ara", _("Arabic")),
    ("som", _("Somali")),
    ("fin", _("Finnish")),
    ("sme", _("Northern Sami")),
    ("fit", _("Meänkieli")),
    ("eng", _("English")),
    ("pol", _("Polish")),
    ("ukr", _("Ukrainian")),
    ("fas", _("Persian")),
    ("prs", _("Dari")),
    ("kur", _("Kurdish")),
    ("tir", _("Tigrinya")),
    ("tur", _("Turkish")),
    ("bos", _("Bosnian, Croatian, Serbian")),
    ("sqi", _("Albanian")),
    ("spa", _("Spanish")),
    ("nor", _("Norwegian")),
    ("swl", _("Swedish sign language")),
    ("mis", _("Another language")),
]  # ISO 639-3


class IdentityForm(forms.Form):
    """Somebody new, or somebody whom the register knows by the number."""

    civic_no = CivicNumberField()
    given_name = forms.CharField(label=_("Given name"), max_length=100)
    family_name = forms.CharField(label=_("Family name"), max_length=100)
    birth_date = DayField(label=_("Date of birth"), required=False, help_text=_("Needed only without a civic number."))
    use_registered = forms.BooleanField(
        label=_("Use the registered person if the number is known"), required=False, help_text=_("Name and details stay as they are.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("civic_no") and not cleaned.get("birth_date"):
            self.add_error("birth_date", _("Write a civic number or a date of birth."))
        return cleaned

    def identity(self) -> Identity:
        names = ("given_name", "family_name", "civic_no", "birth_date")
        return Identity(**{name: self.cleaned_data[name] for name in names})


class PersonForm(forms.ModelForm):
    """Identity and language of a registered person; a number is written only to replace the present one."""

    civic_no = CivicNumberField(label=_("New civic number"), help_text=_("Leave empty to keep the present one."))
    birth_date = DayField(label=_("Date of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices)
    person_status = forms.ChoiceField(label=_("Status"), choices=PersonStatus.choices)
    home_language = forms.ChoiceField(label=_("Language at home"), choices=LANGUAGES, required=False)
    interpreter_language = forms.ChoiceField(label=_("Interpreter needed in"), choices=LANGUAGES, required=False)
    version = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Person
        fields = ("given_name", "middle_name", "family_name", "birth_date", "sex", "person_status")
        labels = {"middle_name": _("Middle name")}  # noqa: RUF012  Django's own way


class ContactDetailsForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.RegexField(
        r"^\+?[0-9 -]{6,20}$", label=_("Phone"), required=False, error_messages={"invalid": _("Write digits, and + for a country code.")}
    )
    street_address = forms.CharField(label=_("Street address"), max_length=200, required=False)
    postal_code = forms.RegexField(
        r"^\d{3} ?\d{2}$", label=_("Postal code"), required=False, error_messages={"invalid": _("Write five digits.")}
    )
    locality = forms.CharField(label=_("Town"), max_length=100, required=False)

    def details(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        address = {name: cleaned[name] for name in ("street_address", "postal_code", "locality")}
        return {"email": cleaned["email"], "phone": cleaned["phone"], "address": address}
