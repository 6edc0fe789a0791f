"""Which modules a school uses: what is switched off is nowhere to be seen."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.lib import days
from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import modules
from registry.forms.modules import SwitchModuleForm
from registry.models import Module, ModuleSwitch, SchoolUnit

from .module_wording import what_follows


@require_GET
def module_list(request: RoleRequest, pk: UUID) -> HttpResponse:
    unit = _unit(request, pk)
    states = reads.module_states(ModuleSwitch.objects.visible_to(request.actor).filter(school_unit=unit))
    return render(request, "registry/module_list.html", {"unit": unit, "states": states})


@require_http_methods(["GET", "POST"])
def switch_module(request: RoleRequest, pk: UUID, module: str) -> HttpResponse:
    """Says before what disappears, and for whom; the form switches the other way than it is today."""
    unit = _unit(request, pk)
    if module not in Module.values:
        raise Http404
    states = reads.module_states(ModuleSwitch.objects.visible_to(request.actor).filter(school_unit=unit))
    state = next(one for one in states if one.module == module)
    form = SwitchModuleForm(request.POST or None, initial={"is_on": "0" if state.is_on else "1", "start_date": days.today()})
    given = {"actor": request.actor, "school_unit": unit, "module": state.module}
    if form.is_valid() and accepted(form, modules.switch_module, **given, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("registry:module_list", unit.pk)
    effects = what_follows(state.module)
    return show_form(request, "registry/switch_module.html", form, unit=unit, state=state, effects=effects, pupils=reads.pupils_at(unit))


@require_POST
def take_back_module_switch(request: RoleRequest, pk: UUID) -> HttpResponse:
    switch = get_object_or_404(ModuleSwitch.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", switch.school_unit)
    try:
        modules.take_back_module_switch(actor=request.actor, switch=switch)
        messages.success(request, _("Taken back."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("registry:module_list", switch.school_unit_id)


def _unit(request: RoleRequest, pk: UUID) -> SchoolUnit:
    unit: SchoolUnit = get_object_or_404(SchoolUnit.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "registry.lead_unit", unit)
    return unit
