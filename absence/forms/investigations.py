"""What is written in an investigation, and who receives its report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.models import ENDED_STATES, NEXT_STATES, TEXTS, AbsenceInvestigation, InvestigationState, Means
from dexter.lib import days
from dexter.lib.forms import Submission, go_on_from, is_outdated
from registry.models import Duty, Person, SchoolUnit

SECRET = _("Only what is needed. Health belongs in the pupil health's own records.")


def _text(label: Any, help_text: Any = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text)


class OpenInvestigationForm(forms.Form):
    participants = _text(_("Who takes part"), _("Pupil, guardians, pupil health. Staff who shall read it are invited afterwards."), 4)
    home_municipality = forms.CharField(
        label=_("Home municipality, if it is another"),
        max_length=60,
        required=False,
        help_text=_("Where the pupil lives, when that is another municipality than the school's. The report is then sent onward there."),
    )
    submission = Submission()


class SendOnwardForm(forms.Form):
    municipality = forms.CharField(label=_("Home municipality"), max_length=60)
    sent_on = forms.DateField(label=_("Sent on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    means = forms.TypedChoiceField(label=_("By what means"), widget=forms.RadioSelect, choices=Means.choices, coerce=Means)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent_on"].initial = days.today


class InvestigationForm(forms.Form):
    """What two may write at once: it carries the version it was made from, and shows both texts where they differ."""

    state = forms.ChoiceField(label=_("State"))
    participants = _text(_("Who takes part"), rows=3)
    causes = _text(_("What causes the absence"), SECRET)
    pupil_voice = _text(_("The pupil's own view"), SECRET)
    measures = _text(_("Measures"), _("What is done, by whom and until when."))
    follow_up_on = forms.DateField(
        label=_("To be followed up"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, investigation: AbsenceInvestigation, **kwargs: Any) -> None:
        names = (*TEXTS, "state", "follow_up_on", "version")
        kwargs.setdefault("initial", {name: getattr(investigation, name) for name in names})
        super().__init__(*args, **kwargs)
        self.investigation = investigation
        following = NEXT_STATES.get(InvestigationState(investigation.state), ())
        choices: Any = self.fields["state"]
        choices.choices = [(state.value, state.label) for state in following]

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def is_outdated(self) -> bool:
        return is_outdated(self)

    def go_on_from(self, stored: AbsenceInvestigation) -> None:
        self.investigation = stored
        go_on_from(self, stored.version)

    @property
    def both(self) -> list[tuple[Any, str]]:
        """Each text field with what is saved, where that is another text than the one typed."""
        pairs = []
        for name in (*TEXTS, "follow_up_on"):
            saved = getattr(self.investigation, name) or ""
            typed = (self.data.get(name) or "").replace("\r\n", "\n").strip()
            pairs.append((self[name], str(saved) if self.is_outdated and str(saved) != typed else ""))
        return pairs


class CloseInvestigationForm(forms.Form):
    state = forms.ChoiceField(
        label=_("How does it end?"), widget=forms.RadioSelect, choices=[(state.value, state.label) for state in ENDED_STATES]
    )
    outcome = forms.CharField(
        label=_("Outcome"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}), help_text=_("What it led to, and why it ends.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class InviteForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Colleague"))

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = staff
        field.label_from_instance = lambda person: person.shown_name


class ReportReceiverForm(forms.Form):
    duty = forms.ModelChoiceField(Duty.objects.none(), label=_("Officer"))
    school_unit = forms.ModelChoiceField(SchoolUnit.objects.none(), label=_("School"))
    start_date = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    end_date = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave empty until further notice."),
    )

    def __init__(self, *args: Any, officers: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duty: Any = self.fields["duty"]
        duty.queryset, duty.label_from_instance = officers, lambda row: row.person.shown_name
        school: Any = self.fields["school_unit"]
        school.queryset = units
        self.fields["start_date"].initial = days.today
