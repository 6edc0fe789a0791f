"""What is filled in about school years, terms and days that depart from the week."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib.access import Actor
from dexter.lib.templatetags.dexter import long_day
from registry import reads
from registry.actions.calendar import Holiday
from registry.models import CalendarKind, SchoolUnit, Semester

from .fields import DayField, PlaceField, VersionedForm

BREAKS = {"autumn": _("Autumn break"), "sports": _("Sports break"), "easter": _("Easter break")}
DAYS_OF_A_YEAR = 366
CANCEL, KEEP = "cancel", "keep"
BEFORE_FIRST = _("The last day is before the first.")


class YearChoiceForm(forms.Form):
    """Which days the school year has; sent by GET, so that holidays can be proposed."""

    start_date = DayField(label=_("First day of the school year"))
    end_date = DayField(label=_("Last day of the school year"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _in_order(self, "start_date", "end_date")
        if not self.errors and (cleaned["end_date"] - cleaned["start_date"]).days > DAYS_OF_A_YEAR:
            self.add_error("end_date", _("A school year is not longer than a year."))
        return cleaned


class SchoolYearForm(YearChoiceForm):
    school_unit = PlaceField()
    name = forms.CharField(label=_("Name"), max_length=20)
    ht_first = DayField(label=_("First day of the autumn term"))
    ht_last = DayField(label=_("Last day of the autumn term"))
    vt_first = DayField(label=_("First day of the spring term"))
    vt_last = DayField(label=_("Last day of the spring term"))
    autumn_first = DayField(label=_("Autumn break, first day"), required=False)
    autumn_last = DayField(label=_("Autumn break, last day"), required=False)
    sports_first = DayField(label=_("Sports break, first day"), required=False)
    sports_last = DayField(label=_("Sports break, last day"), required=False)
    easter_first = DayField(label=_("Easter break, first day"), required=False)
    easter_last = DayField(label=_("Easter break, last day"), required=False)
    holidays = forms.MultipleChoiceField(label=_("Public holidays"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, year: reads.Span, **kwargs: Any) -> None:
        super().__init__(*args, initial=_proposed(year), **kwargs)
        offer_places(self, actor)
        self._names = {str(day): name for day, name in reads.public_holidays(*year)}
        choices = [(value, f"{name}, {long_day(date.fromisoformat(value))}") for value, name in self._names.items()]
        self.fields["holidays"].choices = choices  # type: ignore[attr-defined]
        self.initial["holidays"] = list(self._names)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _in_order(self, "ht_first", "ht_last")
        _in_order(self, "vt_first", "vt_last")
        _in_order(self, "ht_last", "vt_first", _("The spring term begins before the autumn term ends."))
        for term in ("ht_first", "vt_last"):
            if not self.errors and not cleaned["start_date"] <= cleaned[term] <= cleaned["end_date"]:
                self.add_error(term, _("The term lies inside its school year."))
        for name in BREAKS:
            first, last = cleaned.get(f"{name}_first"), cleaned.get(f"{name}_last")
            if bool(first) != bool(last):
                self.add_error(f"{name}_last", _("Write both the first and the last day, or neither."))
            elif first and last:
                _in_order(self, f"{name}_first", f"{name}_last")
        return cleaned

    def school_year(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        given = {name: cleaned[name] for name in ("school_unit", "name", "start_date", "end_date")}
        terms = {kind: (cleaned[f"{kind.lower()}_first"], cleaned[f"{kind.lower()}_last"]) for kind in Semester.values}
        chosen = [Holiday(self._names[day], date.fromisoformat(day), date.fromisoformat(day)) for day in cleaned["holidays"]]
        written = [Holiday(str(label), cleaned[f"{name}_first"], cleaned[f"{name}_last"]) for name, label in BREAKS.items()]
        return {**given, "terms": terms, "holidays": chosen + [holiday for holiday in written if holiday.first]}


class TermForm(VersionedForm):
    start_date = DayField(label=_("First day"))
    end_date = DayField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _in_order(self, "start_date", "end_date")
        return cleaned


class CalendarDayForm(forms.Form):
    """Days that depart from the week. Where lessons are planned on them, what becomes of these is asked in a second step."""

    school_unit = PlaceField()
    kind = forms.ChoiceField(label=_("Kind"), choices=CalendarKind.choices)
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As everybody will read it, such as Study day or Autumn break."))
    start_date = DayField(label=_("First day"))
    end_date = DayField(label=_("Last day"), required=False, help_text=_("Empty: that one day."))
    lessons = forms.ChoiceField(
        label=_("The lessons planned on these days"),
        required=False,
        choices=[(CANCEL, _("Cancel them")), (KEEP, _("Let them be"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self, actor)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["end_date"] = cleaned.get("end_date") or cleaned.get("start_date")
        _in_order(self, "start_date", "end_date")
        if not self.errors and (cleaned["end_date"] - cleaned["start_date"]).days > DAYS_OF_A_YEAR:
            self.add_error("end_date", _("Check the year."))
        return cleaned

    @property
    def closes(self) -> bool:
        """Whether there is no school on these days."""
        return bool(self.cleaned_data["kind"] != CalendarKind.EXTRA_DAY)

    def day(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("school_unit", "kind", "name", "start_date", "end_date")}
        return {**given, "cancel_lessons": self.cleaned_data["lessons"] == CANCEL}


def offer_places(form: forms.Form, actor: Actor) -> None:
    led = SchoolUnit.objects.visible_to(actor).led_by(actor)
    place: Any = form.fields["school_unit"]
    place.offer(led, reads.bodies_led_by(actor).exists())


def _in_order(form: forms.Form, earlier: str, later: str, message: Any = BEFORE_FIRST) -> None:
    first, last = form.cleaned_data.get(earlier), form.cleaned_data.get(later)
    if first and last and last < first:
        form.add_error(later, message)


def _proposed(year: reads.Span) -> dict[str, Any]:
    terms, autumn = reads.usual_terms(year), reads.usual_autumn_break(year)
    dates = {f"{kind.lower()}_{end}": getattr(span, end) for kind, span in terms.items() for end in ("first", "last")}
    name = f"{year.first.year}/{year.last.year}" if year.last.year != year.first.year else str(year.first.year)
    return {
        "start_date": year.first,
        "end_date": year.last,
        "name": name,
        "autumn_first": autumn.first,
        "autumn_last": autumn.last,
        **dates,
    }
