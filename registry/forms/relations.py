"""What the office fills in when a relation begins, moves or ends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import Duty, DutyRole, Group, GroupType, RelationType, SchoolType, SchoolUnit

from .fields import DayField
from .person import IdentityForm


class EnrolForm(forms.Form):
    """A place at one of the units that the actor leads."""

    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), empty_label=None)
    school_type = forms.ChoiceField(label=_("School form"), choices=SchoolType.choices, initial=SchoolType.COMPULSORY)
    school_year = forms.IntegerField(
        label=_("Year"), min_value=0, max_value=10, required=False, help_text=_("0 is the preschool class; empty for adults.")
    )
    school_class = forms.ModelChoiceField(Group.objects.none(), label=_("Class"), required=False, empty_label=_("No class yet"))
    start_date = DayField(label=_("First day"), initial=days.today)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = SchoolUnit.objects.visible_to(actor).led_by(actor)  # type: ignore[attr-defined]
        self.fields["school_class"].queryset = classes_of(actor)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, school_class = cleaned.get("school_unit"), cleaned.get("school_class")
        if unit and school_class and school_class.school_unit_id != unit.pk:
            self.add_error("school_class", _("The class belongs to another school."))
        if unit and cleaned.get("school_type") and cleaned["school_type"] not in unit.school_types:
            self.add_error("school_type", _("The school does not have that form of schooling."))
        return cleaned

    def place(self) -> dict[str, Any]:
        names = ("school_unit", "school_type", "school_year", "school_class", "start_date")
        return {name: self.cleaned_data[name] for name in names}


class NewPupilForm(EnrolForm, IdentityForm):
    field_order = ("civic_no", "given_name", "family_name", "birth_date", "use_registered")


class MoveForm(forms.Form):
    school_class = forms.ModelChoiceField(Group.objects.none(), label=_("New class"))
    first_day = DayField(label=_("First day in the new class"), initial=days.today)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes_of(actor)  # type: ignore[attr-defined]


class MoveToSchoolForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("New school"))
    first_day = DayField(label=_("First day at the new school"), initial=days.today)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = units  # type: ignore[attr-defined]


class GuardianForm(IdentityForm):
    relation_type = forms.ChoiceField(label=_("Relation"), choices=RelationType.choices)
    start_date = DayField(label=_("First day"), initial=days.today)


class EndGuardianshipForm(forms.Form):
    reason = forms.CharField(
        label=_("What it rests on"),
        max_length=500,
        help_text=_("Such as the court's judgement and its date. Read by the office alone."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LastDayForm(forms.Form):
    last_day = DayField(label=_("Last day"), initial=days.today)


class DutyForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), empty_label=None)
    duty_role = forms.ChoiceField(label=_("Duty"), choices=DutyRole.choices, initial=DutyRole.TEACHER)
    signature = forms.CharField(label=_("Signature"), max_length=10, required=False, help_text=_("The short name in timetables."))
    start_date = DayField(label=_("First day"), initial=days.today)
    end_date = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = SchoolUnit.objects.visible_to(actor).led_by(actor)  # type: ignore[attr-defined]

    def duty(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("school_unit", "duty_role", "signature", "start_date", "end_date")}


class NewColleagueForm(DutyForm, IdentityForm):
    field_order = ("civic_no", "given_name", "family_name", "birth_date", "use_registered")


class DutyChoice(forms.ModelChoiceField):
    def label_from_instance(self, duty: Duty) -> str:
        return f"{duty.person.shown_name} ({duty.get_duty_role_display()})"


def classes_of(actor: Actor) -> Any:
    """The classes of the units that the actor leads, today and to come."""
    led = SchoolUnit.objects.visible_to(actor).led_by(actor)
    classes = Group.objects.visible_to(actor).on_or_after(days.today()).filter(school_unit__in=led, group_type=GroupType.CLASS)
    return classes.order_by("school_unit__name", "sort_key")
