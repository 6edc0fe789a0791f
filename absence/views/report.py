"""Guardians report absence, get a receipt, and take days back."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from absence import reads
from absence.actions import reports as actions
from absence.forms.reports import AddDayForm, ReportAbsenceForm
from absence.models import AbsenceReport, ReportedDay
from dexter.lib import days
from dexter.lib.forms import submit
from dexter.lib.requests import RoleRequest

from .wording import problem_text

HISTORY_DAYS = 60


@require_http_methods(["GET", "POST"])
def report_absence(request: RoleRequest) -> HttpResponse:
    form = ReportAbsenceForm(request.POST or None, actor=request.actor)
    outcome = None
    if form.is_valid():
        given = form.cleaned_data
        outcome = submit(
            form, actions.report_absence, actor=request.actor, pupils=given["pupils"], span=form.span, submission=given["submission"]
        )
    if outcome and outcome.report:
        for problem in outcome.problems:
            messages.warning(request, problem_text(problem))
        return redirect("absence:report_detail", outcome.report.pk)
    for problem in outcome.problems if outcome else []:
        form.add_error(None, problem_text(problem))
    return render(request, "absence/report_absence.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def report_detail(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    report = get_object_or_404(AbsenceReport.objects.visible_to(request.actor), pk=pk)
    mine = reads.with_receipt(ReportedDay.objects.visible_to(request.actor).filter(report=report), request.actor.person_id)
    rows = reads.marked_withdrawable(list(mine.order_by("pupil__sort_key", "day")))
    context = {"report": report, "rows": reads.marked_last_of_pupil(rows), "submission": uuid.uuid4()}
    return render(request, "absence/report_detail.html", {**context, "standing": any(row.withdrawn_at is None for row in rows)})


@require_GET
def report_list(request: RoleRequest) -> HttpResponse:
    """What is reported from two months back and onwards for all children, whoever reported it."""
    visible = ReportedDay.objects.visible_to(request.actor).exclude(pupil=request.actor.person_id)
    since = days.today() - timedelta(days=HISTORY_DAYS)
    rows = reads.marked_withdrawable(list(reads.with_receipt(visible.filter(day__gte=since), request.actor.person_id)))
    coming = [row for row in rows if row.day >= days.today()]
    earlier = [row for row in reversed(rows) if row.day < days.today()]
    return render(request, "absence/report_list.html", {"coming": coming, "earlier": earlier})


@require_POST
def withdraw_day(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    day = get_object_or_404(ReportedDay.objects.visible_to(request.actor).select_related("report", "pupil"), pk=pk)
    try:
        actions.withdraw_day(actor=request.actor, day=day)
        messages.success(request, _("The report is taken back."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("absence:report_detail", day.report_id)


@require_POST
def add_day(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    day = get_object_or_404(ReportedDay.objects.visible_to(request.actor).select_related("pupil"), pk=pk)
    form = AddDayForm(request.POST)
    outcome = submit(form, actions.add_day, actor=request.actor, day=day, **form.cleaned_data) if form.is_valid() else None
    if outcome and outcome.report:
        return redirect("absence:report_detail", outcome.report.pk)
    texts = [problem_text(problem) for problem in outcome.problems] if outcome else [str(error) for error in form.non_field_errors()]
    for text in texts or [_("That could not be reported. Try again.")]:
        messages.error(request, text)
    return redirect("absence:report_list")
