"""Teachers see their lessons and take the roll-call."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.forms.utils import ErrorDict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence import actions, reads
from absence.forms import RollCallForm
from dexter.lib import days
from dexter.lib.access import allows
from dexter.lib.forms import submit
from dexter.lib.requests import RoleRequest
from registry import reads as registry
from registry.models import CalendarEvent


@require_GET
def lesson_list(request: RoleRequest, day: date | None = None) -> HttpResponse:
    """The lessons that I hold on a day, today unless another is named."""
    day = day or days.today()
    lessons = reads.with_roll_call_state(registry.lessons_held_by(request.actor).on(day))
    context = {"day": day, "lessons": lessons, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "now": days.now()}
    return render(request, "absence/lesson_list.html", context)


@require_http_methods(["GET", "POST"])
def take_roll_call(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    lesson = get_object_or_404(CalendarEvent.objects.visible_to(request.actor).with_activity(), pk=pk)
    if request.method == "GET":
        return _roll_call_page(request, lesson)
    form = RollCallForm(request.POST)
    marked = request.POST.getlist("absent")
    try:
        saved = submit(form, actions.take_roll_call, actor=request.actor, lesson=lesson, **form.cleaned_data) if form.is_valid() else None
    except actions.Conflict:
        return _roll_call_page(request, lesson, marked=marked, status=409)
    if not saved:
        return _roll_call_page(request, lesson, marked=marked, errors=form.errors, status=422)
    messages.success(request, _("The roll-call is saved."))
    return redirect("absence:take_roll_call", lesson.pk)


def _roll_call_page(
    request: RoleRequest, lesson: CalendarEvent, *, marked: list[str] | None = None, errors: ErrorDict | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "lesson": lesson,
        "sheet": reads.roll_call_sheet(lesson, marked),
        "submission": uuid.uuid4(),
        "may_take": allows(request.actor, "absence.take_roll_call", lesson),
        "conflict": status == 409,
        "errors": errors,
    }
    return render(request, "absence/take_roll_call.html", context, status=status)
