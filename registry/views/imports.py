"""Feeding the register by a file: choose, look at what it would do, carry it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib.access import require
from dexter.lib.downloads import download
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import imports
from registry.documents import tables
from registry.forms.imports import ConfirmImportForm, UploadForm
from registry.imports.columns import TEMPLATES
from registry.models import ImportRun, ImportSource, ImportState, Person, Template
from registry.tables import ImportTable, shown

LISTED = {"ended": "end", "held": "held", "changed": "change"}


@require_GET
def import_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    runs = ImportRun.objects.visible_to(request.actor).select_related("source", "started_by")
    context = {"table": shown(request, ImportTable(runs)), "sources": ImportSource.objects.visible_to(request.actor)}
    return render(request, "registry/import_list.html", context)


@require_http_methods(["GET", "POST"])
def upload_import(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (run := submit(form, imports.upload_import, actor=request.actor, **form.cleaned_data)):
        return redirect("registry:import_detail", run.pk)
    columns = [(Template(name), columns) for name, columns in TEMPLATES.items()]
    return show_form(request, "registry/upload_import.html", form, templates=columns)


def _run(request: RoleRequest, pk: UUID) -> ImportRun:
    rows = ImportRun.objects.visible_to(request.actor).select_related("source", "job", "started_by")
    run: ImportRun = get_object_or_404(rows, pk=pk)
    return run


@require_GET
def import_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    """What the import would do or did; while it is under way, how far it has come."""
    run = _run(request, pk)
    context = _shown(request, run)
    named = {line.person.pk for lines in (context["ended"], context["held"], context["changed"]) for line in lines if line.person}
    record(actor=request.actor, action="registry.import_detail", subjects=named, object_id=run.pk)
    return render(request, "registry/import_detail.html", {**context, "form": ConfirmImportForm(run=run)})


def _shown(request: RoleRequest, run: ImportRun) -> dict[str, Any]:
    persons = Person.objects.visible_to(request.actor).unmarked()
    lines = {
        name: reads.report_lines(run, verdict, persons) for name, verdict in (("ended", "end"), ("held", "held"), ("changed", "change"))
    }
    under_way = run.state in (ImportState.READING, ImportState.CARRYING_OUT)
    waits = run.state == ImportState.PREVIEWED and run.started_by_id is not None  # nobody answers for an interface
    return {"run": run, "sums": reads.sums_of(run), **lines, "under_way": under_way, "waits": waits}


@require_GET
def import_progress(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Asked every second by the page; when the work is over the page is loaded anew."""
    run = _run(request, pk)
    answer = render(request, "registry/parts/import_progress.html", {"run": run})
    if run.state not in (ImportState.READING, ImportState.CARRYING_OUT):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def confirm_import(request: RoleRequest, pk: UUID) -> HttpResponse:
    run = _run(request, pk)
    form = ConfirmImportForm(request.POST, run=run)
    if form.is_valid() and accepted(form, imports.confirm_import, actor=request.actor, run=run, **form.cleaned_data):
        return redirect("registry:import_detail", pk)
    return render(request, "registry/import_detail.html", {**_shown(request, _run(request, pk)), "form": form}, status=422)


@require_POST
def discard_import(request: RoleRequest, pk: UUID) -> HttpResponse:
    imports.discard_import(actor=request.actor, run=_run(request, pk))
    messages.success(request, _("The import is thrown away. Nothing was changed."))
    return redirect("registry:import_list")


@require_POST
def release_to_import(request: RoleRequest, pk: UUID) -> HttpResponse:
    """What the school keeps itself is given back to the source."""
    run, key = _run(request, pk), (request.POST.get("kind", ""), request.POST.get("row", ""), request.POST.get("person", ""))
    lines = reads.report_lines(run, "held", Person.objects.visible_to(request.actor).unmarked())
    line = next((line for line in lines if (line.kind, line.row, line.person_id) == key), None)
    if line is None or line.person is None:
        raise Http404
    imports.release_to_import(actor=request.actor, run=run, kind=line.kind, person=line.person, row=line.row)
    messages.success(request, _("From the next import on the file counts again."))
    return redirect("registry:import_detail", pk)


@require_GET
def import_template(request: RoleRequest, template: str, ending: str) -> HttpResponse:
    """The headings with one made-up row."""
    require(request.actor, "registry.administer")
    if template not in TEMPLATES or ending not in ("csv", "xlsx"):
        raise Http404
    columns = TEMPLATES[Template(template)]
    headings, rows = [column.heading for column in columns], [[column.example for column in columns]]
    content = tables.csv_of(headings, rows) if ending == "csv" else tables.xlsx_of(template, headings, rows)
    return download(content, f"dexter-{template}", ending)
