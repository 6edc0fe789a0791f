"""A plan as pupils and homes read it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from dexter.lib import days
from dexter.lib.requests import RoleRequest
from larande.planning.models import PlanTeaching
from larande.planning.reads import home_page as reads
from larande.planning.reads import today as today_in_larande
from registry.models import CalendarEvent


@require_GET
def plan_for_home(request: RoleRequest, pk: UUID) -> HttpResponse:
    """By one of its teachings: what is for another group does not show. Staff see here what the home reads, or will read."""
    teaching = get_object_or_404(reads.described(PlanTeaching.objects.visible_to(request.actor)), pk=pk)
    context = {"teaching": teaching, "plan": teaching.plan, "stage": reads.stage_of(teaching), "today": days.today()}
    return render(request, "planning/plan_for_home.html", {**context, "page": reads.home_page(teaching)})


@require_GET
def lesson_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Where the roll-call of a lesson, which knows no plans, leads: to the plan it follows, or to the page that names several or none."""
    lesson = get_object_or_404(CalendarEvent.objects.visible_to(request.actor).select_related("activity"), pk=pk)
    [lesson] = today_in_larande.with_plans([lesson], PlanTeaching.objects.visible_to(request.actor))
    if len(lesson.plans) == 1:
        return redirect("planning:plan_for_home", lesson.plans[0].pk)
    return render(request, "planning/lesson_plan.html", {"lesson": lesson})
