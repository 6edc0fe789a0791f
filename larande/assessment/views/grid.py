"""Judging: the grid of a class by keyboard, a pupil at a time on a phone, a cell at a time as one goes; and publishing."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib.access import allows, require
from dexter.lib.forms import submit
from dexter.lib.requests import RoleRequest
from larande.assessment import reads
from larande.assessment.actions import assess as actions
from larande.assessment.forms.grid import CellForm, ClassGridForm, PublishForm, PupilGridForm, keys_of, packed, with_options
from larande.assessment.models import AssessmentChange, MatrixUse


def _use(request: RoleRequest, pk: uuid.UUID) -> MatrixUse:
    return get_object_or_404(reads.with_grid_rights(MatrixUse.objects.visible_to(request.actor), request.actor), pk=pk)


@require_http_methods(["GET", "POST"])
def class_grid(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    """Pupils by rows, as a spreadsheet; the form saves all cells at once where there is no script."""
    use = _use(request, pk)
    if request.method == "GET":
        return _class_page(request, use)
    form = ClassGridForm(request.POST)
    try:
        saved = submit(form, actions.assess, actor=request.actor, use=use, marks=form.cleaned_data["marks"]) if form.is_valid() else None
    except actions.Conflict:
        return _class_page(request, use, form, status=409)
    return redirect(f"{reverse('assessment:class_grid', args=[pk])}?sparad") if saved is not None else _class_page(request, use, form, 422)


def _class_page(request: RoleRequest, use: MatrixUse, form: ClassGridForm | None = None, status: int = 200) -> HttpResponse:
    grid = reads.put_typed(reads.grid_of(use, request.actor), form.cleaned_data.get("sent", {}) if form else {})
    record(actor=request.actor, action="assessment.class_grid", subjects=[line.pupil.pk for line in grid.lines], object_id=use.pk)
    context = {"grid": with_options(grid), "use": use, "form": form, "conflict": status == 409, "is_saved": "sparad" in request.GET}
    context |= {"packed": packed(grid), "keys": _keys(grid)}
    return render(request, "assessment/class_grid.html", {**context, **_rights(request, use)}, status=status)


def _keys(grid: reads.Grid) -> list[tuple[str, list[tuple[str, str]]]]:
    """Which key chooses which step, with the names of the scales that share it."""
    shared: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for scale in grid.scales:
        keys = keys_of(scale)
        shared.setdefault(tuple((keys[step.code], step.name) for step in scale.steps), []).append(scale.row.name)
    return [(", ".join(names), list(steps)) for steps, names in shared.items()]


def _rights(request: RoleRequest, use: MatrixUse) -> dict[str, Any]:
    return {
        "may_assess": allows(request.actor, "assessment.assess", use),
        "may_publish": allows(request.actor, "assessment.publish_grid", use),
    }


@require_http_methods(["GET", "POST"])
def pupil_grid(request: RoleRequest, pk: uuid.UUID, pupil: uuid.UUID) -> HttpResponse:
    """All rows of one pupil: steps, words, the pupil's own view and what was changed."""
    use = _use(request, pk)
    if request.method == "GET":
        return _pupil_page(request, use, pupil)
    form = PupilGridForm(request.POST, pupil=pupil)
    try:
        saved = submit(form, actions.assess, actor=request.actor, use=use, marks=form.cleaned_data["marks"]) if form.is_valid() else None
    except actions.Conflict:
        return _pupil_page(request, use, pupil, form, status=409)
    return (
        redirect(f"{reverse('assessment:pupil_grid', args=[pk, pupil])}?sparad")
        if saved is not None
        else _pupil_page(request, use, pupil, form, 422)
    )


def _pupil_page(
    request: RoleRequest, use: MatrixUse, pupil: uuid.UUID, form: PupilGridForm | None = None, status: int = 200
) -> HttpResponse:
    roster = list(reads.pupils_of(use, request.actor))
    if pupil not in {person.pk for person in roster}:
        raise Http404
    grid = reads.put_typed(reads.grid_of(use, request.actor, [pupil]), *(form.typed if form else ({}, {})))
    record(actor=request.actor, action="assessment.pupil_grid", subjects=[pupil], object_id=use.pk)
    reads.put_changes(grid, AssessmentChange.objects.visible_to(request.actor))
    context = {"grid": grid, "use": use, "line": grid.lines[0], "form": form, "conflict": status == 409}
    context |= {"is_saved": "sparad" in request.GET, "readers": reads.readers_of(pupil), **_neighbours(roster, pupil)}
    return render(request, "assessment/pupil_grid.html", {**context, **_rights(request, use)}, status=status)


def _neighbours(roster: list[Any], pupil: uuid.UUID) -> dict[str, Any]:
    place = next(index for index, person in enumerate(roster) if person.pk == pupil)
    around = {"before": roster[place - 1] if place else None, "after": roster[place + 1] if place + 1 < len(roster) else None}
    return {**around, "number": place + 1, "total": len(roster)}


@require_POST
def save_cell(request: RoleRequest, pk: uuid.UUID) -> JsonResponse:
    """One cell, saved as one goes: its new version, what is refused (422), or what somebody else saved meanwhile (409)."""
    use, form = _use(request, pk), CellForm(request.POST)
    try:
        saved = submit(form, actions.assess, actor=request.actor, use=use, marks=[form.mark]) if form.is_valid() else None
    except actions.Conflict:
        return _conflict(request, use, form.mark)
    if saved is None:
        return JsonResponse({"errors": [error for errors in form.errors.values() for error in errors]}, status=422)
    return JsonResponse({"version": saved[0].version if saved else 0})


def _conflict(request: RoleRequest, use: MatrixUse, mark: actions.Mark) -> JsonResponse:
    """What stands in the cell now; it is read like any other."""
    stored = reads.stored_in(use, [mark.pupil]).get(mark.place)
    record(actor=request.actor, action="assessment.pupil_grid", subjects=[mark.pupil], object_id=use.pk)
    return JsonResponse({"stored": reads.as_found([stored] if stored else [])}, status=409)


@require_http_methods(["GET", "POST"])
def publish_grid(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    """Which pupils' homes shall read their cells as they stand; asked once more before it is done."""
    use = _use(request, pk)
    require(request.actor, "assessment.publish_grid", use)
    form = PublishForm(request.POST or None)
    if not form.is_valid():
        return _publish_page(request, use, form)
    given, withdrawn = dict(form.cleaned_data), "withdraw" in request.POST
    act = actions.withdraw_grid if withdrawn else partial(actions.publish_grid, seen=given["seen"])
    try:
        count = submit(form, act, actor=request.actor, use=use, pupils=given["pupils"])
    except actions.Conflict:
        return _publish_page(request, use, form, conflict=True)
    if count is None:
        return _publish_page(request, use, form)
    messages.success(request, _said(count, withdrawn=withdrawn))
    return redirect("assessment:class_grid", pk)


def _publish_page(request: RoleRequest, use: MatrixUse, form: PublishForm, *, conflict: bool = False) -> HttpResponse:
    """After a conflict it shows what has been saved since, and the next press publishes that."""
    grid = reads.grid_of(use, request.actor)
    if conflict:
        reads.put_seen(grid, form.cleaned_data["seen"])
    record(actor=request.actor, action="assessment.class_grid", subjects=[line.pupil.pk for line in grid.lines], object_id=use.pk)
    context = {"form": form, "use": use, "grid": grid, "chosen": request.POST.getlist("pupils"), "seen": packed(grid, "versions")}
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, "assessment/publish_grid.html", {**context, "conflict": conflict}, status=status)


def _said(count: int, *, withdrawn: bool) -> str:
    taken_back = ngettext("%(count)d judgement is taken back from the home.", "%(count)d judgements are taken back from the homes.", count)
    return (taken_back if withdrawn else ngettext("%(count)d judgement is published.", "%(count)d judgements are published.", count)) % {
        "count": count
    }
