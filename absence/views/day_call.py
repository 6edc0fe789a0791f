"""The roll-call of a class once a day or half day, where the school calls so."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from absence import reads
from absence.actions import day_calls as actions
from absence.actions.roll_calls import Conflict
from absence.forms.day_calls import DayCallForm
from absence.models import DayCall, DayPart, UnitSettings
from dexter.lib import days
from dexter.lib.access import allows
from dexter.lib.forms import submit
from dexter.lib.requests import RoleRequest
from registry.models import CalendarEvent, Group


@require_http_methods(["GET", "POST"])
def take_day_call(request: RoleRequest, pk: uuid.UUID, day: date, part: str) -> HttpResponse:
    if part not in reads.SLUGS:
        raise Http404
    called = reads.classes_called(Group.objects.visible_to(request.actor), CalendarEvent.objects.visible_to(request.actor).on(day))
    known = called if request.method == "GET" else reads.with_call(called, request.actor, day, reads.SLUGS[part])
    place: dict[str, Any] = {"group": get_object_or_404(known, pk=pk), "day": day, "part": reads.SLUGS[part]}
    if request.method == "GET":
        return _page(request, **place)
    form = DayCallForm(request.POST)
    try:
        saved = submit(form, actions.take_day_call, actor=request.actor, **place, **form.cleaned_data) if form.is_valid() else None
    except Conflict:
        return _page(request, **place, form=form, status=409)
    return _saved(request, saved, part) if saved else _page(request, **place, form=form, status=422)


def _saved(request: RoleRequest, call: DayCall, part: str) -> HttpResponse:
    url = f"{reverse('absence:take_day_call', args=[call.group_id, call.day, part])}?sparad"
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"next": url, "version": call.version})
    return redirect(url)


def _page(
    request: RoleRequest, group: Group, day: date, part: DayPart, *, form: DayCallForm | None = None, status: int = 200
) -> HttpResponse:
    """What was written and not saved stays in the form; what cannot be read is told, and the stored state shown."""
    sheet = reads.day_sheet(group, day, part, form.cleaned_data.get("marks") if form else None)
    settings = reads.settings_of(group.school_unit_id, day)
    is_locked = (days.today() - day).days > settings.open_days
    may_take = allows(request.actor, "absence.take_day_call", reads.ClassDay(group, day))
    context = {
        "sheet": sheet,
        "submission": uuid.uuid4(),
        "may_take": may_take,
        "may_save": may_take and not is_locked,
        "is_locked": is_locked,
        "conflict": status == 409,
        "form": form,
        **_of_the_day(request, reads.ClassDay(group, day), part, sheet, settings),
    }
    return render(request, "absence/take_day_call.html", context, status=status)


def _of_the_day(
    request: RoleRequest, called: reads.ClassDay, part: DayPart, sheet: reads.DaySheet, settings: UnitSettings
) -> dict[str, Any]:
    return {
        "group": called.group,
        "day": called.day,
        "part": part,
        "slugs": [(slug, each) for slug, each in reads.SLUGS.items() if each in reads.PARTS[settings.roll_call_mode]],
        "is_called_so": part in reads.PARTS[settings.roll_call_mode],
        "open_days": settings.open_days,
        "needs_reason": sheet.call and called.day < days.today(),
        "is_saved": "sparad" in request.GET and sheet.call and sheet.call.taken_by_id == request.actor.person_id,
        "now": days.now(),
    }
