"""The school year: everybody reads it, the office keeps it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import calendar
from registry.forms.calendar import CalendarDayForm, SchoolYearForm, TermForm, YearChoiceForm
from registry.forms.fields import PressForm
from registry.models import CalendarDay, SchoolUnit, SchoolYear, Term

LESSONS_SHOWN = 50


@require_GET
def school_calendar(request: RoleRequest, pk: UUID | None = None) -> HttpResponse:
    """The school year month by month: the present one, unless another is named."""
    years = list(SchoolYear.objects.visible_to(request.actor).order_by("start_date", "pk"))
    year = get_object_or_404(SchoolYear.objects.visible_to(request.actor), pk=pk) if pk else reads.year_to_show(years, days.today())
    keeps = allows(request.actor, "registry.keep_calendar")
    context = {"years": years, "year": year, "may_keep": keeps, **(_contents(request, year, keeps) if year else {})}
    return render(request, "registry/school_calendar.html", context)


def _contents(request: RoleRequest, year: SchoolYear, keeps: bool) -> dict[str, Any]:
    units = list(reads.units_met(request.actor))
    terms = list(Term.objects.visible_to(request.actor).filter(school_year=year).order_by("start_date", "pk"))
    rows = CalendarDay.objects.visible_to(request.actor).filter(start_date__lte=year.end_date, end_date__gte=year.start_date)
    months = reads.months_of(year, units, terms, rows.select_related("school_unit"))
    totals = [(unit.name, sum(month.counts[place].days for month in months)) for place, unit in enumerate(units)]
    return {
        "units": units,
        "terms": reads.terms_that_hold(terms, units),
        "months": months,
        "totals": totals,
        "kept": {*SchoolUnit.objects.visible_to(request.actor).led_by(request.actor).values_list("pk", flat=True)} if keeps else set(),
        "keeps_all": keeps and allows(request.actor, "registry.keep_place", None),
        "today": days.today(),
    }


@require_http_methods(["GET", "POST"])
def create_school_year(request: RoleRequest) -> HttpResponse:
    """The dates of the year by GET, so that its public holidays are proposed; then all of it in one form."""
    require(request.actor, "registry.keep_calendar")
    choice = YearChoiceForm(request.POST or request.GET or None)
    form = SchoolYearForm(request.POST or None, actor=request.actor, year=_span(request, choice))
    if form.is_valid() and (year := submit(form, calendar.create_school_year, actor=request.actor, **form.school_year())):
        messages.success(request, _("The school year is made. Add study days below."))
        return redirect("registry:school_calendar_on", year.pk)
    return show_form(request, "registry/create_school_year.html", form, choice=choice, by_get=bool(request.GET))


def _span(request: RoleRequest, choice: YearChoiceForm) -> reads.Span:
    if choice.is_valid():
        return reads.Span(choice.cleaned_data["start_date"], choice.cleaned_data["end_date"])
    last = SchoolYear.objects.visible_to(request.actor).order_by("-end_date").values_list("end_date", flat=True).first()
    return reads.year_after(last, days.today())


@require_http_methods(["GET", "POST"])
def edit_term(request: RoleRequest, pk: UUID) -> HttpResponse:
    rows = Term.objects.visible_to(request.actor).select_related("school_year", "school_unit")
    term = get_object_or_404(rows, pk=pk)
    require(request.actor, "registry.keep_place", term.school_unit)
    initial = {"version": term.modified_at.isoformat(), "start_date": term.start_date, "end_date": term.end_date}
    form = TermForm(request.POST or None, initial=initial)
    if form.is_valid() and accepted(form, calendar.edit_term, actor=request.actor, term=term, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("registry:school_calendar_on", term.school_year_id)
    form.go_on_from(term)
    return show_form(request, "registry/edit_term.html", form, term=term)


@require_http_methods(["GET", "POST"])
def add_calendar_day(request: RoleRequest) -> HttpResponse:
    """Where lessons are planned on the days, they are listed, and what becomes of them is asked before anything is saved."""
    require(request.actor, "registry.keep_calendar")
    form = CalendarDayForm(request.POST or None, actor=request.actor)
    planned = _planned(form) if form.is_valid() else None
    if planned and not form.cleaned_data["lessons"]:
        return render(request, "registry/add_calendar_day.html", {"form": form, **planned})
    if form.is_valid() and (day := submit(form, calendar.add_calendar_day, actor=request.actor, **form.day())):
        messages.success(request, _added(len(day.cancelled_lessons)))
        return redirect("registry:school_calendar")
    return show_form(request, "registry/add_calendar_day.html", form, **(planned or {}))


def _planned(form: CalendarDayForm) -> dict[str, Any] | None:
    """The lessons on days that close, those that would stay counted apart; None where there are none."""
    given = form.cleaned_data
    lessons = reads.lessons_between(given["school_unit"], given["start_date"], given["end_date"])
    count = lessons.count() if form.closes else 0
    if not count:
        return None
    shown = lessons.with_activity()[:LESSONS_SHOWN]
    return {"lessons": shown, "count": count, "more": count - len(shown), "staying": lessons.filter(reads.in_use()).count()}


def _added(cancelled: int) -> str:
    added = _("The days are added.")
    if not cancelled:
        return added
    done = ngettext("%(count)d lesson is cancelled with them.", "%(count)d lessons are cancelled with them.", cancelled)
    return " ".join([added, done % {"count": cancelled}, _("Remove the days to take that back.")])


@require_http_methods(["GET", "POST"])
def remove_calendar_day(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Asks first; the lessons that were cancelled with the days are held again."""
    day = get_object_or_404(CalendarDay.objects.visible_to(request.actor).select_related("school_unit__organisation"), pk=pk)
    require(request.actor, "registry.keep_place", day.school_unit)
    form = PressForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and accepted(form, calendar.remove_calendar_day, actor=request.actor, day=day):
        messages.success(request, _("The days follow the ordinary week again."))
        return redirect("registry:school_calendar")
    return show_form(request, "registry/remove_calendar_day.html", form, day=day)
