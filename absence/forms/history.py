"""Which reports a history shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

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

    @property
    def condition(self) -> Q:
        """On reported days: what has been, as asked for; a choice that is none is no choice. What is to come is always shown."""
        given = self.cleaned_data if self.is_valid() else {}
        span = self.spans.get(given.get("term", ""))
        period = Q(day__range=(span.first, span.last)) if span else Q(day__gte=days.today() - timedelta(days=HISTORY_DAYS))
        whose = Q(pupil=given["pupil"]) if given.get("pupil") else Q()
        return Q(day__gte=days.today()) | period & whose
