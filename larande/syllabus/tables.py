"""What has been read into the system, for those who answer for it."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.tables import OfficeTable

from .models import SubjectVersion

UNBROKEN = {"td": {"class": "unbroken"}}
NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}


class VersionTable(OfficeTable):
    """Rows come from `reads.with_sums`."""

    caption = _("What has been read in")
    name = tables.TemplateColumn(
        template_name="syllabus/parts/subject_cell.html", verbose_name=_("Subject"), order_by=("name", "course_code", "number")
    )
    school_type = tables.Column(_("Form of school"))
    number = tables.Column(_("Version"), attrs=NUMBER)
    valid_from = tables.DateColumn("Y-m-d", verbose_name=_("In force from"), attrs=UNBROKEN)
    item_count = tables.Column(_("Points"), attrs=NUMBER)
    criterion_count = tables.Column(_("Criteria"), attrs=NUMBER)
    created_at = tables.DateColumn("Y-m-d", verbose_name=_("Read in"), attrs=UNBROKEN)
    source = tables.Column(pgettext_lazy("source", "From"), empty_values=(), attrs={"td": {"class": "way"}})

    class Meta(OfficeTable.Meta):
        empty_text = _("Nothing yet.")

    def render_source(self, record: SubjectVersion) -> Any:
        return gettext("Example") if record.is_example else record.source
