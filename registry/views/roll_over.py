"""The change of school year: the draft, its classes and exceptions, carrying it out and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import roll_over as drafts
from registry.actions import roll_over_effect as effects
from registry.forms.roll_over import (
    ClassStepForm,
    EffectForm,
    EndingGroupsForm,
    NewClassStepForm,
    PupilStepForm,
    SourceForm,
    StartRollOverForm,
)
from registry.models import ClassFate, ClassStep, Person, PupilStep, RollOver

DETAIL = "registry:roll_over_detail"


@require_GET
def roll_over_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    rows = RollOver.objects.visible_to(request.actor).select_related("school_unit", "from_year", "to_year")
    return render(request, "registry/roll_over_list.html", {"roll_overs": rows})


@require_http_methods(["GET", "POST"])
def start_roll_over(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = StartRollOverForm(request.POST or None, actor=request.actor)
    if form.is_valid() and (draft := submit(form, drafts.start_roll_over, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The draft is begun. Nothing changes until it is carried out."))
        return redirect(DETAIL, draft.pk)
    return show_form(request, "registry/start_roll_over.html", form)


@require_GET
def roll_over_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The preview of a draft; what was done of one that is carried out."""
    roll_over = _led(request, pk)
    context: dict[str, Any] = {"roll_over": roll_over}
    if roll_over.is_open:
        context["preview"] = reads.preview_of(roll_over, Person.objects.visible_to(request.actor))
    else:
        context["steps"] = ClassStep.objects.visible_to(request.actor).filter(roll_over=roll_over).select_related("from_group", "to_group")
    subjects = context["preview"].people if roll_over.is_open else []
    record(actor=request.actor, action="registry.roll_over_detail", subjects=subjects, object_id=pk)
    return render(request, "registry/roll_over_detail.html", context)


@require_http_methods(["GET", "POST"])
def choose_ending_groups(request: RoleRequest, pk: UUID) -> HttpResponse:
    roll_over = _led(request, pk)
    initial = {"version": roll_over.version, "groups": reads.groups_ending(roll_over)}
    form = EndingGroupsForm(request.POST or None, roll_over=roll_over, initial=initial)
    if form.is_valid() and accepted(form, drafts.choose_ending_groups, actor=request.actor, roll_over=roll_over, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect(DETAIL, pk)
    return show_form(request, "registry/choose_ending_groups.html", form, roll_over=roll_over)


@require_http_methods(["GET", "POST"])
def add_class_step(request: RoleRequest, pk: UUID) -> HttpResponse:
    roll_over = _led(request, pk)
    initial = {"version": roll_over.version, "fate": ClassFate.NEW}
    form = NewClassStepForm(request.POST or None, actor=request.actor, roll_over=roll_over, initial=initial)
    if form.is_valid() and accepted(form, drafts.add_class_step, actor=request.actor, roll_over=roll_over, **form.cleaned_data):
        return redirect(DETAIL, pk)
    return show_form(request, "registry/add_class_step.html", form, roll_over=roll_over)


@require_http_methods(["GET", "POST"])
def edit_class_step(request: RoleRequest, pk: UUID) -> HttpResponse:
    step = get_object_or_404(ClassStep.objects.visible_to(request.actor).select_related("from_group", "roll_over__school_unit"), pk=pk)
    roll_over = _led(request, step.roll_over_id)
    initial = {name: getattr(step, name) for name in ("fate", "name", "school_year")}
    initial |= {"version": roll_over.version, "mentors": reads.duties_chosen(step)}
    form = ClassStepForm(request.POST or None, actor=request.actor, roll_over=roll_over, initial=initial)
    if form.is_valid() and accepted(form, drafts.edit_class_step, actor=request.actor, step=step, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect(DETAIL, roll_over.pk)
    return show_form(request, "registry/edit_class_step.html", form, roll_over=roll_over, step=step)


@require_POST
def remove_class_step(request: RoleRequest, pk: UUID) -> HttpResponse:
    step = get_object_or_404(ClassStep.objects.visible_to(request.actor).select_related("roll_over__school_unit"), pk=pk)
    _said(request, drafts.remove_class_step, _("The class is out of the draft."), step=step)
    return redirect(DETAIL, step.roll_over_id)


@require_http_methods(["GET", "POST"])
def add_pupil_step(request: RoleRequest, pk: UUID) -> HttpResponse:
    """First a class of today, then one of its pupils."""
    roll_over = _led(request, pk)
    source = SourceForm(request.GET or None, actor=request.actor, roll_over=roll_over)
    chosen = source.cleaned_data["klass"] if source.is_valid() else None
    pupils = reads.pupils_to_pick(Person.objects.visible_to(request.actor), roll_over, chosen)
    initial = {"version": roll_over.version}
    form = PupilStepForm(request.POST or None, actor=request.actor, roll_over=roll_over, pupils=pupils, initial=initial)
    if form.is_valid() and accepted(form, drafts.add_pupil_step, actor=request.actor, roll_over=roll_over, **form.cleaned_data):
        messages.success(request, _("The exception is in the draft."))
        return redirect(DETAIL, pk)
    return show_form(request, "registry/add_pupil_step.html", form, roll_over=roll_over, source=source)


@require_POST
def remove_pupil_step(request: RoleRequest, pk: UUID) -> HttpResponse:
    step = get_object_or_404(PupilStep.objects.visible_to(request.actor).select_related("roll_over__school_unit"), pk=pk)
    _said(request, drafts.remove_pupil_step, _("The pupil goes with the class again."), step=step)
    return redirect(DETAIL, step.roll_over_id)


@require_POST
def remove_roll_over(request: RoleRequest, pk: UUID) -> HttpResponse:
    _said(request, drafts.remove_roll_over, _("The draft is thrown away."), roll_over=_led(request, pk))
    return redirect("registry:roll_over_list")


@require_http_methods(["GET", "POST"])
def effect_roll_over(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Now, or by itself on the day."""
    roll_over = _led(request, pk)
    form = EffectForm(request.POST or None, initial={"version": roll_over.version})
    if form.is_valid():
        later, version = form.cleaned_data["when"] == "on_the_day", form.cleaned_data["version"]
        action: Callable[..., Any] = effects.schedule_roll_over if later else effects.effect_roll_over
        done = submit(form, action, actor=request.actor, roll_over=roll_over, version=version)
        if not form.errors:
            said = _("It is carried out by itself on the day.") if later else _("The change of school year is carried out.")
            _tell(request, said, done is not False)
            return redirect(DETAIL, pk)
    return show_form(request, "registry/effect_roll_over.html", form, roll_over=roll_over)


@require_http_methods(["GET", "POST"])
def reverse_roll_over(request: RoleRequest, pk: UUID) -> HttpResponse:
    roll_over = _led(request, pk)
    if request.method == "GET":
        return render(request, "registry/reverse_roll_over.html", {"roll_over": roll_over})
    _said(request, effects.reverse_roll_over, _("The change is reversed. Everything is as it was before."), roll_over=roll_over)
    return redirect(DETAIL, pk)


def _led(request: RoleRequest, pk: UUID) -> RollOver:
    rows = RollOver.objects.visible_to(request.actor).select_related("school_unit", "from_year", "to_year")
    roll_over: RollOver = get_object_or_404(rows, pk=pk)
    require(request.actor, "registry.lead_unit", roll_over.school_unit)
    return roll_over


def _said(request: RoleRequest, action: Callable[..., Any], said: str, **arguments: Any) -> None:
    """Do it and say so; what the action refuses is said instead."""
    try:
        _tell(request, said, action(actor=request.actor, **arguments) is not False)
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)


def _tell(request: RoleRequest, said: str, is_done: bool) -> None:
    if is_done:
        messages.success(request, said)
    else:
        messages.info(request, _("That was done already. Nothing has changed now."))
