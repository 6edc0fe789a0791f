"""Guardians report absence, get a receipt, and take days back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from absence import reads
from absence.actions import reports as actions
from absence.actions.reports import Outcome
from absence.forms.history import HistoryForm
from absence.forms.reports import AddDayForm, ChosenDayForm, ReportAbsenceForm, ReportLessonsForm
from absence.models import AbsenceReport, ReportedDay
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import show_form, submit
from dexter.lib.requests import RoleRequest
from registry.models import Person, Term

from .wording import problem_text


@require_http_methods(["GET", "POST"])
def report_absence(request: RoleRequest) -> HttpResponse:
    require(request.actor, "absence.open_reporting")
    form = ReportAbsenceForm(request.POST or None, actor=request.actor, initial={"pupils": request.GET.getlist("pupils")})
    if not form.is_valid():
        return show_form(request, "absence/report_absence.html", form)
    given = form.cleaned_data
    if form.chooses_lessons:
        return redirect(_address_of_lessons(given["pupils"], given["first"]))
    outcome = submit(
        form, actions.report_absence, actor=request.actor, pupils=given["pupils"], span=form.span, submission=given["submission"]
    )
    return _receipt(request, form, outcome) or show_form(request, "absence/report_absence.html", form)


@require_http_methods(["GET", "POST"])
def report_lessons(request: RoleRequest) -> HttpResponse:
    """Chosen lessons of one day: shown by GET for the chosen pupils, reported by POST."""
    require(request.actor, "absence.open_reporting")
    asked = ChosenDayForm(request.POST or request.GET, actor=request.actor)
    if not asked.is_valid():
        return redirect("absence:report_absence")
    form = ReportLessonsForm(request.POST or None, actor=request.actor)
    outcome = submit(form, actions.report_lessons, actor=request.actor, **form.given) if form.is_valid() else None
    return _receipt(request, form, outcome) or _lessons_page(request, asked, form)


def _lessons_page(request: RoleRequest, asked: ChosenDayForm, form: ReportLessonsForm) -> HttpResponse:
    pupils, day = list(asked.cleaned_data["pupils"]), asked.cleaned_data["first"]
    sheet = reads.lessons_to_choose(pupils, day, set(request.POST.getlist("lessons")))
    return show_form(request, "absence/report_lessons.html", form, sheet=sheet, day=day, now=days.now())


def _address_of_lessons(pupils: Iterable[Person], day: date) -> str:
    query = [*[("pupils", str(pupil.pk)) for pupil in pupils], ("first", day.isoformat())]
    return f"{reverse('absence:report_lessons')}?{urlencode(query)}"


def _receipt(request: RoleRequest, form: Form, outcome: Outcome | None) -> HttpResponse | None:
    """Onwards to the receipt, with what did not go through said there; None, with it said on the form, when nothing did."""
    problems = [problem_text(problem) for problem in outcome.problems] if outcome else []
    if not outcome or not outcome.report:
        for text in problems:
            form.add_error(None, text)
        return None
    for text in problems:
        messages.warning(request, text)
    return redirect("absence:report_detail", outcome.report.pk)


@require_GET
def report_detail(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    report = get_object_or_404(AbsenceReport.objects.visible_to(request.actor), pk=pk)
    mine = reads.with_receipt(ReportedDay.objects.visible_to(request.actor).filter(report=report), request.actor.person_id)
    rows = reads.marked_withdrawable(list(mine.order_by("pupil__sort_key", "day")))
    context = {"report": report, "rows": reads.marked_last_of_pupil(rows), "submission": uuid.uuid4()}
    context["withdrawable"] = sum(row.withdrawable and row.mine for row in rows)
    return render(request, "absence/report_detail.html", {**context, "standing": any(row.withdrawn_at is None for row in rows)})


@require_GET
def report_list(request: RoleRequest) -> HttpResponse:
    """What is reported for the children or oneself, whoever reported it; two months back unless a term is chosen."""
    people = reads.in_role(Person.objects.visible_to(request.actor), request.actor)
    form = HistoryForm(request.GET, people=people, spans=reads.term_spans(Term.objects.visible_to(request.actor)))
    visible = ReportedDay.objects.visible_to(request.actor).filter(form.condition, pupil__in=people)
    rows = reads.marked_withdrawable(list(reads.with_receipt(visible, request.actor.person_id)))
    context = {
        "form": form,
        "coming": [row for row in rows if row.day >= days.today()],
        "earlier": [row for row in reversed(rows) if row.day < days.today()],
        "may_report": allows(request.actor, "absence.open_reporting"),
    }
    return render(request, "absence/report_list.html", context)


@require_POST
def withdraw_report(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    report = get_object_or_404(AbsenceReport.objects.visible_to(request.actor), pk=pk)
    try:
        actions.withdraw_report(actor=request.actor, report=report)
        messages.success(request, _("The report is taken back."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("absence:report_detail", report.pk)


@require_POST
def withdraw_day(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    day = get_object_or_404(ReportedDay.objects.visible_to(request.actor).select_related("report", "pupil"), pk=pk)
    try:
        actions.withdraw_day(actor=request.actor, day=day)
        messages.success(request, _("The report is taken back."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    mine = AbsenceReport.objects.visible_to(request.actor).filter(pk=day.report_id).exists()
    return redirect("absence:report_detail", day.report_id) if mine else redirect("absence:report_list")


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
