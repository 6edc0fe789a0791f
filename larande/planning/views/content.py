"""Content and criteria picked for a plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from larande.planning import reads
from larande.planning.actions.content import set_content
from larande.planning.forms.content import ContentForm
from larande.planning.models import LessonPlan, PlanTeaching

from .plans import CONFLICT, editable, seen


@require_http_methods(["GET", "POST"])
def choose_content(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Search narrows what is shown and saves nothing; what is ticked stays ticked whatever is searched for."""
    plan = editable(request, pk)
    form = _form(request, plan)
    if request.htmx:
        return render(request, "planning/choose_content.html#offered", {"form": form, "plan": plan})
    if request.POST.get("then") == "search":
        return render(request, "planning/choose_content.html", {"form": form, **_context(request, plan)})
    if form.is_valid():
        given = {**form.chosen, "version": form.version_read, "note": form.cleaned_data["note"]}
        if accepted(form, set_content, actor=request.actor, plan=plan, **given):
            messages.success(request, _("Content and criteria are saved."))
            return redirect("planning:plan_detail", pk)
        form.renew(seen(request, pk).version)
    answer = show_form(request, "planning/choose_content.html", form, **_context(request, plan))
    answer.status_code = CONFLICT if form.is_outdated else answer.status_code
    return answer


def _form(request: RoleRequest, plan: LessonPlan) -> ContentForm:
    items = [item.pk for item in reads.chosen_items(plan)]
    criteria = list(reads.chosen_criteria(plan))
    offer = reads.offer_for(plan, PlanTeaching.objects.visible_to(request.actor), items, [row.pk for row in criteria])
    saved = {row.pk for row in criteria}
    threads = [key for key, row in offer.threads.items() if saved & {step.pk for step in row.steps}]
    return ContentForm(request.POST or None, offer=offer, stored={"version": plan.version, "items": items, "criteria": threads})


def _context(request: RoleRequest, plan: LessonPlan) -> dict[str, Any]:
    teachings = reads.teachings_of(plan, PlanTeaching.objects.visible_to(request.actor))
    return {"plan": plan, "readers": reads.readers_of(plan, teachings), "is_read_at_home": any(row.published_at for row in teachings)}
