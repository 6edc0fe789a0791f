"""The lists that an office works with: their columns and orders. The rows come scoped from the view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

LINK = {"a": {"class": "ds-link"}}


class OfficeTable(tables.Table):
    """What every list shares: a caption that says what it is, the standard template, fifty rows a page."""

    caption: Any = ""
    per_page = 50

    def paginate(self, *args: Any, **kwargs: Any) -> Any:
        """Pages as long as the list says; the address does not."""
        return super().paginate(*args, **{**kwargs, "per_page": self.per_page})

    def lines(self) -> Iterator[list[tuple[str, Any]]]:
        """The rows of the page, each cell with its attributes: these are the column's, so they are written once."""
        columns = [(column.name, column.attrs["td"].as_html()) for column in self.columns]
        for row in self.paginated_rows:
            yield [(attributes, self.cell(row, name)) for name, attributes in columns]

    def cell(self, row: Any, name: str) -> Any:
        return row.get_cell(name)

    class Meta:
        template_name = "parts/table.html"
        orderable = True
        empty_text = _("Nothing fits what you asked for.")


def shown(request: HttpRequest, table: OfficeTable) -> OfficeTable:
    """The table sorted and on the page that the address asks for; without counting the rows."""
    RequestConfig(request, paginate={"paginator_class": tables.LazyPaginator, "silent": True}).configure(table)
    return table


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
    class_name = tables.Column(_("Class"), order_by=("class_order", "pupil__sort_key"), default="")
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
    name = tables.Column(_("Name"), order_by="sort_key", linkify=("registry:group_detail", [tables.A("pk")]), attrs=LINK)
    group_type = tables.Column(_("Kind"), accessor="get_group_type_display", order_by=("group_type", "sort_key"))
    member_count = tables.Column(_("Pupils"), order_by=("member_count", "sort_key"))
    school = tables.Column(_("School"), accessor="school_unit__name", order_by=("school_unit__name", "sort_key"))

    class Meta(OfficeTable.Meta):
        empty_text = _("You have no groups just now.")
        order_by = ("school", "name")


class ActivityTable(OfficeTable):
    """Rows are activities with `links` and `assignments`."""

    caption = _("Teaching")
    name = tables.Column(_("Name"), linkify=("registry:activity_detail", [tables.A("pk")]), attrs=LINK)
    subject = tables.Column(_("Subject"), accessor="syllabus__subject_name", order_by=("syllabus__subject_name", "name"), default="")
    groups = tables.Column(_("Groups"), accessor="links", orderable=False, default="")
    teachers = tables.Column(_("Teachers"), accessor="assignments", orderable=False, default="")
    school = tables.Column(_("School"), accessor="school_unit__name", order_by=("school_unit__name", "name"))

    class Meta(OfficeTable.Meta):
        empty_text = _("Nothing is taught that you have chosen.")
        order_by = ("school", "name")

    def render_groups(self, value: list[Any]) -> str:
        return ", ".join(link.group.name for link in value)

    def render_teachers(self, value: list[Any]) -> str:
        return ", ".join(row.duty.person.shown_name for row in value)


class RoomTable(OfficeTable):
    caption = _("Rooms")
    name = tables.Column(_("Name"), linkify=("registry:room_timetable", [tables.A("pk")]), attrs=LINK)
    seats = tables.Column(_("Seats"), default="")
    school = tables.Column(_("School"), accessor="school_unit__name", order_by=("school_unit__name", "name"))
    edit = tables.Column(_("Edit"), accessor="name", orderable=False, linkify=("registry:edit_room", [tables.A("pk")]), attrs=LINK)

    class Meta(OfficeTable.Meta):
        empty_text = _("No rooms are registered.")
        order_by = ("school", "name")

    def render_edit(self, record: Any) -> str:
        return str(_("Edit"))


class ImportTable(OfficeTable):
    """Rows are imports with their source and sender."""

    caption = _("Imports")
    created_at = tables.DateTimeColumn(
        "Y-m-d H:i", verbose_name=_("When"), linkify=("registry:import_detail", [tables.A("pk")]), attrs=LINK
    )
    template = tables.Column(_("What"), accessor="get_template_display", order_by="template")
    by = tables.Column(_("By"), accessor="source__name", order_by=("started_by__sort_key", "source__name"))
    state = tables.TemplateColumn(template_name="registry/parts/import_state.html", verbose_name=_("State"), extra_context={})

    class Meta(OfficeTable.Meta):
        empty_text = _("Nothing has been imported yet.")
        order_by = ("-created_at",)

    def render_by(self, record: Any) -> str:
        return str(record.started_by.shown_name if record.started_by else record.source.name)
