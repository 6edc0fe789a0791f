"""What is filled in about groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import Duty, Group, GroupType, Person, SchoolType, SchoolUnit

from .fields import DayField
from .relations import DutyChoice, classes_of


class GroupForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=80)
    group_type = forms.ChoiceField(label=_("Kind"), choices=GroupType.choices)
    school_type = forms.ChoiceField(label=_("School form"), choices=SchoolType.choices, initial=SchoolType.COMPULSORY)
    start_date = DayField(label=_("First day"), initial=days.today)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = SchoolUnit.objects.visible_to(actor).led_by(actor)  # type: ignore[attr-defined]


class ClassChoiceForm(forms.Form):
    """From which class pupils are picked; sent by GET, since it says nothing of a person."""

    klass = forms.ModelChoiceField(Group.objects.none(), label=_("From the class"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["klass"].queryset = classes_of(actor)  # type: ignore[attr-defined]


class MembersForm(forms.Form):
    pupils = forms.ModelMultipleChoiceField(Person.objects.none(), label=_("Pupils"), widget=forms.CheckboxSelectMultiple)
    first_day = DayField(label=_("First day"), initial=days.today)

    def __init__(self, *args: Any, pupils: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["pupils"]
        field.queryset = pupils
        field.label_from_instance = lambda pupil: pupil.shown_name


class MentorForm(forms.Form):
    duty = DutyChoice(Duty.objects.none(), label=_("Colleague"))
    first_day = DayField(label=_("First day"), initial=days.today)

    def __init__(self, *args: Any, actor: Actor, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duties = Duty.objects.visible_to(actor).filter(school_unit=group.school_unit_id).on(days.today())
        self.fields["duty"].queryset = duties.select_related("person").order_by("person__sort_key")  # type: ignore[attr-defined]
