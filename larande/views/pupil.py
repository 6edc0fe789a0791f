"""What Lärande holds of one pupil, for school and home, each by right."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.requests import RoleRequest
from larande import reads
from larande.assessment.models import Assessment, SubjectSummary
from larande.planning.models import PlanTeaching, Task
from larande.planning.reads import history
from larande.planning.reads.taught import Taught
from registry.models import Person


@require_GET
def pupil(request: RoleRequest, pk: UUID) -> HttpResponse:
    """One page per child: plans, tasks and knowledge; each later part of Lärande adds its own section."""
    found = _found(request, pk)
    their = history.followed(found, request.actor)
    tasks = history.coming_tasks(their, PlanTeaching.objects.visible_to(request.actor), Task.objects.visible_to(request.actor))
    record(actor=request.actor, action="larande.pupil", subjects=[found.pk])
    context = {"pupil": found, "subjects": _subjects(request, found, their), "due": tasks, "today": days.today()}
    return render(request, "larande/pupil.html", {**context, "sees_judgements": reads.sees_judgements(request.actor)})


@require_GET
def subject_of_pupil(request: RoleRequest, pk: UUID, code: str) -> HttpResponse:
    """A subject through the years: also from earlier groups, and by earlier teachers."""
    found = _found(request, pk)
    subjects = _subjects(request, found, history.followed(found, request.actor))
    subject = next((card for card in subjects if card.code == code), None)
    if subject is None:
        raise Http404
    record(actor=request.actor, action="larande.subject_of_pupil", subjects=[found.pk], details={"subject": code})
    context = {"pupil": found, "subject": subject, "sees_judgements": reads.sees_judgements(request.actor)}
    return render(request, "larande/subject_of_pupil.html", context)


def _found(request: RoleRequest, pk: UUID) -> Person:
    found: Person = get_object_or_404(reads.pupils(Person.objects.visible_to(request.actor), request.actor), pk=pk)
    return found


def _subjects(request: RoleRequest, found: Person, their: list[Taught]) -> list[reads.SubjectCard]:
    actor = request.actor
    plans = history.subjects_of(their, PlanTeaching.objects.visible_to(actor))
    assessments, summaries = Assessment.objects.visible_to(actor), SubjectSummary.objects.visible_to(actor)
    return reads.subject_cards(plans, reads.knowledge_of(found, actor, assessments, summaries))
