"""A plan shared, published, withdrawn, completed, put away and offered to the bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dexter.lib.access import require
from dexter.lib.requests import RoleRequest
from larande.planning import reads
from larande.planning.actions import states as actions
from larande.planning.models import PlanTeaching

from .plans import seen


@require_POST
def share_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, actions.share_plan, _("Your colleagues can read the plan."))


@require_POST
def unshare_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, actions.unshare_plan, _("You alone read the plan again."))


@require_POST
def publish_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    """For the ticked groups; one that is not the plan's refuses the whole."""
    plan, chosen = seen(request, pk), set(request.POST.getlist("teachings"))
    rows = reads.teachings_of(plan, PlanTeaching.objects.visible_to(request.actor).select_related("plan"))
    teachings = [row for row in rows if str(row.pk) in chosen]
    if len(teachings) != len(chosen):
        raise Http404
    told = _("Published. Pupils and guardians of %(groups)s read it now, and are told in their next summary.")
    groups = ", ".join(dict.fromkeys(reads.groups_in_words(row.activity) for row in teachings))
    return _done(request, pk, actions.publish_plan, told % {"groups": groups}, teachings=teachings)


@require_http_methods(["GET", "POST"])
def withdraw_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    rows = PlanTeaching.objects.visible_to(request.actor).published().select_related("plan__school_unit")
    plan = get_object_or_404(rows, pk=pk).plan
    teaching = next(row for row in reads.teachings_of(plan, rows) if row.pk == pk)
    require(request.actor, "planning.publish_plan", teaching)
    if request.method == "POST":
        actions.withdraw_plan(actor=request.actor, teaching=teaching)
        messages.success(request, _("Withdrawn: pupils and guardians of the group read it no more."))
        return redirect("planning:plan_detail", plan.pk)
    return render(request, "planning/withdraw_plan.html", {"plan": plan, "groups": reads.groups_in_words(teaching.activity)})


@require_POST
def complete_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, actions.complete_plan, _("The plan is completed. Pupils and guardians go on reading it."))


@require_POST
def archive_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, actions.archive_plan, _("The plan is archived. You find it by choosing that state in the list."))


@require_POST
def restore_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, actions.restore_plan, _("The plan is open again."))


@require_POST
def offer_to_bank(request: RoleRequest, pk: UUID) -> HttpResponse:
    offered = request.POST.get("offered") == "yes"
    told = _("The plan stands in the school's bank, for colleagues to copy.") if offered else _("The plan is taken out of the bank.")
    return _done(request, pk, actions.offer_to_bank, told, offered=offered)


def _done(request: RoleRequest, pk: UUID, action: Callable[..., Any], told: str, **arguments: Any) -> HttpResponse:
    """Do it and go back to the plan with what came of it; what the action refuses is said there."""
    plan = seen(request, pk)
    try:
        action(actor=request.actor, plan=plan, **arguments)
        messages.success(request, told)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("planning:plan_detail", pk)
