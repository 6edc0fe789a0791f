"""Today's school for who leads it: who is not accounted for first, with numbers to call."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from absence import reads
from absence.actions import office as actions
from absence.forms.office import NoteContactForm
from absence.models import ContactOutcome
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.forms import accepted
from dexter.lib.requests import RoleRequest
from registry.models import Person, SchoolUnit

OPENED, MOST_OPENED = "school_days_opened", 10  # key of the session, and how many it holds


@require_GET
def school_day(request: RoleRequest, unit: UUID | None = None, day: date | None = None) -> HttpResponse:
    """The page; the part that an open page asks for again and again is the same without a row in the log."""
    actor, day = request.actor, day or days.today()
    units = list(reads.overseen_units(SchoolUnit.objects.visible_to(actor), actor, day))
    chosen = next((row for row in units if unit in (None, row.pk)), None)
    if chosen is None or day > days.today():
        raise Http404
    now = min(days.now(), days.bounds(day)[1])
    pupils = reads.overseen_pupils(Person.objects.visible_to(actor), chosen, actor, day)
    shown = reads.school_day_of(pupils, chosen, day, now)
    shown.not_accounted = reads.with_homes(shown.not_accounted, actor)
    context = {"unit": chosen, "units": units, "day": day, "now": now, "shown": shown, "is_today": day == days.today()}
    context |= {"outcomes": ContactOutcome.choices, "submission": uuid.uuid4}
    if not (request.htmx and _place(chosen, day) in _opened(request)):
        record(actor=actor, action="absence.school_day", subjects=shown.subjects, object_id=chosen.pk)
        _remember(request, _place(chosen, day))
    return render(request, f"absence/school_day.html{'#school_day' if request.htmx else ''}", context)


def _place(unit: SchoolUnit, day: date) -> str:
    return f"{unit.pk} {day}"


def _remember(request: RoleRequest, place: str) -> None:
    """Saved once: opening the page again writes no session."""
    if place not in _opened(request):
        request.session[OPENED] = [*_opened(request), place][-MOST_OPENED:]


def _opened(request: RoleRequest) -> list[str]:
    """The schools and days that were opened, and logged, in this session: a header alone lets nobody read without a trace."""
    places: list[str] = request.session.get(OPENED, [])
    return places


@require_POST
def note_contact(request: RoleRequest, unit: UUID, pupil: UUID) -> HttpResponse:
    """One press beside a number: how the call went, about a pupil of the unit, today."""
    today, actor = days.today(), request.actor
    at = get_object_or_404(reads.overseen_units(SchoolUnit.objects.visible_to(actor), actor, today), pk=unit)
    about = get_object_or_404(reads.overseen_pupils(Person.objects.visible_to(actor), at, actor, today), pk=pupil)
    form = NoteContactForm(request.POST)
    if form.is_valid() and accepted(form, actions.note_contact, actor=actor, pupil=about, school_unit=at, day=today, **form.cleaned_data):
        messages.success(request, _("The call about %(name)s is noted.") % {"name": about.shown_name})
    else:
        refusals = [str(error) for error in form.non_field_errors()]
        messages.error(request, " ".join(refusals) or _("That was not noted. Try again."))
    return redirect("absence:school_day_of", unit)
