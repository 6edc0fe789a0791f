"""The list of plans: its columns and orders. The rows come scoped from the view."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from registry.tables import LINK, OfficeTable

from .reads import groups_in_words

WHOLE = {"td": {"class": "nowrap"}}  # a day is never broken over two lines


class PlanTable(OfficeTable):
    """Rows are plans with `placed`, `first` and `last` (see `reads.listed`)."""

    caption = _("Plans")
    title = tables.Column(_("Title"), linkify=("planning:plan_detail", [tables.A("pk")]), attrs=LINK)
    subjects = tables.Column(_("Subject"), accessor="placed", orderable=False, default="")
    groups = tables.Column(_("Groups"), accessor="placed", orderable=False, default="")
    first = tables.DateColumn("Y-m-d", verbose_name=_("From"), default="", attrs=WHOLE)
    last = tables.DateColumn("Y-m-d", verbose_name=_("To"), default="", attrs=WHOLE)
    state = tables.TemplateColumn(template_name="planning/parts/state.html", verbose_name=_("State"), order_by=("state", "-created_at"))
    by = tables.Column(_("By"), accessor="created_by__shown_name", order_by=("created_by__sort_key", "-created_at"))
    copy = tables.TemplateColumn(template_name="planning/parts/copy_link.html", verbose_name=_("Copy"), orderable=False)

    class Meta(OfficeTable.Meta):
        empty_text = _("No plans here yet that fit what you asked for.")
        order_by = ("-first",)

    def render_subjects(self, value: list[Any]) -> str:
        return ", ".join(dict.fromkeys(str(row.activity.syllabus or "") for row in value))

    def render_groups(self, value: list[Any]) -> str:
        return ", ".join(dict.fromkeys(groups_in_words(row.activity) for row in value))

    def render_by(self, value: str, record: Any) -> str:
        """The protected are named on no list."""
        return "" if record.created_by.is_protected else value
