"""Alerts about absence, and the rules that raise them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence import reads
from absence.actions import alerts
from absence.actions.settings import version_of
from absence.forms.alerts import AlertFilter
from absence.forms.follow_up import AlertRuleForm, HandleAlertForm
from absence.models import AbsenceAlert, AlertKind, AlertRule
from absence.tables import AlertTable
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, go_on_from, show_form
from dexter.lib.requests import RoleRequest, asked_day
from registry.models import SchoolUnit
from registry.tables import shown


@require_GET
def alert_list(request: RoleRequest) -> HttpResponse:
    narrowed = AlertFilter(request.GET, queryset=reads.listed(AbsenceAlert.objects.visible_to(request.actor)), request=request)
    table = shown(request, AlertTable(narrowed.qs, exclude=() if narrowed.several_schools else ("school",)))
    record(actor=request.actor, action="absence.alert_list", subjects={row.record.pupil_id for row in table.paginated_rows})
    leads = allows(request.actor, "registry.administer")
    return render(request, "absence/alert_list.html", {"table": table, "filter": narrowed, "may_see_rules": leads})


@require_http_methods(["GET", "POST"])
def handle_alert(request: RoleRequest, pk: UUID) -> HttpResponse:
    alert = get_object_or_404(reads.listed(AbsenceAlert.objects.visible_to(request.actor)), pk=pk)
    form = HandleAlertForm(request.POST or None)
    if form.is_valid() and accepted(form, alerts.handle_alert, actor=request.actor, alert=alert, **form.cleaned_data):
        messages.success(request, _("The alert is handled."))
        return redirect("absence:pupil_absence", alert.pupil_id)
    alert.refresh_from_db(fields=["state", "handled_by", "handled_at", "done"])
    return show_form(request, "absence/handle_alert.html", form, alert=alert)


@require_GET
def alert_rule_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    units = SchoolUnit.objects.visible_to(request.actor).led_by(request.actor)
    rows = [(row, allows(request.actor, "absence.edit_alert_rule", row.unit)) for row in reads.rules_of_units(units)]
    return render(request, "absence/alert_rule_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def edit_alert_rule(request: RoleRequest, unit: UUID, kind: str) -> HttpResponse:
    school = get_object_or_404(SchoolUnit.objects.visible_to(request.actor).led_by(request.actor), pk=unit)
    if kind not in AlertKind.values:
        raise Http404
    require(request.actor, "absence.edit_alert_rule", school)
    day, version = asked_day(request), version_of(AlertRule.objects.visible_to(request.actor).filter(school_unit=school, kind=kind))
    initial = {"version": version, "start_date": day}
    form = AlertRuleForm(request.POST or None, kind=kind, instance=reads.rule_at(school, kind, day), initial=initial)
    if form.is_valid() and accepted(form, alerts.edit_alert_rule, actor=request.actor, unit=school, kind=kind, **form.dated):
        messages.success(request, _("Saved."))
        return redirect("absence:alert_rule_list")
    go_on_from(form, version)
    now = reads.rule_at(school, kind, days.today())
    return show_form(request, "absence/edit_alert_rule.html", form, unit=school, kind=AlertKind(kind), rule=now)
