"""Pupils who read another syllabus in a teaching: chosen and ended by the office."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry.actions import own_syllabuses as actions
from registry.forms.own_syllabuses import PupilSyllabusForm
from registry.forms.relations import LastDayForm
from registry.models import PupilSyllabus

from .activity import led_activity


@require_http_methods(["GET", "POST"])
def add_pupil_syllabus(request: RoleRequest, pk: UUID) -> HttpResponse:
    activity = led_activity(request, pk)
    form = PupilSyllabusForm(request.POST or None, actor=request.actor, activity=activity)
    if form.is_valid() and accepted(form, actions.add_pupil_syllabus, actor=request.actor, activity=activity, **form.cleaned_data):
        messages.success(request, _("The pupil reads the other syllabus from the day you chose."))
        return redirect("registry:activity_detail", pk)
    return show_form(request, "registry/add_pupil_syllabus.html", form, activity=activity)


@require_http_methods(["GET", "POST"])
def end_pupil_syllabus(request: RoleRequest, pk: UUID) -> HttpResponse:
    rows = PupilSyllabus.objects.visible_to(request.actor).select_related("activity__school_unit", "pupil", "syllabus")
    row = get_object_or_404(rows, pk=pk)
    require(request.actor, "registry.lead_unit", row.activity.school_unit)
    form = LastDayForm(request.POST or None)
    if form.is_valid() and accepted(form, actions.end_pupil_syllabus, actor=request.actor, row=row, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("registry:activity_detail", row.activity_id)
    return show_form(request, "registry/end_pupil_syllabus.html", form, activity=row.activity, row=row)
