"""The periods in which a school seldom grants leave."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from absence.actions import blocked_periods as actions
from absence.forms.blocked_periods import BlockedPeriodForm
from absence.models import BlockedPeriod
from absence.reads import blocked_periods as reads
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry.models import SchoolUnit


@require_http_methods(["GET", "POST"])
def add_blocked_period(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The school's periods, and one more."""
    unit = get_object_or_404(SchoolUnit.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "absence.block_leave", unit)
    form = BlockedPeriodForm(request.POST or None, school_years=reads.school_years_of(unit))
    if form.is_valid() and accepted(form, actions.add_blocked_period, actor=request.actor, school_unit=unit, **form.given):
        messages.success(request, _("Saved. Who applies for leave on those days is told."))
        return redirect("absence:add_blocked_period", pk)
    periods = BlockedPeriod.objects.visible_to(request.actor).standing().filter(school_unit=unit, end_date__gte=days.today())
    may_edit_settings = allows(request.actor, "absence.edit_unit_settings", unit)
    context = {"unit": unit, "periods": periods, "may_edit_settings": may_edit_settings, "today": days.today()}
    return show_form(request, "absence/add_blocked_period.html", form, **context)


@require_POST
def end_blocked_period(request: RoleRequest, pk: UUID) -> HttpResponse:
    period = get_object_or_404(BlockedPeriod.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    actions.end_blocked_period(actor=request.actor, period=period)
    messages.success(request, _("Taken off the list. Nobody is warned of it any more."))
    return redirect("absence:add_blocked_period", period.school_unit_id)
