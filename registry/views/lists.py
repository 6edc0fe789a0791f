"""The lists that an office works with: sorted, narrowed, paged, printed, and as files for those who have the right."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.downloads import download
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import lists
from registry.documents import tables as files
from registry.forms.lists import ListFilter, PupilFilter, StaffFilter
from registry.models import Duty, EmailAddress, Enrolment, Guardianship, PhoneNumber
from registry.tables import PupilTable, StaffTable

ENDINGS = {"csv", "xlsx"}


def _pupils(request: RoleRequest) -> PupilFilter:
    places = Enrolment.objects.visible_to(request.actor).at_units_led_by(request.actor)
    return PupilFilter(request.GET, queryset=reads.pupils_today(places), request=request)


def _staff(request: RoleRequest) -> StaffFilter:
    duties = Duty.objects.visible_to(request.actor).at_units_led_by(request.actor)
    return StaffFilter(request.GET, queryset=reads.staff_today(duties), request=request)


def _needless(narrowed: ListFilter) -> tuple[str, ...]:
    return () if narrowed.several_schools else ("school",)


def _show(request: RoleRequest, template: str, narrowed: Any, table: Any) -> HttpResponse:
    RequestConfig(request, paginate={"per_page": table.per_page, "silent": True}).configure(table)
    context = {"table": table, "filter": narrowed, "may_export": allows(request.actor, "registry.export_lists")}
    return render(request, template, context)


@require_GET
def pupil_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    narrowed = _pupils(request)
    return _show(request, "registry/pupil_list.html", narrowed, PupilTable(narrowed.qs, exclude=_needless(narrowed)))


@require_GET
def staff_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    narrowed = _staff(request)
    return _show(request, "registry/staff_list.html", narrowed, StaffTable(narrowed.qs, exclude=_needless(narrowed)))


@require_GET
def export_pupils(request: RoleRequest, ending: str) -> HttpResponse:
    """The list as it is narrowed, with the homes' contacts, as far as they are open to the actor."""
    guardians, phones = Guardianship.objects.visible_to(request.actor), PhoneNumber.objects.visible_to(request.actor)
    emails = EmailAddress.objects.visible_to(request.actor)
    places = list(_pupils(request).qs.at_units_exported_by(request.actor).order_by("pupil__sort_key"))
    contacts = reads.contacts_of([place.pupil for place in places], guardians, phones, emails)
    lists.export_list(actor=request.actor, kind="pupils", subjects=[place.pupil_id for place in places])
    headings = [_("Family name"), _("Given name"), _("Date of birth"), _("Class"), _("Year"), _("School")]
    return _file(ending, _("pupils"), [*headings, _("Guardians"), _("Phone"), _("E-mail")], list(reads.pupil_rows(places, contacts)))


@require_GET
def export_staff(request: RoleRequest, ending: str) -> HttpResponse:
    duties = list(_staff(request).qs.at_units_exported_by(request.actor).order_by("person__sort_key"))
    lists.export_list(actor=request.actor, kind="staff", subjects=[duty.person_id for duty in duties])
    headings = [_("Family name"), _("Given name"), _("Duty"), _("Signature"), _("School"), _("First day"), _("Last day")]
    rows = [
        [*reads.name_cells(duty.person), duty.get_duty_role_display(), duty.signature, duty.school_unit.name,
         duty.start_date, duty.end_date] for duty in duties if duty.school_unit
    ]  # fmt: skip
    return _file(ending, _("staff"), headings, rows)


def _file(ending: str, name: str, headings: list[str], rows: list[list[Any]]) -> HttpResponse:
    if ending not in ENDINGS:
        raise Http404
    content = files.csv_of(headings, rows) if ending == "csv" else files.xlsx_of(name, headings, rows)
    return download(content, f"{name}-{days.today()}", ending)
