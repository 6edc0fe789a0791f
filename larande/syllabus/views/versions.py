"""What a new version changed, and what has been read into the system."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dexter.lib.access import require
from dexter.lib.requests import RoleRequest
from larande.syllabus import reads
from larande.syllabus.models import SubjectVersion
from larande.syllabus.tables import VersionTable
from registry.tables import shown


@require_GET
def version_changes(request: RoleRequest, pk: UUID, former: UUID) -> HttpResponse:
    """Two versions of one subject side by side; 404 for versions of different subjects."""
    version = get_object_or_404(SubjectVersion.objects.visible_to(request.actor), pk=pk)
    before = get_object_or_404(SubjectVersion.objects.visible_to(request.actor).of_subject(version).exclude(pk=pk), pk=former)
    context = {"version": version, "former": before, "changes": reads.changes(before, version)}
    return render(request, "syllabus/version_changes.html", context)


@require_GET
def version_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "syllabus.see_loaded")
    table = VersionTable(reads.with_sums(SubjectVersion.objects.visible_to(request.actor)))
    return render(request, "syllabus/version_list.html", {"table": shown(request, table)})
