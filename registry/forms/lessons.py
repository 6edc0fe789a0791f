"""What is filled in about lessons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import Activity, CalendarEvent, Room

from .fields import DayField, VersionedForm

LONGEST_REPEAT = timedelta(days=366)


class ClockField(forms.TimeField):
    """Hours and minutes of the school's clock."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class LessonForm(forms.Form):
    """When and where; `despite` is asked for only where others have something at the same time."""

    day = DayField(label=_("Day"), initial=days.today)
    starts = ClockField(label=_("Begins"))
    ends = ClockField(label=_("Ends"))
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), required=False, empty_label=_("No room"))
    despite = forms.BooleanField(label=_("Save all the same"), required=False)

    def __init__(self, *args: Any, actor: Actor, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.visible_to(actor).filter(school_unit=activity.school_unit_id).order_by("name")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("It ends before it begins."))
        return cleaned

    def lesson(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "despite"}


class NewLessonForm(LessonForm):
    repeat_until = DayField(
        label=_("Every week until"), required=False, help_text=_("Empty: this one lesson. Days without school are left out.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("day"), cleaned.get("repeat_until")
        if first and last and not first <= last <= first + LONGEST_REPEAT:
            self.add_error("repeat_until", _("Choose a day after the first lesson, within a year."))
        return cleaned


class MoveLessonForm(LessonForm, VersionedForm):
    pass


def lesson_as_saved(lesson: CalendarEvent) -> dict[str, Any]:
    local = [moment.astimezone(days.STOCKHOLM).time() for moment in (lesson.starts_at, lesson.ends_at)]
    given = {"day": lesson.day, "starts": local[0], "ends": local[1], "room": lesson.room_id}
    return {**given, "version": lesson.modified_at.isoformat()}
