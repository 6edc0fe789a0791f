"""The lists of absence: their columns and orders. The rows come scoped from the view."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from registry.tables import LINK, OfficeTable

DAY = {"td": {"class": "nowrap"}}
WIDE_ALONE = {"td": {"class": "nowrap wide-alone"}, "th": {"class": "wide-alone"}}


class AlertTable(OfficeTable):
    """Rows are alerts with pupil, class and school."""

    caption = _("Alerts about absence")
    pupil = tables.Column(
        _("Pupil"),
        accessor="pupil__shown_name",
        order_by="pupil__sort_key",
        linkify=("absence:pupil_absence", [tables.A("pupil_id")]),
        attrs=LINK,
    )
    class_name = tables.Column(_("Class"), default="", attrs=WIDE_ALONE)
    figures = tables.TemplateColumn(template_name="absence/parts/alert_words.html", verbose_name=_("Why"), order_by=("kind", "raised_at"))
    raised_at = tables.DateTimeColumn("Y-m-d", verbose_name=_("Raised"), order_by=("raised_at", "pk"), attrs=WIDE_ALONE)
    school = tables.Column(_("School"), accessor="school_unit__name", order_by=("school_unit__name", "raised_at"))
    state = tables.TemplateColumn(template_name="absence/parts/alert_state.html", verbose_name=_("State"), order_by=("state", "raised_at"))

    class Meta(OfficeTable.Meta):
        empty_text = _("No alerts. Nobody's absence has passed a limit.")
        order_by = ("-raised_at",)


class InvestigationTable(OfficeTable):
    """Rows are investigations with pupil, school and report."""

    caption = _("Investigations of absence")
    registry_no = tables.Column(_("Number"), linkify=("absence:investigation_detail", [tables.A("pk")]), attrs=LINK)
    pupil = tables.Column(_("Pupil"), accessor="pupil__shown_name", order_by="pupil__sort_key")
    state = tables.Column(_("State"), accessor="get_state_display", order_by=("state", "opened_at"))
    opened_at = tables.DateTimeColumn("Y-m-d", verbose_name=_("Opened"), order_by=("opened_at", "pk"), attrs=DAY)
    follow_up_on = tables.DateColumn("Y-m-d", verbose_name=_("To be followed up"), default="", attrs=DAY)
    school = tables.Column(_("School"), accessor="school_unit__name", order_by=("school_unit__name", "opened_at"))

    class Meta(OfficeTable.Meta):
        empty_text = _("No investigations that you may see.")
        order_by = ("-opened_at",)
