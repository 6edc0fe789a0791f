"""The lists of assessment: their columns and orders. The rows come scoped from the view."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from registry.tables import OfficeTable


class MatrixTable(OfficeTable):
    """Rows are templates with school and `row_count`."""

    caption = _("Matrices to use or copy")
    title = tables.TemplateColumn(template_name="assessment/parts/matrix_title.html", verbose_name=_("Title"), order_by=("title", "pk"))
    year = tables.Column(_("Year"), default="")
    level = tables.Column(_("Whose"), accessor="get_level_display", order_by=("level", "title"))
    school = tables.Column(_("School"), accessor="school_unit__name", order_by=("school_unit__name", "title"))
    row_count = tables.Column(_("Rows"), attrs={"td": {"class": "number"}, "th": {"class": "number"}})

    class Meta(OfficeTable.Meta):
        empty_text = _("No matrices yet. Make one from the criteria: it takes a minute.")
        order_by = ("title",)
