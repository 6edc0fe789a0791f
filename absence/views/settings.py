"""How absence is handled at a school, and what holds for each form of schooling."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence import reads
from absence.actions import settings as actions
from absence.forms.settings import SchoolFormRuleForm, UnitSettingsForm
from absence.models import SchoolFormRule, UnitSettings
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, go_on_from, show_form
from dexter.lib.requests import RoleRequest, asked_day
from registry.models import SchoolUnit


@require_http_methods(["GET", "POST"])
def edit_unit_settings(request: RoleRequest, pk: UUID) -> HttpResponse:
    unit = get_object_or_404(SchoolUnit.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "absence.edit_unit_settings", unit)
    rows = UnitSettings.objects.visible_to(request.actor).filter(school_unit=unit).order_by("start_date")
    version = actions.version_of(rows)
    day = asked_day(request)
    initial = {"version": version, "start_date": day}
    form = UnitSettingsForm(request.POST or None, instance=reads.settings_of(unit.pk, day), initial=initial)
    if form.is_valid() and accepted(form, actions.edit_unit_settings, actor=request.actor, school_unit=unit, **form.dated):
        messages.success(request, _("Saved."))
        return redirect("absence:edit_unit_settings", unit.pk)
    go_on_from(form, version)
    return show_form(request, "absence/edit_unit_settings.html", form, unit=unit, periods=list(rows), today=days.today())


@require_GET
def school_form_rule_list(request: RoleRequest) -> HttpResponse:
    """What the law says for each form of schooling, today and what is decided to come."""
    rules = SchoolFormRule.objects.visible_to(request.actor).on_or_after(days.today())
    context = {"rules": rules, "may_edit": allows(request.actor, "absence.edit_school_form_rule"), "today": days.today()}
    return render(request, "absence/school_form_rule_list.html", context)


@require_http_methods(["GET", "POST"])
def edit_school_form_rule(request: RoleRequest, pk: UUID) -> HttpResponse:
    rule = get_object_or_404(SchoolFormRule.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "absence.edit_school_form_rule", rule)
    rows = SchoolFormRule.objects.visible_to(request.actor).filter(school_type=rule.school_type, of_age=rule.of_age)
    version = actions.version_of(rows)
    form = SchoolFormRuleForm(request.POST or None, instance=rule, initial={"version": version, "start_date": days.today()})
    if form.is_valid() and accepted(form, actions.edit_school_form_rule, actor=request.actor, rule=rule, **form.dated):
        messages.success(request, _("Saved."))
        return redirect("absence:school_form_rule_list")
    go_on_from(form, version)
    return show_form(request, "absence/edit_school_form_rule.html", form, rule=rule)
