"""The office puts lessons into the timetable, moves, cancels and restores them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import lessons
from registry.forms.fields import PressForm
from registry.forms.lessons import LessonForm, MoveLessonForm, NewLessonForm, lesson_as_saved
from registry.models import Activity, CalendarEvent

from .activity import led_activity


@require_http_methods(["GET", "POST"])
def create_lesson(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Where others have something at the same time, it says so before anything is saved."""
    activity = led_activity(request, pk)
    form = NewLessonForm(request.POST or None, actor=request.actor, activity=activity)
    found = _clashes(form, activity) if form.is_valid() else []
    if found and not form.cleaned_data["despite"]:
        return render(request, "registry/create_lesson.html", {"form": form, "activity": activity, "clashes": found})
    if form.is_valid() and (count := submit(form, lessons.create_lesson, actor=request.actor, activity=activity, **form.lesson())):
        done = ngettext("%(count)d lesson is in the timetable.", "%(count)d lessons are in the timetable.", count)
        messages.success(request, done % {"count": count})
        return redirect("registry:activity_detail", pk)
    return show_form(request, "registry/create_lesson.html", form, activity=activity, clashes=found)


@require_http_methods(["GET", "POST"])
def move_lesson(request: RoleRequest, pk: UUID) -> HttpResponse:
    lesson = _led_lesson(request, pk)
    form = MoveLessonForm(request.POST or None, actor=request.actor, activity=lesson.activity, initial=lesson_as_saved(lesson))
    found = _clashes(form, lesson.activity, lesson) if form.is_valid() else []
    if found and not form.cleaned_data["despite"]:
        return render(request, "registry/move_lesson.html", {"form": form, "lesson": lesson, "clashes": found})
    if form.is_valid() and accepted(form, lessons.move_lesson, actor=request.actor, lesson=lesson, **form.lesson()):
        messages.success(request, _("The lesson is moved."))
        return redirect("registry:activity_detail", lesson.activity_id)
    form.go_on_from(lesson)
    return show_form(request, "registry/move_lesson.html", form, lesson=lesson, clashes=found)


@require_http_methods(["GET", "POST"])
def cancel_lesson(request: RoleRequest, pk: UUID) -> HttpResponse:
    lesson = _led_lesson(request, pk)
    form = PressForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and accepted(form, lessons.cancel_lesson, actor=request.actor, lesson=lesson):
        messages.success(request, _("The lesson is cancelled. Restore it below if it is held after all."))
        return redirect("registry:activity_detail", lesson.activity_id)
    return show_form(request, "registry/cancel_lesson.html", form, lesson=lesson)


@require_POST
def restore_lesson(request: RoleRequest, pk: UUID) -> HttpResponse:
    lesson = _led_lesson(request, pk)
    lessons.restore_lesson(actor=request.actor, lesson=lesson)
    messages.success(request, _("The lesson is held."))
    return redirect("registry:activity_detail", lesson.activity_id)


def _led_lesson(request: RoleRequest, pk: UUID) -> CalendarEvent:
    lesson: CalendarEvent = get_object_or_404(CalendarEvent.objects.visible_to(request.actor).with_activity(), pk=pk)
    require(request.actor, "registry.lead_unit", lesson.activity.school_unit)
    return lesson


def _clashes(form: LessonForm, activity: Activity, moved: CalendarEvent | None = None) -> list[reads.Clash]:
    given = form.cleaned_data
    last = given.get("repeat_until") or given["day"]
    slots = reads.weekly_slots(activity.school_unit, given["day"], last, given["starts"], given["ends"])
    return reads.clashes(activity, given["room"], slots, moved)
