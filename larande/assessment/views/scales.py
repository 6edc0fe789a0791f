"""Which steps are offered to whom: read by staff, changed by the responsible body."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from larande.assessment import reads
from larande.assessment.actions import scales as actions
from larande.assessment.forms.scales import ScaleForm
from larande.assessment.models import AssessmentScale


@require_GET
def scale_list(request: RoleRequest) -> HttpResponse:
    """What holds today and what is decided to come, with what it rests on."""
    rows = reads.with_steps(AssessmentScale.objects.visible_to(request.actor).on_or_after(days.today()))
    context = {"scales": rows, "may_edit": allows(request.actor, "assessment.edit_scale"), "today": days.today()}
    return render(request, "assessment/scale_list.html", context)


@require_http_methods(["GET", "POST"])
def edit_scale(request: RoleRequest, pk: UUID) -> HttpResponse:
    scale = get_object_or_404(reads.with_steps(AssessmentScale.objects.visible_to(request.actor).on_or_after(days.today())), pk=pk)
    require(request.actor, "assessment.edit_scale", scale)
    shown = {"start_date": max(days.today(), scale.start_date), "version": scale.modified_at.isoformat()}
    form = ScaleForm(request.POST or None, instance=scale, saved=reads.steps_of(scale), initial=shown)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("start_date", "steps", "version")} | {"values": form.values}
        if accepted(form, actions.edit_scale, actor=request.actor, scale=scale, **given):
            messages.success(request, _("Saved."))
            return redirect("assessment:scale_list")
    form.go_on_from(scale)
    return show_form(request, "assessment/edit_scale.html", form, scale=scale)
