"""Matrices: found, made from the criteria in force, reworded, copied, put to work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.models import uuid7
from dexter.lib.requests import RoleRequest
from larande.assessment import reads
from larande.assessment.actions import matrices as actions
from larande.assessment.forms.edit_matrix import EditMatrixForm
from larande.assessment.forms.matrices import AttachForm, CopyForm, MakeMatrixForm, MatrixFilterForm, RetireForm, SourceForm
from larande.assessment.models import AssessmentMatrix, MatrixUse
from larande.assessment.tables import MatrixTable
from registry.models import SchoolUnit
from registry.tables import shown

CONFLICT = 409


@require_GET
def matrix_list(request: RoleRequest) -> HttpResponse:
    """Templates of one's own, the school's and the municipality's; and what is at work in one's teaching."""
    _enter(request)
    rows = AssessmentMatrix.objects.visible_to(request.actor)
    form = MatrixFilterForm(request.GET or None, subjects=reads.subject_names_of(rows))
    chosen = form.chosen(reads.templates(rows), request.actor)
    at_work = reads.uses_of(MatrixUse.objects.visible_to(request.actor).with_plan_title(request.actor))[:50]
    context = {"form": form, "table": shown(request, MatrixTable(chosen)), "at_work": at_work}
    return render(request, "assessment/matrix_list.html", context)


@require_http_methods(["GET", "POST"])
def make_matrix(request: RoleRequest) -> HttpResponse:
    """First what it is for, by address; then the rows, all ticked already."""
    choice = SourceForm(request.GET or None, actor=request.actor)
    source = choice.source
    if source is None:
        return render(request, "assessment/make_matrix.html", {"choice": choice, "teachings": reads.teachings_to_assess(request.actor)})
    require(request.actor, "assessment.make_matrix", source.school_unit)
    criteria = reads.criteria_of(source.syllabus, source.year, days.today())
    form = MakeMatrixForm(request.POST or None, actor=request.actor, source=source, criteria=criteria)
    if form.is_valid() and (made := submit(form, actions.make_matrix, actor=request.actor, **form.made())):
        messages.success(request, _("The matrix is made."))
        return redirect("assessment:matrix_detail", made.pk)
    return show_form(request, "assessment/make_matrix.html", form, source=source, criteria=criteria, choice=choice)


def _found(request: RoleRequest, pk: UUID) -> AssessmentMatrix:
    matrix: AssessmentMatrix = get_object_or_404(reads.with_rows(AssessmentMatrix.objects.visible_to(request.actor)), pk=pk)
    return matrix


@require_GET
def matrix_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    matrix = _found(request, pk)
    own, others = reads.columns_of(matrix)
    columns = own + others
    context: dict[str, Any] = {
        "matrix": matrix,
        "columns": columns,
        "rows": reads.rows_of(matrix, columns),
        "uses": reads.uses_of(MatrixUse.objects.visible_to(request.actor).with_plan_title(request.actor), matrix),
        "may_edit": allows(request.actor, "assessment.edit_matrix", matrix),
        "copy_units": reads.units_with_assessment(SchoolUnit.objects.visible_to(request.actor)),
        "submission": uuid7(),
    }
    return render(request, "assessment/matrix_detail.html", context)


@require_http_methods(["GET", "POST"])
def edit_matrix(request: RoleRequest, pk: UUID) -> HttpResponse:
    matrix = _found(request, pk)
    require(request.actor, "assessment.edit_matrix", matrix)
    form = EditMatrixForm(request.POST or None, actor=request.actor, matrix=matrix)
    if form.is_valid() and accepted(form, actions.edit_matrix, actor=request.actor, matrix=matrix, **form.changed()):
        messages.success(request, _("Saved."))
        return redirect("assessment:edit_matrix" if form.goes_on else "assessment:matrix_detail", pk)
    form = form.go_on_from(_found(request, pk), request.actor)
    answer = show_form(request, "assessment/edit_matrix.html", form, matrix=form.matrix)
    answer.status_code = CONFLICT if form.is_outdated else answer.status_code
    return answer


@require_POST
def copy_matrix(request: RoleRequest, pk: UUID) -> HttpResponse:
    matrix = _found(request, pk)
    form = CopyForm(request.POST, units=reads.units_with_assessment(SchoolUnit.objects.visible_to(request.actor)))
    if form.is_valid() and (made := submit(form, actions.copy_matrix, actor=request.actor, matrix=matrix, **form.cleaned_data)):
        messages.success(request, _("The copy is yours. Change it as you like."))
        return redirect("assessment:edit_matrix", made.pk)
    messages.error(request, _("The matrix could not be copied. Choose a school and try again."))
    return redirect("assessment:matrix_detail", pk)


@require_POST
def retire_matrix(request: RoleRequest, pk: UUID) -> HttpResponse:
    matrix, form = _found(request, pk), RetireForm(request.POST)
    retired = form.is_valid() and form.cleaned_data["retired"]
    actions.retire_matrix(actor=request.actor, matrix=matrix, retired=retired)
    messages.success(request, _("It is offered no more.") if retired else _("It is offered again."))
    return redirect("assessment:matrix_detail", pk)


@require_http_methods(["GET", "POST"])
def attach_matrix(request: RoleRequest, pk: UUID) -> HttpResponse:
    matrix = _found(request, pk)
    form = AttachForm(request.POST or None, actor=request.actor, matrix=matrix)
    if form.is_valid() and accepted(form, actions.attach_matrix, actor=request.actor, matrix=matrix, **form.cleaned_data):
        messages.success(request, _("The matrix is at work. You find it in the teaching's grid."))
        return redirect("assessment:matrix_detail", pk)
    return show_form(request, "assessment/attach_matrix.html", form, matrix=matrix)


@require_POST
def end_matrix_use(request: RoleRequest, pk: UUID) -> HttpResponse:
    use = get_object_or_404(MatrixUse.objects.visible_to(request.actor).select_related("activity", "matrix"), pk=pk)
    removed = actions.end_matrix_use(actor=request.actor, use=use)
    gone, kept = _("The matrix is removed from the teaching."), _("It is filled in no more. What was judged stays.")
    messages.success(request, gone if removed else kept)
    return redirect("assessment:matrix_list")


def _enter(request: RoleRequest) -> None:
    """The room is nowhere for those whose schools do not use assessment."""
    if not allows(request.actor, "assessment.open"):
        raise Http404
