"""Tasks, links and files of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.files.kinds import KINDS
from dexter.lib.forms import Submission
from larande.planning import reads
from larande.planning.actions.parts import TaskWords
from larande.planning.models import PlanTeaching, Task, TaskKind
from registry.forms.fields import DayField

from .shared import NO_PUPIL, VersionedForm, say_readers


class TaskForm(VersionedForm):
    title = forms.CharField(label=_("Title"), max_length=120)
    day = DayField(label=_("Day"), help_text=_("When it is due, or held."))
    kind = forms.ChoiceField(label=_("Kind"), choices=TaskKind.choices)
    teaching = forms.ModelChoiceField(
        PlanTeaching.objects.none(), label=_("For whom?"), required=False, empty_label=_("All groups of the plan")
    )
    text = forms.CharField(
        label=_("What to do"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=NO_PUPIL
    )
    submission = Submission()

    def __init__(self, *args: Any, teachings: Sequence[PlanTeaching], queryset: Any, task: Task | None = None) -> None:
        """`teachings` are the plan's, with groups; `queryset` the same for the choice."""
        names = ("title", "day", "kind", "teaching", "text", "version")
        stored = {name: getattr(task, name) for name in names} if task else {"kind": TaskKind.TASK}
        super().__init__(*args, initial=stored)
        say_readers(self, "title", "text")
        field: Any = self.fields["teaching"]
        labels = {row.pk: reads.groups_in_words(row.activity) + f" ({row.activity.syllabus})" for row in teachings}
        field.queryset, field.label_from_instance = queryset, lambda row: labels.get(row.pk, "")
        if len(teachings) <= 1:
            del self.fields["teaching"]

    @property
    def words(self) -> TaskWords:
        cleaned = self.cleaned_data
        return TaskWords(cleaned["title"], cleaned["day"], cleaned["kind"], cleaned["text"], cleaned.get("teaching"))


class LinkForm(forms.Form):
    url = forms.URLField(
        label=_("Address"), max_length=500, assume_scheme="https", widget=forms.URLInput(attrs={"placeholder": "https://"})
    )
    title = forms.CharField(label=_("What it is"), max_length=120, required=False)
    submission = Submission()


class FileForm(forms.Form):
    upload = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the action says what is wrong with it
        help_text=_("A document, a presentation, a picture or a sound, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)}),
    )
    title = forms.CharField(label=_("What it is"), max_length=120, required=False, help_text=_("Leave empty for the name of the file."))
    submission = Submission()
