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
IN_HOURS = {"reported", "unauthorised_minutes"}
EXACT = 6  # decimals kept before rounding: what adds up in another order is the same figure


def per_cent(share: float) -> str:
    """Rounded as the chart rounds; `number_format` would cut."""
    return f"{floatformat(round(share, EXACT), 1)} %"


def hours(minutes: int) -> str:
    return str(floatformat(minutes / 60, 1))


class StatisticsTable(OfficeTable):
    """Rows are lines of a statistic; what a line may not show is a dash. Cells are written here, since there are hundreds."""

    name = tables.Column(_("Name"), order_by="order")
    pupils = tables.Column(_("Pupils"), attrs=NUMBER)
    reported = tables.Column(_("Hours with roll-call"), attrs=NUMBER)
    absent = tables.Column(_("Absence"), attrs=NUMBER)
    valid = tables.Column(_("Valid"), attrs=NUMBER)
    unauthorised = tables.Column(_("Unauthorised"), attrs=NUMBER)
    unauthorised_minutes = tables.Column(_("Unauthorised, hours"), attrs=NUMBER)
    other = tables.Column(_("Other activity"), attrs=NUMBER)
    present = tables.Column(_("Attendance"), attrs=NUMBER)

    class Meta(OfficeTable.Meta):
        order_by = ("name",)
        empty_text = _("No roll-call is taken in the period, or nobody fits what you asked for.")

    def cell(self, row: Any, name: str) -> SafeString | str:
        line: NamedLine = row.record
        if name == "name":
            return format_html("<strong>{}</strong>", line.name)
        if line.hidden:
            return str(_("fewer than 5")) if name == "pupils" else "–"
        value = getattr(line, name)
        return str(value) if name == "pupils" else hours(value) if name in IN_HOURS else per_cent(value)
