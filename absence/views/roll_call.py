"""Teachers see their lessons and take the roll-call."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence import reads
from absence.actions import roll_calls as actions
from absence.forms.roll_calls import RollCallForm
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
    lesson = get_object_or_404(reads.with_settings(CalendarEvent.objects.visible_to(request.actor).with_activity()), pk=pk)
    if request.method == "GET":
        return _roll_call_page(request, lesson)
    form = RollCallForm(request.POST)
    try:
        saved = submit(form, actions.take_roll_call, actor=request.actor, lesson=lesson, **form.cleaned_data) if form.is_valid() else None
    except actions.Conflict:
        return _roll_call_page(request, lesson, form=form, status=409)
    if not saved:
        return _roll_call_page(request, lesson, form=form, status=422)
    messages.success(request, _("The roll-call is saved."))
    return redirect("absence:take_roll_call", lesson.pk)


def _roll_call_page(request: RoleRequest, lesson: CalendarEvent, *, form: RollCallForm | None = None, status: int = 200) -> HttpResponse:
    """What was written and not saved stays in the form; what cannot be read is told, and the stored state shown."""
    may_take = allows(request.actor, "absence.take_roll_call", lesson)
    context = {
        "lesson": lesson,
        "sheet": reads.roll_call_sheet(lesson, form.cleaned_data.get("marks") if form else None),
        "submission": uuid.uuid4(),
        "may_take": may_take,
        "may_message": may_take or allows(request.actor, "home.write_message", lesson),
        "conflict": status == 409,
        "errors": form.errors if form else None,
    }
    return render(request, "absence/take_roll_call.html", context, status=status)
