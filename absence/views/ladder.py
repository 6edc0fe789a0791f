"""The ladders for absence of the schools that one leads: what is done, by whom, in which order, from which day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from absence import reads
from absence.actions import ladder as actions
from absence.forms.ladder import AddLadderStepForm, EndLadderStepForm, LadderStepForm, MoveLadderStepForm
from absence.models import LadderStep
from absence.reads import UnitLadder
from dexter.lib import days
from dexter.lib.access import require
from dexter.lib.forms import accepted, go_on_from, show_form, submit
from dexter.lib.requests import RoleRequest
from registry.models import SchoolUnit


@require_GET
def ladder_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    units = SchoolUnit.objects.visible_to(request.actor).led_by(request.actor)
    return render(request, "absence/ladder_list.html", {"ladders": reads.ladders_of(units)})


@require_http_methods(["GET", "POST"])
def add_ladder_step(request: RoleRequest, unit: UUID) -> HttpResponse:
    ladder = _ladder(request, unit)
    form = AddLadderStepForm(request.POST or None, initial={"version": ladder.version})
    if form.is_valid():
        given = {"submission": form.cleaned_data["submission"], **_given(form)}
        if submit(form, actions.add_ladder_step, actor=request.actor, unit=ladder.unit, **given):
            messages.success(request, _("The step is added."))
            return redirect("absence:ladder_list")
    go_on_from(form, ladder.version)
    return show_form(request, "absence/add_ladder_step.html", form, ladder=ladder)


@require_http_methods(["GET", "POST"])
def edit_ladder_step(request: RoleRequest, unit: UUID, code: str) -> HttpResponse:
    ladder, step = _step(request, unit, code)
    initial = {"version": ladder.version, "start_date": max(step.start_date, days.today())}
    form = LadderStepForm(request.POST or None, instance=step, initial=initial)
    if form.is_valid() and accepted(form, actions.edit_ladder_step, actor=request.actor, unit=ladder.unit, code=code, **_given(form)):
        messages.success(request, _("Saved."))
        return redirect("absence:ladder_list")
    go_on_from(form, ladder.version)
    stored = reads.step_named(reads.ladder_of(ladder.unit), code)  # the form has written in the other
    return show_form(request, "absence/edit_ladder_step.html", form, ladder=ladder, step=stored)


@require_http_methods(["GET", "POST"])
def end_ladder_step(request: RoleRequest, unit: UUID, code: str) -> HttpResponse:
    ladder, step = _step(request, unit, code)
    initial = {"version": ladder.version, "start_date": max(step.start_date, days.today())}
    form = EndLadderStepForm(request.POST or None, initial=initial)
    if form.is_valid() and accepted(form, actions.end_ladder_step, actor=request.actor, unit=ladder.unit, code=code, **form.cleaned_data):
        messages.success(request, _("The step is taken out of the ladder."))
        return redirect("absence:ladder_list")
    return show_form(request, "absence/end_ladder_step.html", form, ladder=ladder, step=step)


@require_POST
def move_ladder_step(request: RoleRequest, unit: UUID, code: str) -> HttpResponse:
    ladder, _found = _step(request, unit, code)
    form = MoveLadderStepForm(request.POST)
    given = {"up": form.cleaned_data["direction"] == "up", "version": form.cleaned_data["version"]} if form.is_valid() else {}
    if given and accepted(form, actions.move_ladder_step, actor=request.actor, unit=ladder.unit, code=code, **given):
        return redirect("absence:ladder_list")
    messages.error(request, _("Somebody else changed the ladder meanwhile. Look at it and move again."))
    return redirect("absence:ladder_list")


def _given(form: LadderStepForm) -> dict[str, Any]:
    return {"start_date": form.cleaned_data["start_date"], "values": form.values, "version": form.cleaned_data["version"]}


def _ladder(request: RoleRequest, unit: UUID) -> UnitLadder:
    school = get_object_or_404(SchoolUnit.objects.visible_to(request.actor).led_by(request.actor), pk=unit)
    require(request.actor, "absence.edit_ladder", school)
    return reads.ladder_of(school)


def _step(request: RoleRequest, unit: UUID, code: str) -> tuple[UnitLadder, LadderStep]:
    ladder = _ladder(request, unit)
    step = reads.step_named(ladder, code)
    if step is None:
        raise Http404
    return ladder, step
