"""Plans found, read, written and thrown away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dexter.lib.access import Role, allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from larande.planning import reads
from larande.planning.actions import plans as actions
from larande.planning.forms.lists import BANK, COLLEAGUES, MINE, PlanFilter
from larande.planning.forms.plans import PlanForm
from larande.planning.models import LessonPlan, PlanChange, PlanState, PlanTeaching, Task
from larande.planning.tables import PlanTable
from registry.forms.fields import PressForm
from registry.models import Activity, SchoolYear
from registry.tables import shown

CONFLICT = 409
NEXT = {"content": "planning:choose_content", "task": "planning:add_task", "link": "planning:add_link", "file": "planning:add_file"}


@require_GET
def plan_list(request: RoleRequest) -> HttpResponse:
    """One's own, the colleagues', or the school's bank."""
    _enter(request)
    tab = next((tab for tab in (COLLEAGUES, BANK) if tab == request.GET.get("vy")), MINE)
    plans = _of_tab(LessonPlan.objects.visible_to(request.actor), tab, request)
    form = PlanFilter(
        request.GET, subjects=reads.subjects_of(plans), years=SchoolYear.objects.visible_to(request.actor).order_by("-start_date")
    )
    rows = reads.listed(_narrowed(plans, form), PlanTeaching.objects.visible_to(request.actor))
    own = reads.with_groups(reads.activities_planned_by(request.actor, Activity.objects.visible_to(request.actor)))
    context = {
        "table": shown(request, PlanTable(rows, exclude=("by",) if tab == MINE else ())),
        "form": form,
        "tab": tab,
        "own": own.order_by("name")[:60],
    }
    return render(request, "planning/plan_list.html", {**context, "may_make": allows(request.actor, "planning.make_plan")})


def _of_tab(plans: Any, tab: str, request: RoleRequest) -> Any:
    if tab == BANK:
        return plans.filter(in_bank=True)
    return reads.of_colleagues(plans, request.actor.person_id) if tab == COLLEAGUES else plans.filter(created_by=request.actor.person_id)


def _narrowed(plans: Any, form: PlanFilter) -> Any:
    """An unknown value narrows to nothing rather than showing everything."""
    if not form.is_valid():
        return plans.none()
    wanted = form.cleaned_data
    plans = plans.filter(state=wanted["state"]) if wanted["state"] else plans.exclude(state=PlanState.ARCHIVED)
    plans = reads.in_subject(plans, wanted["subject"]) if wanted["subject"] else plans
    plans = reads.with_days_in(plans, wanted["year"].start_date, wanted["year"].end_date) if wanted["year"] else plans
    return reads.found(plans, wanted["q"])


@require_GET
def plan_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    """For staff, with what they may do; the home is led to the page of its own group."""
    plan = seen(request, pk)
    if request.actor.role is not Role.STAFF:
        return redirect("planning:plan_for_home", reads.teachings_of(plan, PlanTeaching.objects.visible_to(request.actor))[0].pk)
    context = {"plan": plan, "parts": reads.parts_of(plan, Task.objects.visible_to(request.actor))}
    context["changes"] = PlanChange.objects.visible_to(request.actor).filter(plan=plan).select_related("changed_by")
    return render(request, "planning/plan_detail.html", {**context, **_doing(request, plan)})


def _doing(request: RoleRequest, plan: LessonPlan) -> dict[str, Any]:
    """What staff may do with it, asked once for the page."""
    teachings = reads.teachings_of(plan, reads.marked_own(request.actor, PlanTeaching.objects.visible_to(request.actor)))
    may_edit, may_keep = allows(request.actor, "planning.edit_plan", plan), allows(request.actor, "planning.keep_plan", plan)
    is_going_on = plan.state not in (PlanState.COMPLETED, PlanState.ARCHIVED)
    return {
        "teachings": teachings,
        "readers": reads.readers_of(plan, teachings),
        "to_publish": [row for row in teachings if row.is_own and not row.published_at] if is_going_on else [],
        "may_edit": may_edit,
        "may_keep": may_keep,
        "is_own": allows(request.actor, "planning.own_plan", plan),
        "may_copy": allows(request.actor, "planning.make_plan"),
    }


@require_http_methods(["GET", "POST"])
def make_plan(request: RoleRequest) -> HttpResponse:
    _enter(request)
    require(request.actor, "planning.make_plan")
    options = reads.with_groups(reads.activities_planned_by(request.actor, Activity.objects.visible_to(request.actor))).order_by("name")
    form = PlanForm(request.POST or None, options=options)
    if form.is_valid():
        given = {"texts": form.texts, "placements": form.cleaned_data["placements"], "submission": form.cleaned_data["submission"]}
        if plan := submit(form, actions.make_plan, actor=request.actor, **given):
            messages.success(request, _("The draft is saved. You alone read it until you share or publish it."))
            return redirect(_onwards(request, plan))
    return show_form(request, "planning/edit_plan.html", form, readers=reads.readers_of(None))


@require_http_methods(["GET", "POST"])
def edit_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    plan = editable(request, pk)
    teachings = reads.teachings_of(plan, PlanTeaching.objects.visible_to(request.actor))
    readers, options = reads.readers_of(plan, teachings), _options(request, plan, teachings)
    form = PlanForm(request.POST or None, plan=plan, options=options, placed=teachings)
    if form.is_valid():
        given = {"texts": form.texts, "offered": set(form.options), "version": form.version_read, **_named(form, "placements", "note")}
        if accepted(form, actions.edit_plan, actor=request.actor, plan=plan, **given):
            messages.success(request, _("Saved."))
            return redirect(_onwards(request, plan))
        form.plan = seen(request, pk)
        form.renew(form.plan.version)
    context = {"plan": plan, "parts": reads.parts_of(plan, Task.objects.visible_to(request.actor)), "teachings": teachings}
    answer = show_form(request, "planning/edit_plan.html", form, readers=readers, **context)
    answer.status_code = CONFLICT if form.is_outdated else answer.status_code
    return answer


def _named(form: Any, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _options(request: RoleRequest, plan: LessonPlan, teachings: list[PlanTeaching]) -> list[Activity]:
    """The groups that the form may place: those one plans for, and one's own plan's that are placed already."""
    mine = reads.activities_planned_by(request.actor, Activity.objects.visible_to(request.actor)).filter(school_unit=plan.school_unit_id)
    options = {activity.pk: activity for activity in reads.with_groups(mine).order_by("name")}
    if plan.created_by_id == request.actor.person_id:
        options |= {row.activity_id: row.activity for row in teachings}
    return list(options.values())


def _onwards(request: RoleRequest, plan: LessonPlan) -> str:
    """Where the pressed button leads: a saved plan loses nothing on the way to its parts."""
    return reverse(NEXT.get(request.POST.get("then", ""), "planning:plan_detail"), args=[plan.pk])


@require_http_methods(["GET", "POST"])
def remove_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    plan = seen(request, pk)
    require(request.actor, "planning.remove_plan", plan)
    form = PressForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and accepted(form, actions.remove_plan, actor=request.actor, plan=plan):
        messages.success(request, _("The draft is removed."))
        return redirect("planning:plan_list")
    return show_form(request, "planning/remove_plan.html", form, plan=plan)


def seen(request: RoleRequest, pk: UUID) -> LessonPlan:
    plan: LessonPlan = get_object_or_404(reads.in_full(LessonPlan.objects.visible_to(request.actor)), pk=pk)
    return plan


def editable(request: RoleRequest, pk: UUID) -> LessonPlan:
    plan = seen(request, pk)
    require(request.actor, "planning.edit_plan", plan)
    return plan


def _enter(request: RoleRequest) -> None:
    """The room is nowhere for those whose schools do not use plans."""
    if not allows(request.actor, "planning.open"):
        raise Http404
