"""The curriculum to read: what each subject is to teach and by what knowledge is judged."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dexter.lib import days
from dexter.lib.access import allows
from dexter.lib.requests import RoleRequest
from larande.syllabus import reads
from larande.syllabus.forms import SubjectSearchForm
from larande.syllabus.models import SubjectVersion


@require_GET
def subject_list(request: RoleRequest) -> HttpResponse:
    """What is in force today, by form of school; without a search also what comes."""
    form = SubjectSearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    readable, today = SubjectVersion.objects.visible_to(request.actor), days.today()
    versions = list(reads.searched(readable.in_force(today), **asked).order_by("school_type", "name", "course_code"))
    context = {
        "form": form,
        "versions": versions,
        "coming": [] if any(asked.values()) else readable.to_come(today).order_by("valid_from", "name", "course_code"),
        "asked": any(asked.values()),
        "any_example": any(version.is_example for version in versions),
        "may_see_loaded": allows(request.actor, "syllabus.see_loaded"),
    }
    return render(request, "syllabus/subject_list.html", context)


@require_GET
def subject_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    version = get_object_or_404(SubjectVersion.objects.visible_to(request.actor), pk=pk)
    versions = reads.with_former(SubjectVersion.objects.visible_to(request.actor).of_subject(version))
    context = {
        "version": version,
        "today": days.today(),
        "abilities": reads.abilities_of(version),
        "spans": reads.spans(reads.items_for(version, None)),
        "criteria": reads.criteria_by_year(reads.criteria_of(version)),
        "versions": versions,
        "replaced_by": reads.replaced_by(version, versions, days.today()),
    }
    return render(request, "syllabus/subject_detail.html", context)
