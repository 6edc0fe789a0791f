"""A timetable is uploaded, looked at as a dry run, and confirmed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dexter.lib.access import require
from dexter.lib.forms import show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import timetable_import as timetables
from registry.forms.timetable_import import DigestForm, TimetableForm
from registry.imports.tables import LARGEST_FILE
from registry.models import TimetableImport


@require_http_methods(["GET", "POST"])
def import_timetable(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = TimetableForm(request.POST or None, request.FILES or None, actor=request.actor)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("school_unit", "from_day", "whole")}
        content = form.cleaned_data["file"].read(LARGEST_FILE + 1)
        if upload := submit(form, timetables.import_timetable, actor=request.actor, content=content, **given):
            return redirect("registry:apply_timetable", upload.pk)
    return show_form(request, "registry/import_timetable.html", form)


@require_http_methods(["GET", "POST"])
def apply_timetable(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The dry run; confirmed, it is carried out just so."""
    upload = get_object_or_404(TimetableImport.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", upload.school_unit)
    form = DigestForm(request.POST or None)
    if form.is_valid():
        done = submit(form, timetables.apply_timetable, actor=request.actor, upload=upload, **form.cleaned_data)
        if not form.errors:
            said = _("The timetable is imported.") if done else _("That was done already. Nothing has changed now.")
            messages.success(request, said)
            return redirect("registry:apply_timetable", pk)
    plan = None if upload.applied_at else reads.plan_of(upload)
    return show_form(request, "registry/apply_timetable.html", form, upload=upload, plan=plan)
