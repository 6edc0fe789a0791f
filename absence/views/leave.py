"""Leave, as the home and the school see it: apply, answer, take back, follow."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence.actions import leave as actions
from absence.actions import leave_answers
from absence.actions.leave import Applied
from absence.forms.leave import AnswerLeaveForm, ApplyForLeaveForm, GiveBackForm
from absence.models import BlockedPeriod, ConsentAnswer, LeaveConsent, LeaveDay, LeaveRequest
from absence.models.leave import LeaveRequestQuerySet
from absence.reads import blocked_periods as blocked
from absence.reads import in_role
from absence.reads import leave as reads
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Role, allows, require
from dexter.lib.forms import show_form, submit
from dexter.lib.requests import RoleRequest
from registry.models import Person

from .leave_decision import school_context
from .leave_wording import answered_text, applied_text, refusal_text

ROWS_A_PAGE = 50


@require_GET
def leave_list(request: RoleRequest) -> HttpResponse:
    """The home's own; to staff those of their pupils: the open ones by their first day, or those that ended."""
    found = reads.with_signs(LeaveRequest.objects.visible_to(request.actor))
    if request.actor.role is not Role.STAFF:
        rows = list(found.order_by("-start_date", "pupil__sort_key", "pk"))
        context = {"rows": rows, "may_apply": _may_apply(request), "this_year": _this_year(request)}
        return render(request, "absence/leave_list.html", context)
    ended = request.GET.get("visa") == "avslutade"
    page = Paginator(reads.ended(found) if ended else reads.still_open(found), ROWS_A_PAGE).get_page(request.GET.get("sida"))
    record(actor=request.actor, action="absence.leave_list", subjects={row.pupil_id for row in page})
    context = {"page": page, "ended": ended, "soon": reads.SOON, "today": days.today()}
    context["shielded"] = reads.shielded_count(request.actor) if allows(request.actor, "registry.list_protected") else 0
    return render(request, "absence/leave_list_of_school.html", context)


def _this_year(request: RoleRequest) -> list[Person]:
    """Whose leave is asked for here, each with what is granted already: where nobody can ask there is nothing to count."""
    if not _may_apply(request):
        return []
    people = in_role(Person.objects.visible_to(request.actor), request.actor)
    chosen = people.minors_on(days.today()) if request.actor.role is Role.GUARDIAN else people
    return list(reads.with_leave_this_year(chosen))


def _may_apply(request: RoleRequest) -> bool:
    """Komvux has no leave to apply for: there an application would be refused, so it is not offered."""
    person = request.person
    return request.actor.role is Role.GUARDIAN or (allows(request.actor, "absence.apply_for_leave", person) and reads.has_leave(person))


@require_GET
def leave_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(reads.with_signs(LeaveRequest.objects.visible_to(request.actor)), pk=pk)
    if request.actor.role is Role.STAFF:
        record(actor=request.actor, action="absence.leave_detail", subjects=[found.pupil_id], object_id=found.pk)
        return render(request, "absence/leave_detail_of_school.html", school_context(request, found))
    return render(request, "absence/leave_detail.html", _home_context(request, found))


def _home_context(request: RoleRequest, found: LeaveRequest) -> dict[str, Any]:
    """What a home, or the pupil of age, sees of a request."""
    visible = LeaveRequest.objects.visible_to(request.actor).filter(application=found.application_id)
    granted = list(LeaveDay.objects.visible_to(request.actor).filter(request=found).order_by("day"))
    return {
        "leave": found,
        "siblings": visible.exclude(pk=found.pk).select_related("pupil", "school_unit"),
        "answers": LeaveConsent.objects.visible_to(request.actor).filter(request=found).order_by("answered_at", "pk"),
        "days": granted,
        "coming": any(row.day > days.today() and not row.revoked_at for row in granted),
        "is_mine": found.application.applied_by_id == request.actor.person_id,
        "may_answer": found.is_open and allows(request.actor, "absence.answer_leave", found),
        "may_withdraw": allows(request.actor, "absence.withdraw_leave", found),
        "today": days.today(),
    }


@require_http_methods(["GET", "POST"])
def apply_for_leave(request: RoleRequest) -> HttpResponse:
    if request.actor.role is Role.PUPIL:
        require(request.actor, "absence.apply_for_leave", request.person)
    form = ApplyForLeaveForm(request.POST or None, actor=request.actor)
    pupils = form.cleaned_data.get("pupils", [request.person]) if form.is_valid() else []
    cautions = blocked.cautions_for(pupils, form.wanted().first, form.wanted().last) if pupils else None
    if cautions and not form.knows_of(cautions):
        context = {"form": form, "cautions": cautions, "this_year": _this_year(request)}
        return render(request, "absence/apply_for_leave.html", context)
    applied = _applied(request, form, pupils) if pupils else None
    if applied and applied.requests:
        messages.success(request, applied_text(applied.requests))
        return redirect("absence:leave_list")
    coming = blocked.coming_periods(BlockedPeriod.objects.visible_to(request.actor), Person.objects.visible_to(request.actor))
    return show_form(request, "absence/apply_for_leave.html", form, coming=coming, this_year=_this_year(request))


def _applied(request: RoleRequest, form: ApplyForLeaveForm, pupils: Collection[Person]) -> Applied | None:
    """What came of it; what could not be asked for stands on the form, or beside the receipt of the rest."""
    given = {"pupils": pupils, "wanted": form.wanted(), "submission": form.cleaned_data["submission"]}
    applied = submit(form, actions.apply_for_leave, actor=request.actor, **given)
    for problem in applied.problems if applied else []:
        messages.warning(request, refusal_text(problem)) if applied and applied.requests else form.add_error(None, refusal_text(problem))
    return applied


@require_http_methods(["GET", "POST"])
def answer_leave(request: RoleRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(reads.with_signs(LeaveRequest.objects.visible_to(request.actor)), pk=pk)
    require(request.actor, "absence.answer_leave", found)
    form = AnswerLeaveForm(request.POST or None, waiting=_siblings_waiting(request, found))
    if form.is_valid():
        answer, both = ConsentAnswer(form.cleaned_data["answer"]), [found, *form.cleaned_data["also"]]
        if submit(form, leave_answers.answer_leave, actor=request.actor, requests=both, answer=answer):
            messages.success(request, answered_text(answer))
            return redirect("absence:leave_detail", pk)
    return show_form(request, "absence/answer_leave.html", form, leave=found)


def _siblings_waiting(request: RoleRequest, found: LeaveRequest) -> LeaveRequestQuerySet:
    waiting = reads.leave_to_answer(LeaveRequest.objects.visible_to(request.actor), request.actor)
    return waiting.filter(application=found.application_id).exclude(pk=found.pk).select_related("pupil", "school_unit", "application")


@require_http_methods(["GET", "POST"])
def withdraw_leave(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Without days to choose from, the press alone takes the whole request back."""
    found = get_object_or_404(reads.with_signs(LeaveRequest.objects.visible_to(request.actor)), pk=pk)
    require(request.actor, "absence.withdraw_leave", found)
    coming = reads.days_to_give_back(LeaveDay.objects.visible_to(request.actor).filter(request=found))
    form = GiveBackForm(request.POST or None, coming=coming) if coming else None
    if request.method == "GET" or (form and not form.is_valid()):
        return render(request, "absence/withdraw_leave.html", {"form": form, "leave": found}, status=422 if form and form.is_bound else 200)
    try:
        actions.withdraw_leave(actor=request.actor, request=found, given_back=form.cleaned_data["given_back"] if form else None)
        messages.success(request, _("The days are given back.") if form else _("The application is taken back."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("absence:leave_detail", pk)
