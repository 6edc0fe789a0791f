from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dexter.lib import civic
from dexter.lib.access import Actor
from registry.models import SchoolUnit

MIN_LETTERS = 2


class PersonSearchForm(forms.Form):
    """A name, a class or a civic number; sent by POST, so that none of them stands in an address or a log."""

    text = forms.CharField(
        label=_("Name, class or civic number"),
        min_length=MIN_LETTERS,
        max_length=100,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), required=False, empty_label=_("All schools"))
    alike = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = SchoolUnit.objects.visible_to(actor)
        self.fields["school_unit"].queryset = units  # type: ignore[attr-defined]
        self.several_schools = len(units) > 1

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if "\x00" in text:
            raise ValidationError(_("Write a name, a class or a number."))
        return text

    @property
    def civic_no(self) -> civic.CivicNo | None:
        """The number, when the text is one."""
        try:
            return civic.parse(self.cleaned_data["text"])
        except civic.InvalidCivicNumber:
            return None
