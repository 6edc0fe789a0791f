"""What is filled in for a change of school year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry import reads
from registry.models import ClassFate, ClassStep, Duty, Group, GroupType, Person, PupilFate, RollOver, SchoolUnit, SchoolYear

from .fields import CivicNumberField

OF_TODAY = [choice for choice in ClassFate.choices if choice[0] != ClassFate.NEW]


class StartRollOverForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), empty_label=None)
    to_year = forms.ModelChoiceField(SchoolYear.objects.none(), label=_("New school year"), empty_label=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = SchoolUnit.objects.visible_to(actor).led_by(actor)  # type: ignore[attr-defined]
        self.fields["to_year"].queryset = reads.school_years_after(days.today())  # type: ignore[attr-defined]


class EndingGroupsForm(forms.Form):
    """Which groups beside the classes end with the year. `version` is the draft's when the form was made."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(), label=_("Groups that end with the school year"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, roll_over: RollOver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = reads.other_groups(roll_over)  # type: ignore[attr-defined]


class MentorsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Duty) -> str:
        return f"{obj.person.shown_name} ({obj.get_duty_role_display()})"


class ClassStepForm(forms.Form):
    """What becomes of a class. `version` is the draft's when the form was made."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    fate = forms.ChoiceField(label=_("What becomes of the class"), choices=OF_TODAY, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name next year"), max_length=80, required=False)
    school_year = forms.IntegerField(
        label=_("Year next year"), min_value=0, max_value=10, required=False, help_text=_("0 is the preschool class; empty for adults.")
    )
    mentors = MentorsField(Duty.objects.none(), label=_("Mentors next year"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, roll_over: RollOver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duties = Duty.objects.visible_to(actor).filter(school_unit=roll_over.school_unit_id).on(roll_over.effective_date)
        self.fields["mentors"].queryset = duties.select_related("person").order_by("person__sort_key", "pk")  # type: ignore[attr-defined]
        if "from_group" not in self.fields and self.initial.get("fate") == ClassFate.NEW:
            self.fields["fate"].choices = [(ClassFate.NEW.value, ClassFate.NEW.label)]  # type: ignore[attr-defined]


class NewClassStepForm(ClassStepForm):
    """A new class; or one of today that was made after the draft."""

    from_group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Class of today"), required=False, empty_label=_("None, it is a new class")
    )
    field_order = ("version", "from_group", "fate")

    def __init__(self, *args: Any, actor: Actor, roll_over: RollOver, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, roll_over=roll_over, **kwargs)
        classes = Group.objects.visible_to(actor).filter(school_unit=roll_over.school_unit_id, group_type=GroupType.CLASS).on(roll_over.eve)
        self.fields["from_group"].queryset = reads.without_step(classes, roll_over)  # type: ignore[attr-defined]
        self.fields["fate"].choices = ClassFate.choices  # type: ignore[attr-defined]


class SourceForm(forms.Form):
    """From which class a pupil is picked; sent by GET, since it says nothing of a person."""

    klass = forms.ModelChoiceField(
        Group.objects.none(), label=_("Class of today"), required=False, empty_label=_("None: comes, or has no class")
    )

    def __init__(self, *args: Any, actor: Actor, roll_over: RollOver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = Group.objects.visible_to(actor).filter(school_unit=roll_over.school_unit_id, group_type=GroupType.CLASS).on(roll_over.eve)
        self.fields["klass"].queryset = classes  # type: ignore[attr-defined]


class PupilStepForm(forms.Form):
    """The way of one pupil; somebody who comes from another school is named by civic number."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    pupil = forms.ModelChoiceField(Person.objects.none(), label=_("Pupil"), required=False)
    civic_no = CivicNumberField(label=_("Or the civic number of somebody who comes from another school"), help_text="")
    fate = forms.ChoiceField(label=_("What becomes of the pupil"), choices=PupilFate.choices)
    to_class = forms.ModelChoiceField(ClassStep.objects.none(), label=_("Class next year"), required=False, empty_label="–")
    school_year = forms.IntegerField(
        label=_("Year next year"), min_value=0, max_value=10, required=False, help_text=_("Empty: by the rule.")
    )

    def __init__(self, *args: Any, actor: Actor, roll_over: RollOver, pupils: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pupil: Any = self.fields["pupil"]
        pupil.queryset, pupil.label_from_instance = pupils, lambda person: person.shown_name
        steps = ClassStep.objects.visible_to(actor).filter(roll_over=roll_over).exclude(fate=ClassFate.LEAVES)
        self.fields["to_class"].queryset = steps  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = cleaned.pop("civic_no", None)
        if number and cleaned.get("fate") == PupilFate.JOINS and not cleaned.get("pupil"):
            cleaned["pupil"] = reads.registered_person(number)
        if not cleaned.get("pupil") and "pupil" not in self.errors:
            raise ValidationError(_("Choose a pupil, or write the number of somebody who is registered and comes new to the school."))
        return cleaned


class EffectForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("Now: nothing is seen of it before the day")), ("on_the_day", _("By itself, on the day"))],
        widget=forms.RadioSelect,
        initial="now",
    )
