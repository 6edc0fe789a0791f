"""What is filled in about rooms and about what is taught."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry import reads
from registry.models import Activity, ActivityType, Duty, Group, Room, SchoolUnit, Syllabus

from .fields import DayField, VersionedForm
from .relations import DutyChoice


class SubjectChoice(forms.ModelChoiceField):
    """A subject by its name, code and form of schooling."""

    def __init__(self) -> None:
        super().__init__(Syllabus.objects.none(), label=_("Subject"), required=False, empty_label=_("No subject"))

    def label_from_instance(self, syllabus: Syllabus) -> str:
        code = syllabus.course_code or syllabus.subject_designation or syllabus.subject_code
        return f"{syllabus.subject_name} ({code}, {syllabus.get_school_type_display()})"


class RoomForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=60)
    seats = forms.IntegerField(label=_("Seats"), required=False, min_value=1, max_value=2000)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_unit"].queryset = SchoolUnit.objects.visible_to(actor).led_by(actor)  # type: ignore[attr-defined]


class EditRoomForm(VersionedForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    seats = forms.IntegerField(label=_("Seats"), required=False, min_value=1, max_value=2000)


class ActivityFilterForm(forms.Form):
    """Sent by GET: it says nothing of a person."""

    group = forms.ChoiceField(label=_("Class or group"), required=False)
    subject = forms.ChoiceField(label=_("Subject"), required=False)

    def __init__(self, *args: Any, groups: Iterable[Group], subjects: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["group"].choices = [("", _("All")), *((str(group.pk), group.name) for group in groups)]
        fields["subject"].choices = [("", _("All")), *((name, name) for name in subjects)]


class ActivityForm(forms.Form):
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As it stands in the timetable, such as Mathematics 4A."))
    activity_type = forms.ChoiceField(label=_("Kind"), choices=ActivityType.choices, initial=ActivityType.TEACHING)
    syllabus = SubjectChoice()
    groups = forms.ModelMultipleChoiceField(Group.objects.none(), label=_("Groups"), widget=forms.CheckboxSelectMultiple)
    start_date = DayField(label=_("First day"), initial=days.today)
    end_date = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        led = SchoolUnit.objects.visible_to(actor).led_by(actor)
        groups = Group.objects.visible_to(actor).on_or_after(days.today()).filter(school_unit__in=led)
        fields: dict[str, Any] = self.fields
        fields["school_unit"].queryset = led
        fields["syllabus"].queryset = reads.syllabuses_for({kind for unit in led for kind in unit.school_types})
        fields["groups"].queryset = groups.order_by("group_type", "sort_key", "pk")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("start_date"), cleaned.get("end_date")
        if first and last and last < first:
            self.add_error("end_date", _("The last day is before the first."))
        return cleaned


class EditActivityForm(VersionedForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    syllabus = SubjectChoice()
    end_date = DayField(label=_("Last day"), required=False, help_text=_("Lessons after it are cancelled. Empty: until further notice."))

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["syllabus"].queryset = reads.syllabuses_for(activity.school_unit.school_types)  # type: ignore[attr-defined]


class TeacherForm(forms.Form):
    duty = DutyChoice(Duty.objects.none(), label=_("Colleague"))
    first_day = DayField(label=_("First day"), initial=days.today)
    grader = forms.BooleanField(label=_("Sets the grades"), required=False)

    def __init__(self, *args: Any, actor: Actor, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duties = Duty.objects.visible_to(actor).filter(school_unit=activity.school_unit_id).on_or_after(days.today())
        self.fields["duty"].queryset = duties.select_related("person").order_by("person__sort_key")  # type: ignore[attr-defined]


class GroupChoiceForm(forms.Form):
    group = forms.ModelChoiceField(Group.objects.none(), label=_("Class or group"))

    def __init__(self, *args: Any, actor: Actor, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.queryset = reads.groups_to_add(Group.objects.visible_to(actor), activity)


def room_as_saved(room: Room) -> dict[str, Any]:
    return {"name": room.name, "seats": room.seats, "version": room.modified_at.isoformat()}


def activity_as_saved(activity: Activity) -> dict[str, Any]:
    given = {"name": activity.name, "syllabus": activity.syllabus_id, "end_date": activity.end_date}
    return {**given, "version": activity.modified_at.isoformat()}
