"""Who reads another syllabus in a teaching."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry import reads
from registry.models import Activity, Person

from .activities import SubjectChoice
from .fields import DayField


class PupilChoice(forms.ModelChoiceField):
    def label_from_instance(self, pupil: Person) -> str:
        return str(pupil.shown_name)


class OtherSubjectChoice(SubjectChoice):
    def __init__(self) -> None:
        super().__init__()
        self.label, self.required, self.empty_label = _("Reads instead"), True, None


class PupilSyllabusForm(forms.Form):
    pupil = PupilChoice(Person.objects.none(), label=_("Pupil"))
    syllabus = OtherSubjectChoice()
    start_date = DayField(label=_("First day"), initial=days.today)

    def __init__(self, *args: Any, actor: Actor, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pupil"].queryset = reads.pupils_taught(Person.objects.visible_to(actor), activity)  # type: ignore[attr-defined]
        self.fields["syllabus"].queryset = reads.other_syllabuses(activity)  # type: ignore[attr-defined]
