"""What statistics are asked for. It travels in the address, so it holds ids and codes alone, nothing about a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.reads import By, Period, Subjects, Wanted
from dexter.lib import days
from registry.forms.fields import DayField
from registry.models import Group, SchoolUnit, Term

FREE, TERM = "dagar", "termin-"
LONGEST = timedelta(days=3 * 366)
YEARS = [("", _("All")), *((str(year), str(year) if year else _("Preschool class")) for year in range(11))]


class StatisticsForm(forms.Form):
    """Everything has a usual value: an address without a question shows the school year by class."""

    period = forms.ChoiceField(label=_("Period"), required=False)
    first = DayField(label=_("From (days of your own)"), required=False)
    last = DayField(label=_("To"), required=False)
    by = forms.ChoiceField(label=_("Parted by"), choices=By.choices, required=False)
    klass = forms.ChoiceField(label=_("Class"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None, choices=YEARS)
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    handed_on = forms.BooleanField(label=_("Hide groups of fewer than 5 pupils"), required=False)

    def __init__(self, data: Any, *, unit: Any, periods: Sequence[Period], classes: Sequence[Group], subjects: Subjects) -> None:
        """`unit` comes from `open_for_statistics`: who follows a class sees no more than it."""
        self.unit, self.classes, self.subjects = unit, classes, subjects
        self.periods = {period.key: period for period in periods}
        usual = {"period": next(iter(self.periods), FREE if data else ""), "by": By.CLASS if unit.is_led else By.PUPIL}
        super().__init__({**usual, **{name: value for name, value in data.items() if value}})
        chosen = [(period.key, period.name) for period in periods]
        self.fields["period"].choices = [*chosen, (FREE, _("Days of your own"))]  # type: ignore[attr-defined]
        every = [("", _("All"))] if unit.is_led or len(classes) > 1 else []
        self.fields["klass"].choices = [*every, *((str(group.pk), group.name) for group in classes)]  # type: ignore[attr-defined]
        codes = [(code, name) for code, (name, _activities) in subjects.items()]
        self.fields["subject"].choices = [("", _("All")), *codes]  # type: ignore[attr-defined]
        if not unit.is_led:
            del self.fields["year"], self.fields["handed_on"]

    @property
    def newest_term(self) -> str:
        """The id of the latest term that has begun, or nothing."""
        terms = [key.removeprefix(TERM) for key in self.periods if key.startswith(TERM)]
        return terms[0] if terms else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("period") == FREE and not (first and last):
            self.add_error("first", _("Write the first and the last day."))
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        if first and last and last - first > LONGEST:
            self.add_error("last", _("At most three years at a time."))
        return cleaned

    @property
    def days(self) -> tuple[date, date]:
        """Of a valid form; where no school year is decided and nothing is asked for, the last half year."""
        given = self.cleaned_data
        if given["period"] == FREE:
            return given["first"], given["last"]
        period = self.periods.get(given["period"])
        return (period.first, period.last) if period else (days.today() - timedelta(days=182), days.today())

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        first, last = self.days
        subject = self.subjects.get(given["subject"])
        chosen = [group.pk for group in self.classes if str(group.pk) == given["klass"]]
        own = () if self.unit.is_led else tuple(group.pk for group in self.classes)
        return Wanted(
            unit=self.unit,
            first=first,
            last=last,
            by=By(given["by"]),
            klasses=tuple(chosen) or own,
            year=given.get("year"),
            activities=tuple(subject[1]) if subject else None,
        )


class SumsForm(forms.Form):
    """Which term's sums, in which kind of file."""

    term = forms.ModelChoiceField(Term.objects.none(), label=_("Term"), empty_label=None)
    ending = forms.ChoiceField(label=_("File"), choices=[("xlsx", "xlsx"), ("csv", "CSV")])

    def __init__(self, data: Any, *, terms: Any, unit: SchoolUnit) -> None:
        super().__init__(data)
        self.fields["term"].queryset = terms  # type: ignore[attr-defined]
        self.fields["term"].label_from_instance = lambda term: f"{term.get_semester_display()} {term.start_date.year}"  # type: ignore[attr-defined]
