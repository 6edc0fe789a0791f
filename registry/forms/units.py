"""What a school unit decides itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from registry.models import SchoolUnit

from .fields import VersionedForm

LONGEST = 366  # days of a setting


def weekday_choices() -> list[tuple[int, str]]:
    return [(number + 1, capfirst(str(name))) for number, name in WEEKDAYS.items()]


class SchoolUnitForm(VersionedForm):
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False, help_text=_("Shown to guardians and pupils."))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days with school"), coerce=int, choices=weekday_choices, widget=forms.CheckboxSelectMultiple
    )
    teacher_days_before = forms.IntegerField(
        label=_("Days before the teaching begins that a teacher sees the pupils"), min_value=0, max_value=LONGEST
    )
    teacher_days_after = forms.IntegerField(
        label=_("Days after the teaching ended that a teacher sees the pupils"), min_value=0, max_value=LONGEST
    )
    leavers_read_days = forms.IntegerField(
        label=_("Days that leavers and their guardians read what is theirs"), min_value=0, max_value=3 * LONGEST
    )
    colleagues_may_stand_in = forms.BooleanField(label=_("Any teacher of the school may take over a colleague's lesson"), required=False)


def unit_as_saved(unit: SchoolUnit) -> dict[str, Any]:
    names = [name for name in SchoolUnitForm.base_fields if name != "version"]
    return {**{name: getattr(unit, name) for name in names}, "version": unit.modified_at.isoformat()}
