"""Somebody phones: find the pupil, register, ready for the next call."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from absence import reads
from absence.actions import office as actions
from absence.forms.office import PupilSearchForm, ReportForPupilForm
from absence.models import ReportedDay
from dexter.audit.actions import record
from dexter.lib.access import require
from dexter.lib.forms import show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads as registry
from registry.models import Guardianship, Person

from .wording import problem_text

RESULTS = 20
SUGGESTIONS = 8


@require_http_methods(["GET", "POST"])
def phone_report_list(request: RoleRequest) -> HttpResponse:
    """The search, and what I have registered today. While somebody types htmx asks for the first hits, which is not logged."""
    require(request.actor, "absence.take_calls")
    form = PupilSearchForm(request.POST or None)
    found = _found(request, form.cleaned_data["text"]) if form.is_valid() else None
    if request.htmx:
        return render(request, "absence/phone_report_list.html#pupil_hits", {"found": (found or [])[:SUGGESTIONS], "typing": True})
    if found is not None:
        record(actor=request.actor, action="absence.phone_report_list", subjects=[person.pk for person in found])
    rows = reads.just_registered(ReportedDay.objects.visible_to(request.actor), request.actor)
    return show_form(request, "absence/phone_report_list.html", form, found=found, rows=rows)


def _found(request: RoleRequest, text: str) -> list[Person]:
    pupils = reads.reported_for_by(Person.objects.visible_to(request.actor), request.actor)
    return registry.search(pupils, text, request.actor, RESULTS, alike=registry.Alike.NEVER if request.htmx else registry.Alike.IF_FEW)


@require_http_methods(["GET", "POST"])
def report_for_pupil(request: RoleRequest, pk: UUID) -> HttpResponse:
    pupil = get_object_or_404(reads.reported_for_by(Person.objects.visible_to(request.actor), request.actor), pk=pk)
    form = ReportForPupilForm(request.POST or None, callers=reads.possible_callers(Guardianship.objects.visible_to(request.actor), pupil))
    outcome = None
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("phoned_by", "submission")}
        outcome = submit(form, actions.report_for_pupil, actor=request.actor, pupil=pupil, span=form.span, **given)
    for problem in outcome.problems if outcome else []:
        form.add_error(None, problem_text(problem))
    if outcome and outcome.report:
        messages.success(request, _("%(name)s is registered as absent.") % {"name": pupil.shown_name})
        return _ready_for_the_next(request)
    return show_form(request, "absence/report_for_pupil.html", form, pupil=pupil, school_day=_school_day(request))


def _ready_for_the_next(request: RoleRequest) -> HttpResponse:
    """Back to the list of who has not arrived, where the call began there; else to the search."""
    return redirect(_school_day(request) or "absence:phone_report_list")


def _school_day(request: RoleRequest) -> str:
    """The address of the school's day that the page was opened from, or nothing."""
    try:
        return reverse("absence:school_day_of", args=[UUID(request.GET.get("skoldagen", ""))])
    except ValueError:
        return ""


@require_POST
def withdraw_for_pupil(request: RoleRequest, pk: UUID) -> HttpResponse:
    day = get_object_or_404(ReportedDay.objects.visible_to(request.actor).select_related("report", "pupil"), pk=pk)
    actions.withdraw_for_pupil(actor=request.actor, day=day)
    messages.success(request, _("Undone: %(name)s is not registered as absent.") % {"name": day.pupil.shown_name})
    return redirect("absence:phone_report_list")
