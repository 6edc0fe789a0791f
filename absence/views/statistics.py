"""Statistics of absence for who leads a school or follows a class, as charts, as a table and as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from absence import reads
from absence.actions import exports
from absence.forms.statistics import StatisticsForm, SumsForm
from absence.tables.statistics import StatisticsTable
from dexter.audit.actions import record
from dexter.lib import charts, days
from dexter.lib.access import require
from dexter.lib.downloads import download
from dexter.lib.requests import RoleRequest
from registry.documents import tables as files
from registry.models import Enrolment, Group, Person, SchoolUnit, Term

IN_CHART = 24  # lines, beyond which a chart shows the first of them


@require_GET
def statistics(request: RoleRequest, unit: UUID | None = None) -> HttpResponse:
    """Of one school; without one, the choice among those that are open to the actor."""
    units = reads.open_for_statistics(SchoolUnit.objects.visible_to(request.actor), request.actor)
    if unit is None:
        return _choice(request, list(units))
    school: Any = get_object_or_404(units, pk=unit)
    form = _form(request, school)
    context: dict[str, Any] = {"unit": school, "form": form, "may_export": school.may_export, "may_sum": school.may_sum}
    context["term"] = form.newest_term
    if form.is_valid():
        context |= _found(request, form)
    return render(request, "absence/statistics.html", context)


def _choice(request: RoleRequest, units: list[Any]) -> HttpResponse:
    if len(units) == 1:
        return redirect("absence:statistics_on", units[0].pk)
    return render(request, "absence/statistics_choice.html", {"units": units})


def _form(request: RoleRequest, unit: Any) -> StatisticsForm:
    terms = Term.objects.visible_to(request.actor).select_related("school_year").order_by("start_date")
    classes = reads.classes_to_choose(Group.objects.visible_to(request.actor), unit, request.actor)
    periods = reads.periods_of(list(terms), unit)
    return StatisticsForm(request.GET, unit=unit, periods=periods, classes=classes, subjects=reads.subjects_of(unit))


def _rows(request: RoleRequest, form: StatisticsForm) -> tuple[reads.Wanted, reads.Statistics, list[reads.NamedLine]]:
    wanted = form.wanted()
    found = reads.statistics_of(wanted)
    rows = reads.rows_of(found, wanted, form.classes, form.subjects, Person.objects.visible_to(request.actor).unmarked())
    if not form.cleaned_data.get("handed_on"):
        return wanted, found, rows
    if reads.is_of_few(found, wanted.by):
        return wanted, replace(found, months=[]), reads.all_hidden(rows)
    return wanted, found, reads.without_small(rows)


def _found(request: RoleRequest, form: StatisticsForm) -> dict[str, Any]:
    wanted, found, rows = _rows(request, form)
    table = StatisticsTable(rows, exclude=("pupils",) if wanted.by in {reads.By.PUPIL, reads.By.MONTH} else ())
    RequestConfig(request, paginate={"per_page": table.per_page, "silent": True}).configure(table)
    shown = [row.record for row in table.paginated_rows]
    if wanted.by is reads.By.PUPIL:
        named = [UUID(row.key) for row in shown if row.key]
        record(actor=request.actor, action="absence.statistics", subjects=named, object_id=wanted.unit.pk)
    bars = charts.stacked_bars([(row.name, (row.valid, row.unauthorised)) for row in shown[:IN_CHART]], ["valid", "unauthorised"])
    total = reads.NamedLine("", _("All"), 0, 0, found.total, hidden=not found.months)
    return {"wanted": wanted, "table": table, "total": total, "bars": bars, "in_chart": IN_CHART, **_by_month(found)}


def _by_month(found: reads.Statistics) -> dict[str, Any]:
    months = [(first, sums) for first, sums in found.months if sums.offered]
    return {
        "months": [reads.NamedLine(str(first), reads.month_name(first), first, 0, sums) for first, sums in months],
        "line": charts.line([(reads.month_name(first)[:3], sums.share(sums.absent)) for first, sums in months]),
    }


@require_GET
def export_statistics(request: RoleRequest, unit: UUID) -> HttpResponse:
    """The lines as they are narrowed, all of them, in minutes."""
    units = reads.open_for_statistics(SchoolUnit.objects.visible_to(request.actor), request.actor)
    school = get_object_or_404(units, pk=unit)
    require(request.actor, "absence.export_statistics", school)
    form = _form(request, school)
    if not form.is_valid():
        raise Http404
    wanted, _statistics, rows = _rows(request, form)
    named = [UUID(row.key) for row in rows if row.key] if wanted.by is reads.By.PUPIL else []
    exports.export_statistics(actor=request.actor, unit=school, pupils=named)
    name = _("absence")
    return download(files.xlsx_of(name, _headings(wanted), [_cells(row) for row in rows]), f"{name}-{wanted.first}-{wanted.last}", "xlsx")


def _headings(wanted: reads.Wanted) -> list[str]:
    names = [wanted.by.label, _("Pupils"), "reportedSum", "attendanceSum", "validAbsenceSum", "invalidAbsenceSum", "otherAttendanceSum"]
    return [*map(str, names), _("Absence, per cent")]


def _cells(row: reads.NamedLine) -> list[Any]:
    if row.hidden:
        return [row.name, _("fewer than 5")]
    sums = row.sums
    minutes = [sums.offered, sums.present, sums.valid, sums.unauthorised, sums.other]
    return [row.name, row.pupils or "", *minutes, round(row.absent, 1)]


@require_GET
def export_sums(request: RoleRequest, unit: UUID) -> HttpResponse:
    """Each pupil's sums of a term under the civic number; the page to choose from until a term is named."""
    school = get_object_or_404(SchoolUnit.objects.visible_to(request.actor).led_by(request.actor), pk=unit)
    require(request.actor, "absence.export_sums", school)
    terms = reads.terms_begun(Term.objects.visible_to(request.actor), school)
    form = SumsForm(request.GET or None, terms=terms, unit=school)
    if not form.is_valid():
        return render(request, "absence/export_sums.html", {"unit": school, "form": form, "protected": reads.protected_now(school)})
    term, ending = form.cleaned_data["term"], form.cleaned_data["ending"]
    places = list(reads.places_in_term(Enrolment.objects.visible_to(request.actor), school, term).filter(pupil__security_marking="Ingen"))
    exports.export_sums(actor=request.actor, unit=school, pupils=[place.pupil_id for place in places])
    rows = reads.sums_rows(places, school, term)
    content = files.csv_of(reads.SUMS, rows) if ending == "csv" else files.xlsx_of(_("sums"), reads.SUMS, rows)
    return download(content, f"{_('sums')}-{school.school_unit_code}-{days.today()}", ending)
