"""What narrows a list. It travels in the address, so it holds nothing about a person."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registry.models import Duty, DutyRole, Enrolment, Group, GroupType, SchoolUnit
from registry.models.relations import EnrolmentQuerySet

from .relations import classes_of


def units_led(request: Any) -> Any:
    return SchoolUnit.objects.visible_to(request.actor).led_by(request.actor)


def classes_led(request: Any) -> Any:
    return classes_of(request.actor)


class ListFilter(filters.FilterSet):
    """An unknown value narrows to nothing rather than showing everything."""

    request: HttpRequest
    school_unit = filters.ModelChoiceFilter(label=_("School"), queryset=units_led, empty_label=_("All"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Who leads one school alone is not asked for it."""
        super().__init__(*args, **kwargs)
        self.several_schools = units_led(self.request).count() > 1
        if not self.several_schools:
            del self.filters["school_unit"]


class PupilFilter(ListFilter):
    klass = filters.ModelChoiceFilter(label=_("Class"), queryset=classes_led, empty_label=_("All"), method="of_class")
    school_year = filters.ChoiceFilter(label=_("Year"), choices=[(str(year), str(year)) for year in range(11)], empty_label=_("All"))

    class Meta:
        model = Enrolment
        fields = ("school_unit", "klass", "school_year")

    def of_class(self, rows: EnrolmentQuerySet, _name: str, group: Group) -> EnrolmentQuerySet:
        return rows.in_class(group)


class StaffFilter(ListFilter):
    duty_role = filters.ChoiceFilter(label=_("Duty"), choices=DutyRole.choices, empty_label=_("All"))

    class Meta:
        model = Duty
        fields = ("school_unit", "duty_role")


class GroupFilter(filters.FilterSet):
    name = filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    group_type = filters.ChoiceFilter(label=_("Kind"), choices=GroupType.choices, empty_label=_("All"))

    class Meta:
        model = Group
        fields = ("name", "group_type")
