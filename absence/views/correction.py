"""The home asks for a correction of one lesson and reads the answer; the school works through what was asked."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from absence import reads
from absence.actions import corrections as actions
from absence.forms.corrections import AnswerCorrectionForm, RequestCorrectionForm
from absence.models import CorrectionRequest
from dexter.audit.actions import record
from dexter.lib.access import allows, require
from dexter.lib.forms import OUTDATED, accepted, show_form
from dexter.lib.requests import RoleRequest
from registry.models import CalendarEvent, Person

from .attendance import pupil_shown

SHOWN_ANSWERED = 30


@require_http_methods(["GET", "POST"])
def request_correction(request: RoleRequest, lesson: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    pupil = pupil_shown(request, pk)
    line = reads.line_of(pupil, request.actor, lesson)
    if line is None:
        raise Http404
    require(request.actor, "absence.request_correction", pupil)
    form = RequestCorrectionForm(request.POST or None)
    if form.is_valid() and accepted(
        form, actions.request_correction, actor=request.actor, pupil=pupil, lesson=line.lesson, **form.cleaned_data
    ):
        messages.success(request, _("The school has got your request. The answer stands here."))
        return redirect("absence:request_correction", lesson, pk)
    asked = reads.with_mine(CorrectionRequest.objects.visible_to(request.actor), request.actor.person_id).filter(pupil=pupil, lesson=lesson)
    earlier = list(asked.order_by("-asked_at"))
    context = {"pupil": pupil, "line": line, "earlier": earlier, "waits": any(row.state == "open" for row in earlier)}
    return show_form(request, "absence/request_correction.html", form, **context)


@require_GET
def correction_list(request: RoleRequest) -> HttpResponse:
    """Of the pupils one mentors, the lessons one teaches, the school one leads: what waits, the oldest first, and the last answered."""
    asked = reads.with_lesson(CorrectionRequest.objects.visible_to(request.actor))
    answered = list(asked.exclude(state="open").order_by("-answered_at", "-pk")[:SHOWN_ANSWERED])
    waiting = list(asked.open())
    record(actor=request.actor, action="absence.correction_list", subjects={row.pupil_id for row in (*waiting, *answered)})
    return render(request, "absence/correction_list.html", {"waiting": waiting, "answered": answered})


@require_http_methods(["GET", "POST"])
def answer_correction(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    asked = get_object_or_404(reads.with_lesson(CorrectionRequest.objects.visible_to(request.actor)), pk=pk)
    require(request.actor, "absence.answer_correction", asked)
    form = AnswerCorrectionForm(request.POST or None)
    if form.is_valid() and accepted(form, actions.answer_correction, actor=request.actor, asked=asked, **form.given):
        messages.success(request, _("The answer is given. The home reads it."))
        return redirect("absence:answer_correction", pk)
    asked.refresh_from_db(fields=["state", "answer", "answered_at", "answered_by"])
    return _answer_page(request, asked, form)


def _answer_page(request: RoleRequest, asked: CorrectionRequest, form: AnswerCorrectionForm) -> HttpResponse:
    registered = reads.registered_at(asked, request.actor)
    context = {
        "asked": asked,
        "form": form,
        "registered": registered,
        "may_judge": registered.effective is not None and allows(request.actor, "absence.judge", [registered.effective]),
        "sees_lesson": CalendarEvent.objects.visible_to(request.actor).filter(pk=asked.lesson_id).exists(),
        "may_correct": allows(request.actor, "absence.take_roll_call", asked.lesson),
        "answerer": Person.objects.visible_to(request.actor).filter(pk=asked.answered_by_id).first(),
    }
    status = 409 if form.is_bound and form.has_error(NON_FIELD_ERRORS, OUTDATED) else 422 if form.is_bound else 200
    return render(request, "absence/answer_correction.html", context, status=status)
