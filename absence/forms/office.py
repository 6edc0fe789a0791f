"""What the office fills in while somebody is on the phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from absence.actions.reports import Span
from absence.models import ContactOutcome
from dexter.lib import days
from dexter.lib.forms import Submission
from registry.models import Person

MIN_LETTERS = 2
SOMEBODY_ELSE = "other"


class PupilSearchForm(forms.Form):
    """A pupil's name; sent by POST, so that it stands in no address and no log."""

    text = forms.CharField(
        label=_("The pupil's name"),
        min_length=MIN_LETTERS,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if "\x00" in text:
            raise ValidationError(_("Write a name."))
        return text


class ReportForPupilForm(forms.Form):
    """`callers` are the persons who may be named as the one who phoned."""

    phoned_by = forms.ChoiceField(
        label=_("Who is phoning?"), widget=forms.RadioSelect, error_messages={"required": _("Choose who is phoning.")}
    )
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Leave empty for one day.")
    )
    starts = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Leave the times empty for the whole day."),
    )
    ends = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    submission = Submission()

    def __init__(self, *args: Any, callers: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.callers = {str(caller.pk): caller for caller in callers}
        choices = [(key, caller.shown_name) for key, caller in self.callers.items()]
        self.fields["phoned_by"].choices = [*choices, (SOMEBODY_ELSE, _("Somebody else, or not known"))]  # type: ignore[attr-defined]
        self.fields["first"].initial = days.today

    def clean_phoned_by(self) -> Person | None:
        return self.callers.get(self.cleaned_data["phoned_by"])

    @property
    def span(self) -> Span:
        """The days and times of a valid form."""
        given = self.cleaned_data
        first: date = given["first"]
        return Span(first, given["last"] or first, given["starts"], given["ends"])


class NoteContactForm(forms.Form):
    outcome = forms.ChoiceField(choices=ContactOutcome.choices)
    submission = Submission()
