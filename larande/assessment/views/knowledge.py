"""What a pupil knows: for teachers, mentor and principal all; for pupil and guardians what is published, at a strong sign-in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from larande.assessment import reads
from larande.assessment.actions import self_assessments, summaries
from larande.assessment.forms.knowledge import BasisForm, OwnViewForm, SummaryForm
from larande.assessment.models.scope import activities_assessed_by
from registry.models import Activity, Person

CONFLICT = 409


@require_GET
def knowledge_list(request: RoleRequest, pk: UUID) -> HttpResponse:
    """A pupil's subjects."""
    pupil = reads.person_assessed(request.actor, pk)
    if pupil is None:
        raise Http404
    record(actor=request.actor, action="assessment.knowledge_list", subjects=[pk])
    return render(request, "assessment/knowledge_list.html", {"pupil": pupil, "subjects": reads.subjects_of(request.actor, pk)})


@require_GET
def knowledge(request: RoleRequest, pk: UUID, subject: str) -> HttpResponse:
    found = reads.knowledge_of(request.actor, pk, subject)
    if found is None:
        raise Http404
    record(actor=request.actor, action="assessment.knowledge", subjects=[pk], details={"subject": subject})
    writes = reads.activities_written_in(request.actor, found.activities)
    written = {summary.activity_id for summary in found.summaries}
    unwritten = [activity for activity in found.activities if activity.pk in writes - written]
    context = {"found": found, "subject": subject, "writes": writes, "unwritten": unwritten}
    return render(request, "assessment/knowledge.html", context)


def _teaching(request: RoleRequest, pk: UUID) -> Activity:
    teachings = Activity.objects.visible_to(request.actor).filter(activities_assessed_by(request.actor), syllabus__isnull=False)
    activity: Activity = get_object_or_404(teachings.select_related("syllabus", "school_unit"), pk=pk)
    return activity


def _subject(activity: Activity) -> str:
    return activity.syllabus.subject_code if activity.syllabus else ""


def _taught(request: RoleRequest, activity: Activity, pk: UUID) -> Person:
    return get_object_or_404(reads.roster_of_teaching(activity, request.actor), pk=pk)


@require_http_methods(["GET", "POST"])
def write_summary(request: RoleRequest, pk: UUID, pupil: UUID) -> HttpResponse:
    activity = _teaching(request, pk)
    person = _taught(request, activity, pupil)
    require(request.actor, "assessment.write_summary", activity)
    form = SummaryForm(request.POST or None, summary=reads.summary_of(activity, pupil))
    given = {"actor": request.actor, "activity": activity, "pupil": person}
    if form.is_valid() and accepted(form, summaries.write_summary, **given, **form.given):
        messages.success(request, _("Published.") if form.given["publish"] else _("Saved as a draft."))
        return redirect("assessment:knowledge", pupil, _subject(activity))
    stored = reads.summary_of(activity, pupil)
    record(actor=request.actor, action="assessment.knowledge", subjects=[pupil], details={"subject": _subject(activity)})
    shown = {"saved": form.go_on_from(stored), "stored": stored, "readers": reads.readers_of(pupil), "pupil": person, "activity": activity}
    answer = show_form(request, "assessment/write_summary.html", form, **shown)
    answer.status_code = CONFLICT if form.is_outdated else answer.status_code
    return answer


@require_POST
def withdraw_summary(request: RoleRequest, pk: UUID, pupil: UUID) -> HttpResponse:
    activity = _teaching(request, pk)
    person = _taught(request, activity, pupil)
    summaries.withdraw_summary(actor=request.actor, activity=activity, pupil=person)
    messages.success(request, _("The home reads it no more."))
    return redirect("assessment:knowledge", pupil, _subject(activity))


@require_GET
def basis_list(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Who lacks a basis for judgement, at a glance."""
    activity = _teaching(request, pk)
    require(request.actor, "assessment.list_basis", activity)
    form = BasisForm(request.GET or None, initial={"since": "term", "least": 1})
    bases = reads.bases_of(request.actor, activity, **form.asked)
    record(actor=request.actor, action="assessment.basis_list", subjects=[basis.pupil.pk for basis in bases], object_id=pk)
    lacking = sum(basis.is_lacking for basis in bases)
    return render(request, "assessment/basis_list.html", {"activity": activity, "form": form, "bases": bases, "lacking": lacking})


@require_GET
def own_grid_list(request: RoleRequest) -> HttpResponse:
    """What a pupil may assess oneself in, where the school has it on."""
    return render(request, "assessment/own_grid_list.html", {"uses": reads.own_grids(request.actor)})


@require_http_methods(["GET", "POST"])
def assess_oneself(request: RoleRequest, pk: UUID) -> HttpResponse:
    use = get_object_or_404(reads.own_grids(request.actor), pk=pk)
    require(request.actor, "assessment.assess_oneself", use)
    form = OwnViewForm(request.POST or None, **reads.own_view(use, request.actor.person_id))
    if form.is_valid() and submit(form, self_assessments.assess_oneself, actor=request.actor, use=use, **form.cleaned_data) is not None:
        messages.success(request, _("Saved."))
        return redirect("assessment:assess_oneself", pk)
    person = request.actor.person_id
    shown = {"use": use, "scale": reads.own_scale(use, person), "readers": reads.readers_of(person)}
    answer = show_form(request, "assessment/assess_oneself.html", form, **shown)
    answer.status_code = CONFLICT if form.is_outdated else answer.status_code
    return answer
