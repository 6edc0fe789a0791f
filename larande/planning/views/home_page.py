"""A plan as pupils and homes read it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dexter.lib import days
from dexter.lib.requests import RoleRequest
from larande.planning.models import PlanTeaching
from larande.planning.reads import home_page as reads


@require_GET
def plan_for_home(request: RoleRequest, pk: UUID) -> HttpResponse:
    """By one of its teachings: what is for another group does not show. Staff see here what the home reads, or will read."""
    teaching = get_object_or_404(reads.described(PlanTeaching.objects.visible_to(request.actor)), pk=pk)
    context = {"teaching": teaching, "plan": teaching.plan, "stage": reads.stage_of(teaching), "today": days.today()}
    return render(request, "planning/plan_for_home.html", {**context, "page": reads.home_page(teaching)})
