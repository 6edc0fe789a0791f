"""Investigations of absence (skollagen 7:19 a): for the principal, the mentor and who is invited; never for other teachers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from absence import reads
from absence.actions import body_reports
from absence.actions import investigations as actions
from absence.documents.investigation import investigation_pdf
from absence.forms.investigations import CloseInvestigationForm, InvestigationForm, InviteForm, OpenInvestigationForm, SendOnwardForm
from absence.models import AbsenceInvestigation, InvestigationMember, InvestigationSave
from absence.tables import InvestigationTable
from dexter.audit.actions import record
from dexter.lib.access import allows, require
from dexter.lib.downloads import download
from dexter.lib.forms import accepted, go_on_from, show_form, submit
from dexter.lib.requests import RoleRequest
from registry.models import Person, SchoolUnit
from registry.tables import shown

CONFLICT = 409


@require_GET
def investigation_list(request: RoleRequest) -> HttpResponse:
    rows = reads.in_full(AbsenceInvestigation.objects.visible_to(request.actor))
    table = shown(request, InvestigationTable(rows))
    record(actor=request.actor, action="absence.investigation_list", subjects={row.record.pupil_id for row in table.paginated_rows})
    return render(request, "absence/investigation_list.html", {"table": table})


@require_http_methods(["GET", "POST"])
def open_investigation(request: RoleRequest, pk: UUID) -> HttpResponse:
    pupil = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "absence.open_investigation", pupil)
    unit = reads.unit_headed(pupil, SchoolUnit.objects.visible_to(request.actor), request.actor)
    if unit is None:
        raise Http404
    form = OpenInvestigationForm(request.POST or None)
    if form.is_valid():
        given = {"pupil": pupil, "unit": unit, **form.cleaned_data}
        if opened := submit(form, actions.open_investigation, actor=request.actor, **given):
            messages.success(request, _("The investigation is opened and reported to the responsible body."))
            return redirect("absence:investigation_detail", opened.pk)
    context = {"pupil": pupil, "unit": unit, "is_owed": reads.is_investigated(pupil, unit), "has_receiver": reads.has_receiver(unit)}
    return show_form(request, "absence/open_investigation.html", form, **context)


@require_GET
def investigation_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    investigation = _seen(request, pk)
    record(actor=request.actor, action="absence.investigation_detail", subjects=[investigation.pupil_id], object_id=pk)
    return render(request, "absence/investigation_detail.html", _page(request, investigation))


@require_http_methods(["GET", "POST"])
def edit_investigation(request: RoleRequest, pk: UUID) -> HttpResponse:
    investigation = _seen(request, pk)
    if investigation.is_ended:
        messages.error(request, _("The investigation has ended. Nothing more is written in it."))
        return redirect("absence:investigation_detail", pk)
    form = InvestigationForm(request.POST or None, investigation=investigation)
    if form.is_valid():
        given = {"investigation": investigation, "version": form.cleaned_data["version"], "values": form.values}
        if accepted(form, actions.edit_investigation, actor=request.actor, **given):
            messages.success(request, _("Saved."))
            return redirect("absence:investigation_detail", pk)
    form.go_on_from(_seen(request, pk))
    answer = show_form(request, "absence/edit_investigation.html", form, investigation=investigation)
    answer.status_code = CONFLICT if form.is_outdated else answer.status_code
    return answer


@require_http_methods(["GET", "POST"])
def close_investigation(request: RoleRequest, pk: UUID) -> HttpResponse:
    investigation = _seen(request, pk)
    require(request.actor, "absence.close_investigation", investigation)
    form = CloseInvestigationForm(request.POST or None, initial={"version": investigation.version})
    if form.is_valid() and accepted(
        form, actions.close_investigation, actor=request.actor, investigation=investigation, **form.cleaned_data
    ):
        messages.success(request, _("The investigation is ended."))
        return redirect("absence:investigation_detail", pk)
    go_on_from(form, _seen(request, pk).version)
    return show_form(request, "absence/close_investigation.html", form, investigation=investigation)


@require_http_methods(["GET", "POST"])
def invite_to_investigation(request: RoleRequest, pk: UUID) -> HttpResponse:
    investigation = _seen(request, pk)
    require(request.actor, "absence.invite_to_investigation", investigation)
    form = InviteForm(request.POST or None, staff=reads.staff_to_invite(investigation))
    if form.is_valid() and accepted(
        form, actions.invite_to_investigation, actor=request.actor, investigation=investigation, **form.cleaned_data
    ):
        messages.success(request, _("The colleague can read and write the investigation."))
        return redirect("absence:investigation_detail", pk)
    return show_form(request, "absence/invite_to_investigation.html", form, investigation=investigation)


@require_http_methods(["GET", "POST"])
def send_report_onward(request: RoleRequest, pk: UUID) -> HttpResponse:
    investigation = _seen(request, pk)
    require(request.actor, "absence.send_report_onward", investigation)
    form = SendOnwardForm(request.POST or None, initial={"municipality": investigation.report.home_municipality})
    if form.is_valid() and accepted(
        form, body_reports.send_report_onward, actor=request.actor, investigation=investigation, **form.cleaned_data
    ):
        messages.success(request, _("It is noted that the report was sent onward."))
        return redirect("absence:investigation_detail", pk)
    return show_form(request, "absence/send_report_onward.html", form, investigation=_seen(request, pk))


@require_POST
def remove_member(request: RoleRequest, pk: UUID) -> HttpResponse:
    members = InvestigationMember.objects.visible_to(request.actor).select_related("investigation")
    member = get_object_or_404(members, pk=pk)
    actions.remove_member(actor=request.actor, member=member)
    messages.success(request, _("The colleague reads the investigation no more."))
    return redirect("absence:investigation_detail", member.investigation_id)


@require_GET
def download_investigation(request: RoleRequest, pk: UUID) -> HttpResponse:
    investigation = _seen(request, pk)
    record(actor=request.actor, action="absence.download_investigation", subjects=[investigation.pupil_id], object_id=pk)
    return download(investigation_pdf(investigation), f"{_('investigation')}-{investigation.registry_no.replace(':', '-')}", "pdf")


def _seen(request: RoleRequest, pk: UUID) -> AbsenceInvestigation:
    found: AbsenceInvestigation = get_object_or_404(reads.in_full(AbsenceInvestigation.objects.visible_to(request.actor)), pk=pk)
    return found


def _page(request: RoleRequest, investigation: AbsenceInvestigation) -> dict[str, object]:
    saves = InvestigationSave.objects.visible_to(request.actor).filter(investigation=investigation)
    return {
        "investigation": investigation,
        "texts": reads.texts_of(investigation),
        "members": reads.members_of(investigation),
        "saves": saves.select_related("saved_by"),
        "has_receiver": reads.has_receiver(investigation.school_unit),
        "may_lead": allows(request.actor, "absence.close_investigation", investigation),
    }
