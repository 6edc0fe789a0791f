"""The year plan of one teaching."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dexter.lib import days
from dexter.lib.access import allows
from dexter.lib.requests import RoleRequest
from larande.planning import reads
from larande.planning.models import PlanTeaching
from registry.models import Activity, SchoolYear


@require_GET
def year_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The plans of a school year along its months, and what of the central content the group has been through."""
    if not allows(request.actor, "planning.open"):
        raise Http404
    mine = Activity.objects.visible_to(request.actor).filter(school_unit__in=reads.units_planned_at(request.actor))
    activity = get_object_or_404(reads.with_groups(mine), pk=pk)
    years = list(SchoolYear.objects.visible_to(request.actor).order_by("start_date"))
    wanted = request.GET.get("lasar", "")
    year = next((year for year in years if str(year.pk) == wanted), None) or next(
        (year for year in years if year.end_date >= days.today()), None
    )
    if year is None:
        raise Http404
    plan = reads.year_plan(activity, year, PlanTeaching.objects.visible_to(request.actor))
    context = {"activity": activity, "groups": reads.groups_in_words(activity), "year": year, "years": years, "plan": plan}
    return render(request, "planning/year_plan.html", {**context, "may_make": allows(request.actor, "planning.plan_for", activity)})
