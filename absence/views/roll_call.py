"""Teachers see their lessons and take the roll-call."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence import reads
from absence.actions import roll_calls as actions
from absence.forms.roll_calls import ReopenForm, RollCallForm
from absence.models import RollCall, RollCallChange
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads as registry
from registry.models import CalendarEvent

CHANGES_A_PAGE = 50


@require_GET
def lesson_list(request: RoleRequest, day: date | None = None) -> HttpResponse:
    """The lessons that I hold on a day, today unless another is named."""
    day = day or days.today()
    lessons = reads.marked_day_call(reads.with_day_call(reads.with_roll_call_state(registry.lessons_held_by(request.actor).on(day))))
    context = {"day": day, "lessons": lessons, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "now": days.now()}
    return render(request, "absence/lesson_list.html", context)


@require_GET
def unreported_list(request: RoleRequest) -> HttpResponse:
    """My lessons without a roll-call, as far back as it can be taken."""
    unreported = reads.unreported(registry.lessons_held_by(request.actor))
    return render(request, "absence/unreported_list.html", {"unreported": unreported, "today": days.today()})


@require_http_methods(["GET", "POST"])
def take_roll_call(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    lesson = reads.lesson_to_call(request.actor, pk)
    if lesson is None:
        raise Http404
    if request.method == "GET":
        return _roll_call_page(request, lesson)
    form = RollCallForm(request.POST)
    try:
        saved = submit(form, form.action, actor=request.actor, lesson=lesson, **form.observed) if form.is_valid() else None
    except actions.Conflict:
        return _roll_call_page(request, lesson, form=form, status=409)
    return saved_answer(request, saved) if saved else _roll_call_page(request, lesson, form=form, status=422)


def saved_answer(request: RoleRequest, saved: RollCall) -> HttpResponse:
    """Back to the page, which says itself that it is saved; to the page's script, where that is."""
    url = f"{reverse('absence:take_roll_call', args=[saved.lesson_id])}?sparad"
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"next": url, "version": saved.version})
    return redirect(url)


def _roll_call_page(request: RoleRequest, lesson: CalendarEvent, *, form: RollCallForm | None = None, status: int = 200) -> HttpResponse:
    """What was written and not saved stays in the form; what cannot be read is told, and the stored state shown."""
    if status == 409:
        lesson = reads.lessons_to_call(request.actor).get(pk=lesson.pk)
    sheet = reads.roll_call_sheet(lesson, form.cleaned_data.get("marks") if form else None)
    context = {"lesson": lesson, "sheet": sheet, "submission": uuid.uuid4(), "conflict": status == 409, "form": form}
    rights = _rights(request, lesson)
    return render(request, "absence/take_roll_call.html", {**context, **rights, **_state(request, lesson, sheet)}, status=status)


def _rights(request: RoleRequest, lesson: CalendarEvent) -> dict[str, Any]:
    may_take = allows(request.actor, "absence.take_roll_call", lesson)
    return {
        "may_take": may_take,
        "may_message": may_take or allows(request.actor, "home.write_message", lesson),
        "may_reopen": allows(request.actor, "absence.reopen_lesson", lesson),
        "following": reads.other_half(lesson, request.actor) if may_take else None,
    }


def _state(request: RoleRequest, lesson: CalendarEvent, sheet: reads.Sheet) -> dict[str, Any]:
    stored, settings = sheet.stored, reads.settings_at(lesson)
    is_locked = reads.is_locked(lesson, settings)
    return {
        "is_locked": is_locked,
        "is_reopened": reads.is_old(lesson, settings) and not is_locked,
        "open_days": settings.open_days,
        "needs_reason": stored and lesson.day < days.today(),
        "is_saved": "sparad" in request.GET and stored and stored.roll_call.taken_by_id == request.actor.person_id,
        "history": history_of(request, sheet),
    }


def history_of(request: RoleRequest, sheet: reads.Sheet) -> dict[str, Any]:
    """A page of the changes, in words; no statement for a roll-call that was never corrected."""
    if sheet.version < 2 or sheet.stored is None:
        return {}
    changes = reads.roll_call_changes(RollCallChange.objects.visible_to(request.actor), sheet.stored)
    page: Page[Any] = Paginator(changes, CHANGES_A_PAGE).get_page(request.GET.get("sida"))
    return {"page": page, "changes": reads.changes_in_words(page.object_list, sheet.stored)}


@require_http_methods(["GET", "POST"])
def reopen_lesson(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    lesson: Any = get_object_or_404(reads.lessons_to_call(request.actor), pk=pk)
    require(request.actor, "absence.reopen_lesson", lesson)
    form = ReopenForm(request.POST or None)
    if form.is_valid() and accepted(form, actions.reopen_lesson, actor=request.actor, lesson=lesson, **form.cleaned_data):
        messages.success(request, _("The lesson is open again."))
        return redirect("absence:take_roll_call", lesson.pk)
    is_locked = reads.is_locked(lesson, reads.settings_at(lesson))
    return show_form(request, "absence/reopen_lesson.html", form, lesson=lesson, is_locked=is_locked)
