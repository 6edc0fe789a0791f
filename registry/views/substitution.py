"""The substitute at half past seven: hand over, take over, print."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import require
from dexter.lib.forms import show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import teaching
from registry.forms.teaching import HandOverForm
from registry.models import CalendarEvent, Duty, SchoolUnit


@require_http_methods(["GET", "POST"])
def hand_over_lessons(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = HandOverForm(request.POST or None, actor=request.actor)
    if form.is_valid() and (count := submit(form, teaching.hand_over_lessons, actor=request.actor, **form.hand_over())):
        done = ngettext("%(count)d lesson is handed over.", "%(count)d lessons are handed over.", count)
        messages.success(request, done % {"count": count})
        return redirect("registry:hand_over_lessons")
    rows = reads.hand_overs(SchoolUnit.objects.visible_to(request.actor).led_by(request.actor), days.today())
    return show_form(request, "registry/hand_over_lessons.html", form, rows=rows)


@require_POST
def take_back_lessons(request: RoleRequest, pk: UUID, day: date) -> HttpResponse:
    absent = get_object_or_404(Duty.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", absent.school_unit)
    teaching.take_back_lessons(actor=request.actor, absent=absent, day=day)
    messages.success(request, _("The planned teacher holds the lessons again."))
    return redirect("registry:hand_over_lessons")


@require_GET
def open_lesson_list(request: RoleRequest) -> HttpResponse:
    """Today's lessons that a colleague may take over."""
    lessons = reads.lessons_to_stand_in_for(request.actor, days.today()).order_by("starts_at", "activity__name")
    return render(request, "registry/open_lesson_list.html", {"lessons": lessons, "now": days.now()})


@require_POST
def stand_in(request: RoleRequest, pk: UUID) -> HttpResponse:
    lesson = get_object_or_404(reads.lessons_to_stand_in_for(request.actor, days.today()), pk=pk)
    teaching.stand_in(actor=request.actor, lesson=lesson)
    messages.success(request, _("The lesson stands among yours until midnight."))
    return redirect("absence:take_roll_call", pk)


@require_GET
def lesson_roster(request: RoleRequest, pk: UUID) -> HttpResponse:
    """A list to print and tick by hand, for when nothing works; the office enters it afterwards."""
    lesson = get_object_or_404(reads.with_teachers(CalendarEvent.objects.visible_to(request.actor).with_activity()), pk=pk)
    pupils = list(reads.roster_of(lesson))
    record(actor=request.actor, action="registry.lesson_roster", subjects=[pupil.pk for pupil in pupils], object_id=lesson.pk)
    return render(request, "registry/lesson_roster.html", {"lesson": lesson, "pupils": pupils})
