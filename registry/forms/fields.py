"""Fields that several forms of the register share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dexter.lib import civic, days
from dexter.lib.forms import go_on_from
from dexter.lib.models import Entity
from registry.models import SchoolUnit

EARLIEST = date(1900, 1, 1)


class CivicNumberField(forms.CharField):
    """A civic number in any written form; gives a CivicNo, or None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Civic number"))
        kwargs.setdefault("help_text", _("12 digits, also a coordination number or a temporary one. Leave empty if there is none yet."))
        super().__init__(
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> civic.CivicNo | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return civic.parse(text)
        except civic.InvalidCivicNumber as fault:
            raise ValidationError(str(fault)) from None

    def run_validators(self, value: Any) -> None:
        """The number is checked as it is read."""


class DayField(forms.DateField):
    """A day within a human life, picked or written as year, month, day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and not EARLIEST <= day <= date(days.today().year + 20, 12, 31):
            raise ValidationError(_("Check the year."))
        return day


class PlaceField(forms.ModelChoiceField):
    """One of the schools that the actor leads, or (empty) all schools for who works at the responsible body."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SchoolUnit.objects.none(), label=_("School"), required=False, empty_label=_("All schools"), **kwargs)

    def offer(self, units: Any, all_schools: bool) -> None:
        """`units` is the queryset of schools; without `all_schools` one of them is chosen."""
        self.queryset, self.required = units, not all_schools
        if not all_schools:
            self.empty_label = None


class VersionedForm(forms.Form):
    """A form about something that two people may change at once: it carries which text it was made from."""

    version = forms.CharField(widget=forms.HiddenInput)

    def go_on_from(self, row: Entity) -> None:
        go_on_from(self, row.modified_at.isoformat())


class PressForm(forms.Form):
    """Nothing to fill in: the press is the answer, and what the action refuses stands on it."""
