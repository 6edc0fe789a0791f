"""The lists that an office works with: their columns and orders. The rows come scoped from the view."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

LINK = {"a": {"class": "ds-link"}}


class OfficeTable(tables.Table):
    """What every list shares: a caption that says what it is, the standard template, fifty rows a page."""

    caption: Any = ""
    per_page = 50

    def paginate(self, *args: Any, **kwargs: Any) -> Any:
        """Pages as long as the list says; the address does not."""
        return super().paginate(*args, **{**kwargs, "per_page": self.per_page})

    class Meta:
        template_name = "parts/table.html"
        orderable = True
        empty_text = _("Nothing fits what you asked for.")


class PupilTable(OfficeTable):
    """Rows are places at a school with the pupil, `class_name` beside."""

    caption = _("Pupils")
    name = tables.Column(
        _("Name"),
        accessor="pupil__shown_name",
        order_by="pupil__sort_key",
        linkify=("registry:person_detail", [tables.A("pupil_id")]),
        attrs=LINK,
    )
    class_name = tables.Column(_("Class"), default="")
    school_year = tables.Column(_("Year"), default="")
    school = tables.Column(_("School"), accessor="school_unit__name")
    start_date = tables.DateColumn("Y-m-d", verbose_name=_("First day"))

    class Meta(OfficeTable.Meta):
        order_by = ("name",)


class StaffTable(OfficeTable):
    """Rows are duties with the colleague."""

    caption = _("Staff")
    name = tables.Column(
        _("Name"),
        accessor="person__shown_name",
        order_by="person__sort_key",
        linkify=("registry:person_detail", [tables.A("person_id")]),
        attrs=LINK,
    )
    duty_role = tables.Column(_("Duty"), accessor="get_duty_role_display", order_by="duty_role")
    signature = tables.Column(_("Signature"))
    school = tables.Column(_("School"), accessor="school_unit__name")
    start_date = tables.DateColumn("Y-m-d", verbose_name=_("First day"))
    end_date = tables.DateColumn("Y-m-d", verbose_name=_("Last day"), default="")

    class Meta(OfficeTable.Meta):
        order_by = ("name",)


class GroupTable(OfficeTable):
    """Rows are groups with `member_count`."""

    caption = _("Groups")
    name = tables.Column(_("Name"), linkify=("registry:group_detail", [tables.A("pk")]), attrs=LINK)
    group_type = tables.Column(_("Kind"), accessor="get_group_type_display", order_by=("group_type", "name"))
    member_count = tables.Column(_("Pupils"), order_by=("member_count", "name"))
    school = tables.Column(_("School"), accessor="school_unit__name", order_by=("school_unit__name", "name"))

    class Meta(OfficeTable.Meta):
        empty_text = _("You have no groups just now.")
        order_by = ("school", "name")
