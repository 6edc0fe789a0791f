"""What is filled in to import a timetable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import SchoolUnit

from .fields import DayField


class TimetableForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), empty_label=None)
    from_day = DayField(label=_("From the day"), initial=days.today, help_text=_("Lessons before it stay as they are."))
    whole = forms.BooleanField(
        label=_("The file is the school's whole timetable"),
        required=False,
        help_text=_("Lessons of activities that the file does not name are taken away too."),
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV or xlsx, at most 20 MB. Nothing is changed until you have seen what would be done."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = SchoolUnit.objects.visible_to(actor).led_by(actor)  # type: ignore[attr-defined]


class DigestForm(forms.Form):
    """What the reader saw, so that nothing else is done."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
