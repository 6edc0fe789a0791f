"""Tasks, links and files of a plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.lib.access import require
from dexter.lib.downloads import attachment
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from larande.planning import reads
from larande.planning.actions import parts as actions
from larande.planning.forms.parts import FileForm, LinkForm, TaskForm
from larande.planning.models import LessonPlan, PlanFile, PlanLink, PlanTeaching, Task

from .plans import editable


@require_http_methods(["GET", "POST"])
def add_task(request: RoleRequest, pk: UUID) -> HttpResponse:
    plan = editable(request, pk)
    form = _task_form(request, plan)
    given = {"actor": request.actor, "plan": plan}
    if form.is_valid() and accepted(form, actions.add_task, **given, words=form.words, submission=form.cleaned_data["submission"]):
        messages.success(request, _("The task is added."))
        return redirect("planning:edit_plan", pk)
    return show_form(request, "planning/add_task.html", form, **_about(request, plan))


@require_http_methods(["GET", "POST"])
def edit_task(request: RoleRequest, pk: UUID) -> HttpResponse:
    task = _part(request, Task.objects.visible_to(request.actor), pk)
    form = _task_form(request, task.plan, task)
    if form.is_valid() and accepted(form, actions.edit_task, actor=request.actor, task=task, words=form.words, version=form.version_read):
        messages.success(request, _("Saved."))
        return redirect("planning:edit_plan", task.plan_id)
    stored = get_object_or_404(Task.objects.visible_to(request.actor), pk=pk)
    form.renew(stored.version)
    answer = show_form(request, "planning/edit_task.html", form, task=stored, **_about(request, task.plan))
    answer.status_code = 409 if form.is_outdated else answer.status_code
    return answer


@require_POST
def remove_task(request: RoleRequest, pk: UUID) -> HttpResponse:
    task = _part(request, Task.objects.visible_to(request.actor), pk)
    actions.remove_task(actor=request.actor, task=task)
    messages.success(request, _("The task is removed."))
    return redirect("planning:edit_plan", task.plan_id)


@require_http_methods(["GET", "POST"])
def add_link(request: RoleRequest, pk: UUID) -> HttpResponse:
    plan = editable(request, pk)
    form = LinkForm(request.POST or None)
    if form.is_valid() and accepted(form, actions.add_link, actor=request.actor, plan=plan, **form.cleaned_data):
        messages.success(request, _("The link is added."))
        return redirect("planning:edit_plan", pk)
    return show_form(request, "planning/add_link.html", form, **_about(request, plan))


@require_POST
def remove_link(request: RoleRequest, pk: UUID) -> HttpResponse:
    link = _part(request, PlanLink.objects.visible_to(request.actor), pk)
    actions.remove_link(actor=request.actor, link=link)
    messages.success(request, _("The link is removed."))
    return redirect("planning:edit_plan", link.plan_id)


@require_http_methods(["GET", "POST"])
def add_file(request: RoleRequest, pk: UUID) -> HttpResponse:
    plan = editable(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid() and accepted(form, actions.add_file, actor=request.actor, plan=plan, **form.cleaned_data):
        messages.success(request, _("The file is added."))
        return redirect("planning:edit_plan", pk)
    return show_form(request, "planning/add_file.html", form, **_about(request, plan))


@require_POST
def remove_file(request: RoleRequest, pk: UUID) -> HttpResponse:
    file = _part(request, PlanFile.objects.visible_to(request.actor), pk)
    actions.remove_file(actor=request.actor, file=file)
    messages.success(request, _("The file is removed."))
    return redirect("planning:edit_plan", file.plan_id)


@require_GET
def download_file(request: RoleRequest, pk: UUID) -> HttpResponse:
    """To whoever reads the plan: the home, when it is published to it."""
    file = get_object_or_404(PlanFile.objects.visible_to(request.actor).select_related("stored"), pk=pk)
    return attachment(bytes(file.stored.content), file.stored.name, file.stored.media_type)


def _part(request: RoleRequest, rows: Any, pk: UUID) -> Any:
    part = get_object_or_404(rows.select_related("plan__school_unit"), pk=pk)
    require(request.actor, "planning.edit_plan", part.plan)
    return part


def _task_form(request: RoleRequest, plan: LessonPlan, task: Task | None = None) -> TaskForm:
    rows = PlanTeaching.objects.visible_to(request.actor).filter(plan=plan)
    return TaskForm(request.POST or None, teachings=reads.teachings_of(plan, rows), queryset=rows, task=task)


def _about(request: RoleRequest, plan: LessonPlan) -> dict[str, Any]:
    teachings = reads.teachings_of(plan, PlanTeaching.objects.visible_to(request.actor))
    return {"plan": plan, "readers": reads.readers_of(plan, teachings)}
