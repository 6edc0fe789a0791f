"""The responsible body: who receives its schools' reports, the reports, and for the rest counts alone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from absence import reads
from absence.actions import body_reports as actions
from absence.forms.investigations import ReportReceiverForm
from absence.models import BodyReport, ReportReceiver
from dexter.audit.actions import record
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry import reads as registry


@require_GET
def body_report_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "absence.read_body_reports")
    reports = list(reads.reports_listed(BodyReport.objects.visible_to(request.actor)))
    record(actor=request.actor, action="absence.body_report_list", subjects={report.investigation.pupil_id for report in reports})
    context: dict[str, object] = {
        "waiting": [report for report in reports if not report.received_at],
        "received": [row for row in reports if row.received_at],
    }
    context["may_keep"] = allows(request.actor, "absence.keep_report_receivers")
    return render(request, "absence/body_report_list.html", context)


@require_GET
def body_report_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    report = get_object_or_404(reads.reports_listed(BodyReport.objects.visible_to(request.actor)), pk=pk)
    record(actor=request.actor, action="absence.body_report_detail", subjects=[report.investigation.pupil_id], object_id=pk)
    return render(request, "absence/body_report_detail.html", {"report": report, "case": report.investigation})


@require_POST
def receive_body_report(request: RoleRequest, pk: UUID) -> HttpResponse:
    report = get_object_or_404(reads.reports_listed(BodyReport.objects.visible_to(request.actor)), pk=pk)
    actions.receive_body_report(actor=request.actor, report=report)
    messages.success(request, _("The report is received."))
    return redirect("absence:body_report_detail", pk)


@require_GET
def body_counts(request: RoleRequest) -> HttpResponse:
    require(request.actor, "absence.keep_report_receivers")
    units = reads.units_of_bodies(registry.bodies_led_by(request.actor))
    return render(request, "absence/body_counts.html", {"rows": reads.counts_of_units(units)})


@require_GET
def report_receiver_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "absence.keep_report_receivers")
    receivers = reads.receivers_listed(ReportReceiver.objects.visible_to(request.actor))
    lacking = reads.units_without_receiver(reads.units_of_bodies(registry.bodies_led_by(request.actor)))
    return render(request, "absence/report_receiver_list.html", {"receivers": receivers, "lacking": lacking})


@require_http_methods(["GET", "POST"])
def add_report_receiver(request: RoleRequest) -> HttpResponse:
    require(request.actor, "absence.keep_report_receivers")
    bodies = registry.bodies_led_by(request.actor)
    choices = {"officers": reads.officers_of(bodies), "units": reads.units_of_bodies(bodies).order_by("name", "pk")}
    form = ReportReceiverForm(request.POST or None, initial={"school_unit": request.GET.get("skola")}, **choices)
    if form.is_valid() and accepted(form, actions.add_report_receiver, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("The officer receives the school's reports."))
        return redirect("absence:report_receiver_list")
    return show_form(request, "absence/add_report_receiver.html", form)


@require_POST
def end_report_receiver(request: RoleRequest, pk: UUID) -> HttpResponse:
    receivers = ReportReceiver.objects.visible_to(request.actor).select_related("duty")
    actions.end_report_receiver(actor=request.actor, receiver=get_object_or_404(receivers, pk=pk))
    messages.success(request, _("The officer receives the school's reports no more."))
    return redirect("absence:report_receiver_list")
