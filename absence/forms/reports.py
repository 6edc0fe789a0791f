"""What people fill in about absence."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.actions.reports import Span
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import Person


class Submission(forms.UUIDField):
    """Made once with the form, so that the same form sent twice is one change."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(initial=uuid.uuid4)


class ReportAbsenceForm(forms.Form):
    pupils = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Who will be absent?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one child.")},
    )
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
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

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        children = Person.objects.visible_to(actor).minors_on(days.today()).exclude(pk=actor.person_id)
        self.fields["pupils"].queryset = children  # type: ignore[attr-defined]
        self.fields["pupils"].label_from_instance = lambda child: child.shown_name  # type: ignore[attr-defined]
        self.fields["first"].initial = days.today

    @property
    def span(self) -> Span:
        """The days and times of a valid form."""
        given = self.cleaned_data
        first: date = given["first"]
        return Span(first, given["last"] or first, given["starts"], given["ends"])


class AddDayForm(forms.Form):
    submission = Submission()
