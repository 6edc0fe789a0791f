"""The school's side of leave: the mentor's note, the decision, and its document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence.actions import leave_answers, leave_decisions
from absence.forms.leave_decision import DecideLeaveForm, NoteLeaveForm
from absence.models import Effective, LeaveConsent, LeaveDay, LeaveDecision, LeaveNote, LeaveRequest
from absence.reads import leave as reads
from absence.reads.leave_basis import Basis, basis_of
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, allows, require
from dexter.lib.downloads import download
from dexter.lib.forms import OUTDATED, accepted, show_form
from dexter.lib.requests import RoleRequest


def _basis(actor: Actor, found: LeaveRequest) -> Basis:
    return basis_of(
        found,
        visible=LeaveRequest.objects.visible_to(actor),
        effective=Effective.objects.visible_to(actor),
        notes=LeaveNote.objects.visible_to(actor),
        consents=LeaveConsent.objects.visible_to(actor),
    )


def school_context(request: RoleRequest, found: LeaveRequest) -> dict[str, Any]:
    """What a decider and a mentor see of a request."""
    actor = request.actor
    return {
        "leave": found,
        "basis": _basis(actor, found),
        "days": LeaveDay.objects.visible_to(actor).filter(request=found).order_by("day"),
        "may_note": found.is_open and allows(actor, "absence.note_leave", found),
        "may_decide": reads.is_to_decide(found) and allows(actor, "absence.decide_leave", found),
        "today": days.today(),
    }


@require_http_methods(["GET", "POST"])
def note_leave(request: RoleRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(reads.with_signs(LeaveRequest.objects.visible_to(request.actor)), pk=pk)
    require(request.actor, "absence.note_leave", found)
    form = NoteLeaveForm(request.POST or None)
    if form.is_valid() and accepted(form, leave_answers.note_leave, actor=request.actor, request=found, text=form.cleaned_data["text"]):
        messages.success(request, _("The note is saved. The decider reads it."))
        return redirect("absence:leave_detail", pk)
    return show_form(request, "absence/note_leave.html", form, leave=found)


@require_http_methods(["GET", "POST"])
def decide_leave(request: RoleRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(reads.with_signs(LeaveRequest.objects.visible_to(request.actor)), pk=pk)
    form = DecideLeaveForm(request.POST or None, initial={"first": max(found.start_date, days.today()), "last": found.end_date})
    require(request.actor, "absence.decide_leave", found)
    if not form.is_bound and not reads.is_to_decide(found):
        return redirect("absence:leave_detail", pk)
    if form.is_valid() and accepted(form, leave_decisions.decide_leave, actor=request.actor, request=found, verdict=form.verdict()):
        messages.success(request, _("The decision is made. The home is told."))
        return redirect("absence:leave_detail", pk)
    if form.has_error(NON_FIELD_ERRORS, OUTDATED):
        found = get_object_or_404(reads.with_signs(LeaveRequest.objects.visible_to(request.actor)), pk=pk)
        return render(request, "absence/decide_leave.html", {"form": form, **school_context(request, found)}, status=409)
    return show_form(request, "absence/decide_leave.html", form, **school_context(request, found))


@require_GET
def download_leave_decision(request: RoleRequest, pk: UUID) -> HttpResponse:
    decision = get_object_or_404(LeaveDecision.objects.visible_to(request.actor).select_related("document", "request"), request=pk)
    subjects = [decision.request.pupil_id]
    record(actor=request.actor, action="absence.download_leave_decision", subjects=subjects, object_id=decision.request_id)
    return download(bytes(decision.document.content), decision.document.name.removesuffix(".pdf"), "pdf")
