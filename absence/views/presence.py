"""Who is at school now: for an evacuation, and for the after-school centre."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from absence import reads
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import require
from dexter.lib.requests import RoleRequest
from registry.models import Group, SchoolType, SchoolUnit


@require_GET
def present_list(request: RoleRequest, unit: UUID | None = None) -> HttpResponse:
    """For all staff of the unit, one tap from the start page; without a unit the first where the actor works."""
    units = list(SchoolUnit.objects.visible_to(request.actor))
    chosen = next((row for row in units if unit in (None, row.pk)), None)
    if chosen is None:
        raise Http404
    classes, now = reads.present_in(chosen, days.now()), days.now()
    named = [pupil.pk for row in classes for pupil in (*row.present, *row.unknown, *row.absent)]
    record(actor=request.actor, action="absence.present_list", subjects=named, object_id=chosen.pk)
    return render(request, "absence/present_list.html", {"unit": chosen, "units": units, "classes": classes, "now": now})


@require_GET
def after_school_list(request: RoleRequest, group: UUID) -> HttpResponse:
    """Today's list of an after-school group: who is not coming, and until when the others are at school."""
    groups = Group.objects.visible_to(request.actor).on(days.today()).filter(school_type=SchoolType.AFTER_SCHOOL)
    chosen = get_object_or_404(groups.select_related("school_unit"), pk=group)
    require(request.actor, "absence.after_school_list", chosen)
    rows = reads.after_school_of(chosen, days.now())
    record(actor=request.actor, action="absence.after_school_list", subjects=[row.pupil.pk for row in rows], object_id=chosen.pk)
    context = {"group": chosen, "away": [row for row in rows if row.is_away], "now": days.now()}
    context["coming"] = sorted((row for row in rows if not row.is_away), key=lambda row: row.at or days.now())
    return render(request, "absence/after_school_list.html", context)
