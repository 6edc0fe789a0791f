"""The lists of absence: their columns and orders. The rows come scoped from the view."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from absence.reads import NamedLine
from registry.tables import OfficeTable

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


EXACT = 6  # decimals kept before rounding: what adds up in another order is the same figure


def per_cent(share: float) -> str:
    """Rounded as the chart rounds; `number_format` would cut."""
    return f"{floatformat(round(share, EXACT), 1)} %"


def hours(minutes: int) -> str:
    return str(floatformat(minutes / 60, 1))


class ShareColumn(tables.Column):
    """Per cent of the reported time; nothing where the line may not be shown."""

    def __init__(self, name: Any) -> None:
        super().__init__(name, attrs=NUMBER)

    def render(self, value: float, record: NamedLine) -> str:
        return "–" if record.hidden else per_cent(value)


class HoursColumn(ShareColumn):
    def render(self, value: float, record: NamedLine) -> str:
        return "–" if record.hidden else hours(int(value))


class StatisticsTable(OfficeTable):
    """Rows are lines of a statistic."""

    name = tables.Column(_("Name"), order_by="order")
    pupils = tables.Column(_("Pupils"), attrs=NUMBER)
    reported = HoursColumn(_("Hours with roll-call"))
    absent = ShareColumn(_("Absence"))
    valid = ShareColumn(_("Valid"))
    unauthorised = ShareColumn(_("Unauthorised"))
    unauthorised_minutes = HoursColumn(_("Unauthorised, hours"))
    other = ShareColumn(_("Other activity"))
    present = ShareColumn(_("Attendance"))

    class Meta(OfficeTable.Meta):
        order_by = ("name",)
        empty_text = _("No roll-call is taken in the period, or nobody fits what you asked for.")

    def render_name(self, value: str, record: NamedLine) -> SafeString | str:
        return format_html("<strong>{}</strong>", value)

    def render_pupils(self, value: int, record: NamedLine) -> str:
        return str(_("fewer than 5")) if record.hidden else str(value)
