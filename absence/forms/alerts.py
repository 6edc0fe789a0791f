"""What narrows the list of alerts."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from absence import reads
from absence.models import AbsenceAlert, AlertKind, AlertState
from registry.models import Group

from .judging import classes_seen, units_seen


class AlertFilter(filters.FilterSet):
    """Open ones, unless another state is asked for."""

    state = filters.ChoiceFilter(label=_("State"), choices=AlertState.choices, empty_label=None, null_label=_("All"), null_value="all")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=AlertKind.choices, empty_label=_("All"))
    klass = filters.ModelChoiceFilter(label=_("Class"), queryset=classes_seen, empty_label=_("All"), method="of_class")
    school_unit = filters.ModelChoiceFilter(label=_("School"), queryset=units_seen, empty_label=_("All"))

    class Meta:
        model = AbsenceAlert
        fields = ("state", "kind", "klass", "school_unit")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        """Who works at one school alone is not asked for it."""
        given = data.copy() if data is not None else {}
        given.setdefault("state", AlertState.OPEN)
        super().__init__(given, *args, **kwargs)
        self.several_schools = units_seen(self.request).count() > 1
        if not self.several_schools:
            del self.filters["school_unit"]

    def filter_queryset(self, queryset: Any) -> Any:
        """An unknown value narrows to nothing rather than showing everything."""
        if not self.form.is_valid():
            return queryset.none()
        if self.form.cleaned_data.get("state") == "all":
            self.form.cleaned_data["state"] = ""
        return super().filter_queryset(queryset)

    def of_class(self, rows: Any, _name: str, group: Group) -> Any:
        return reads.in_class(rows, group)
