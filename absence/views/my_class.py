"""The mentor's page: the class with each pupil's absence, one pupil whole, and the steps that are taken."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence import reads
from absence.actions import steps
from absence.forms.follow_up import EditStepForm, TakeStepForm
from absence.models import AbsenceStep, Judgement, LadderStep
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, go_on_from, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads as registry
from registry.models import Group, Person

ORDERS = ("namn", "franvaro", "ogiltig")


@require_GET
def my_class(request: RoleRequest, group: UUID) -> HttpResponse:
    followed = get_object_or_404(reads.groups_followed(Group.objects.visible_to(request.actor), request.actor), pk=group)
    rows = reads.class_rows(followed, registry.with_larande(Person.objects.visible_to(request.actor)), request.actor)
    record(actor=request.actor, action="absence.my_class", subjects=[row.pupil.pk for row in rows], object_id=followed.pk)
    order = request.GET.get("ordning", "")
    order = order if order in ORDERS else ORDERS[0]
    return render(request, "absence/my_class.html", {"group": followed, "rows": reads.sorted_rows(rows, order), "order": order})


@require_GET
def pupil_absence(request: RoleRequest, pk: UUID) -> HttpResponse:
    pupil = _followed(request, pk)
    unit = reads.unit_followed(pupil, request.actor)
    record(actor=request.actor, action="absence.pupil_absence", subjects=[pupil.pk])
    context = {
        "pupil": pupil,
        "page": reads.pupil_absence_of(pupil, request.actor, unit),
        "judgements": reads.judgements_of(Judgement.objects.visible_to(request.actor), pupil),
        "may_investigate": unit is not None
        and allows(request.actor, "absence.open_investigation", pupil)
        and reads.is_investigated(pupil, unit),
        **reads.follow_up_of(pupil, request.actor),
    }
    return render(request, "absence/pupil_absence.html", context)


@require_http_methods(["GET", "POST"])
def take_step(request: RoleRequest, pk: UUID) -> HttpResponse:
    pupil = _followed(request, pk)
    unit = reads.unit_followed(pupil, request.actor)
    steps_seen = LadderStep.objects.visible_to(request.actor)
    form = TakeStepForm(request.POST or None, steps=reads.ladder_at(steps_seen, unit.pk if unit else None, days.today()))
    if unit and form.is_valid() and submit(form, steps.take_step, actor=request.actor, pupil=pupil, unit=unit, **form.cleaned_data):
        messages.success(request, _("The step is saved."))
        return redirect("absence:pupil_absence", pk)
    return show_form(request, "absence/take_step.html", form, pupil=pupil)


@require_http_methods(["GET", "POST"])
def edit_step(request: RoleRequest, pk: UUID) -> HttpResponse:
    taken = get_object_or_404(AbsenceStep.objects.visible_to(request.actor).select_related("pupil", "step", "taken_by"), pk=pk)
    stored = {"taken_on": taken.taken_on, "note": taken.note, "version": taken.version}
    form = EditStepForm(request.POST or None, initial=stored)
    if form.is_valid() and accepted(form, steps.edit_step, actor=request.actor, taken=taken, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("absence:pupil_absence", taken.pupil_id)
    go_on_from(form, taken.version)
    return show_form(request, "absence/edit_step.html", form, taken=taken)


def _followed(request: RoleRequest, pk: UUID) -> Person:
    """The pupil, seen and followed: a subject teacher sees the pupil and is refused."""
    pupil: Person = get_object_or_404(registry.with_class_name(Person.objects.visible_to(request.actor), days.today()), pk=pk)
    require(request.actor, "absence.follow_pupil", pupil)
    return pupil
