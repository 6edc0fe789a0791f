"""What people fill in about absence."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from absence import reads
from absence.actions.reports import Span
from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.forms import Submission
from registry.models import Person

MANY = 3  # children from which all of them can be chosen in one tap


class ReportAbsenceForm(forms.Form):
    pupils = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Who will be absent?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one child.")},
    )
    everybody = forms.BooleanField(label=_("All of them"), required=False)  # instead of ticking each
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
        _offer_pupils(self, actor)
        self.fields["pupils"].required = "everybody" not in self.data
        self.fields["first"].initial = days.today

    def clean(self) -> dict[str, Any]:
        """Lessons are chosen on a page of their own, of one day."""
        cleaned = super().clean() or {}
        if cleaned.get("everybody") and "pupils" in cleaned:
            cleaned["pupils"] = self.people
            if not self.people:
                self.add_error("pupils", self.fields["pupils"].error_messages["required"])
        first, last = cleaned.get("first"), cleaned.get("last")
        if self.chooses_lessons and first and first < days.today():
            self.add_error("first", _("That day has passed. Ask the school to correct it."))
        if self.chooses_lessons and last not in (None, first):
            self.add_error("last", _("Lessons are chosen for one day at a time. Leave the last day empty."))
        return cleaned

    @cached_property
    def people(self) -> list[Person]:
        """Who can be chosen."""
        return list(self.fields["pupils"].queryset)  # type: ignore[attr-defined]

    @property
    def offers_everybody(self) -> bool:
        """Where it saves taps."""
        return len(self.people) >= MANY

    @property
    def chooses_lessons(self) -> bool:
        return "choose_lessons" in self.data

    @property
    def span(self) -> Span:
        """The days and times of a valid form."""
        given = self.cleaned_data
        first: date = given["first"]
        return Span(first, given["last"] or first, given["starts"], given["ends"])


def _offer_pupils(form: forms.Form, actor: Actor) -> None:
    """The pupils whom the actor may report, as the form's choices: a guardian's children, or oneself."""
    choices = reads.reportable_by(actor, reads.in_role(Person.objects.visible_to(actor), actor))
    form.fields["pupils"].queryset = choices  # type: ignore[attr-defined]
    form.fields["pupils"].label_from_instance = lambda child: child.shown_name  # type: ignore[attr-defined]


class ChosenDayForm(forms.Form):
    """Whose lessons of which day are shown to choose from."""

    pupils = forms.ModelMultipleChoiceField(Person.objects.none())
    first = forms.DateField(label=_("Day"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_pupils(self, actor)


class ReportLessonsForm(ChosenDayForm):
    """`lessons` holds `<pupil>:<lesson>` for each ticked row; whether a lesson is the pupil's is decided by the action."""

    submission = Submission()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["chosen"] = chosen_in(self.data)
        except ValueError:
            raise forms.ValidationError(_("What was sent is not a list of lessons. Nothing was saved: load the page again.")) from None
        if not cleaned["chosen"]:
            raise forms.ValidationError(_("Choose at least one lesson."))
        if not set(cleaned["chosen"]) <= {pupil.pk for pupil in cleaned.get("pupils", ())}:
            raise forms.ValidationError(_("What was sent is not a list of lessons. Nothing was saved: load the page again."))
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        """What `report_lessons` takes, of a valid form."""
        cleaned = self.cleaned_data
        return {"pupils": cleaned["pupils"], "day": cleaned["first"], "chosen": cleaned["chosen"], "submission": cleaned["submission"]}


def chosen_in(data: Any) -> dict[UUID, set[UUID]]:
    """Lesson ids by pupil id. Raises ValueError for what is no pair of ids."""
    chosen: dict[UUID, set[UUID]] = {}
    for text in data.getlist("lessons"):
        pupil, _colon, lesson = text.partition(":")
        chosen.setdefault(UUID(pupil), set()).add(UUID(lesson))
    return chosen


class AddDayForm(forms.Form):
    submission = Submission()
