"""Which reports a history shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from absence.models import ReportedDay
from absence.reads import TermSpan
from dexter.lib import days
from registry.models import Person

HISTORY_DAYS = 60  # shown when no term is chosen


class HistoryForm(forms.Form):
    pupil = forms.ModelChoiceField(Person.objects.none(), label=_("Child"), required=False, empty_label=_("All"))
    term = forms.ChoiceField(label=_("Term"), required=False)

    def __init__(self, *args: Any, people: QuerySet[Person], spans: Sequence[TermSpan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spans = {span.key: span for span in reversed(spans) if span.first <= days.today()}
        self.fields["pupil"].queryset = people  # type: ignore[attr-defined]
        self.fields["pupil"].label_from_instance = lambda child: child.shown_name  # type: ignore[attr-defined]
        names = [(key, f"{span.name} {span.first.year}") for key, span in self.spans.items()]
        self.fields["term"].choices = [("", _("The last two months")), *names]  # type: ignore[attr-defined]

    def chosen(self, rows: QuerySet[ReportedDay]) -> QuerySet[ReportedDay]:
        """Of `rows` what was asked for; a choice that is none is no choice."""
        given = self.cleaned_data if self.is_valid() else {}
        span = self.spans.get(given.get("term", ""))
        first, last = (span.first, span.last) if span else (days.today() - timedelta(days=HISTORY_DAYS), None)
        rows = rows.filter(day__gte=first, day__lte=last) if last else rows.filter(day__gte=first)
        return rows.filter(pupil=given["pupil"]) if given.get("pupil") else rows
