"""The own school units and what they decide themselves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry.actions import units
from registry.forms.units import SchoolUnitForm, unit_as_saved
from registry.models import SchoolUnit


@require_GET
def school_unit_list(request: RoleRequest) -> HttpResponse:
    return render(request, "registry/school_unit_list.html", {"units": SchoolUnit.objects.visible_to(request.actor)})


@require_http_methods(["GET", "POST"])
def edit_school_unit(request: RoleRequest, pk: UUID) -> HttpResponse:
    unit = get_object_or_404(SchoolUnit.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "registry.decide_for_unit", unit)
    form = SchoolUnitForm(request.POST or None, initial=unit_as_saved(unit))
    if form.is_valid():
        values, version = form.cleaned_data, form.cleaned_data["version"]
        if accepted(form, units.edit_school_unit, actor=request.actor, school_unit=unit, values=values, version=version):
            messages.success(request, _("Saved."))
            return redirect("registry:school_unit_list")
    form.go_on_from(unit)
    return show_form(request, "registry/edit_school_unit.html", form, unit=unit)
