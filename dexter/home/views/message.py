"""Messages from the school: written, looked at once more, sent, read, taken back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.home.actions import messages as actions
from dexter.home.forms import MessageForm
from dexter.home.models import MessageReceipt, SchoolMessage
from dexter.home.school_messages import feed
from dexter.home.school_messages.audience import Target, audience_of, unit_of
from dexter.lib.access import Role, allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry.forms.fields import PressForm
from registry.models import CalendarEvent, Group, Person

A_PAGE = 20


@require_http_methods(["GET", "POST"])
def write_message(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    return _write(request, get_object_or_404(Group.objects.visible_to(request.actor).select_related("school_unit"), pk=pk))


@require_http_methods(["GET", "POST"])
def write_lesson_message(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    return _write(request, get_object_or_404(CalendarEvent.objects.visible_to(request.actor).with_activity(), pk=pk))


def _write(request: RoleRequest, target: Target) -> HttpResponse:
    """Written, then shown in full with the number of homes, and sent only from there."""
    require(request.actor, "home.write_message", target)
    step = request.POST.get("step")
    form = MessageForm(None if step == "edit" else request.POST or None, initial={"submission": uuid.uuid4(), **request.POST.dict()})
    sends = step == "send" and form.is_valid()
    if sends and (message := submit(form, actions.write_message, actor=request.actor, target=target, **form.message())):
        messages.success(request, _("The message is sent. If something is wrong, take it back below."))
        return redirect("home:message_detail", message.pk)
    context = {"target": target, "is_group": isinstance(target, Group), "unit": unit_of(target), "audience": audience_of(target)}
    if form.is_valid():
        return render(request, "home/preview_message.html", {**context, "form": form, **form.message(), "sender": request.person})
    return show_form(request, "home/write_message.html", form, **context)


@require_GET
def message_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "home.read_messages")
    if request.actor.role is Role.STAFF:
        return _sent_list(request)
    receipts = feed.in_full(MessageReceipt.objects.visible_to(request.actor))
    page = Paginator(receipts, A_PAGE).get_page(request.GET.get("sida"))
    rows = feed.received(page, Person.objects.visible_to(request.actor), _language(request))
    return render(request, "home/message_list.html", {"page": page, "rows": rows})


def _sent_list(request: RoleRequest) -> HttpResponse:
    sent = SchoolMessage.objects.visible_to(request.actor)
    page = Paginator(sent.in_full(), A_PAGE).get_page(request.GET.get("sida"))
    rows = feed.with_sums(page)
    waiting = feed.to_tell_by_hand(rows, Person.objects.visible_to(request.actor))
    return render(request, "home/sent_message_list.html", {"page": page, "rows": rows, "by_hand": {row.message_id for row in waiting}})


@require_GET
def message_detail(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    """For who got it: that it was opened is noted, unless it has been taken back; then nothing of it is shown."""
    message = get_object_or_404(SchoolMessage.objects.visible_to(request.actor).in_full(), pk=pk)
    require(request.actor, "home.read_messages")
    if request.actor.role is Role.STAFF:
        return _sent_detail(request, message)
    receipts = MessageReceipt.objects.visible_to(request.actor).filter(message=message)
    actions.open_message(actor=request.actor, receipts=receipts)
    receipt, wanted = receipts.get(), _language(request)
    receipt.message = message
    [row] = feed.received([receipt], Person.objects.visible_to(request.actor), wanted)
    return render(request, "home/message_detail.html", {"row": row, "message": message, "wanted": wanted})


def _sent_detail(request: RoleRequest, message: SchoolMessage) -> HttpResponse:
    """What was sent and what became of it, in numbers; the protected homes by name, for who reaches them by name."""
    reached = Person.objects.visible_to(request.actor)
    by_hand = feed.named(feed.to_tell_by_hand([message], reached), reached)
    if by_hand:
        subjects = {key for row in by_hand for key in (row.receipt.person_id, *row.receipt.children)}
        record(actor=request.actor, action="home.message_detail", subjects=subjects, object_id=message.pk)
    may_recall = message.recalled_at is None and allows(request.actor, "home.recall_message", message)
    context = {"message": message, "outcome": feed.outcome_of(message), "by_hand": by_hand, "may_recall": may_recall}
    return render(request, "home/sent_message_detail.html", context)


@require_http_methods(["GET", "POST"])
def recall_message(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    message = get_object_or_404(SchoolMessage.objects.visible_to(request.actor).in_full(), pk=pk)
    require(request.actor, "home.recall_message", message)
    form = PressForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and accepted(form, actions.recall_message, actor=request.actor, message=message):
        messages.success(request, _("The message is taken back. Nobody reads it in Dexter any more."))
        return redirect("home:message_detail", pk)
    return show_form(request, "home/recall_message.html", form, message=message, outcome=feed.outcome_of(message))


@require_POST
def tell_by_hand(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    sent = SchoolMessage.objects.visible_to(request.actor)
    receipt = get_object_or_404(feed.to_tell_by_hand(sent, Person.objects.visible_to(request.actor)), pk=pk)
    actions.tell_by_hand(actor=request.actor, receipt=receipt)
    messages.success(request, _("It is noted that the home knows."))
    return redirect("home:message_detail", receipt.message_id)


def _language(request: RoleRequest) -> str:
    """The one asked for on the page, else the reader's choice, else that of the page."""
    return request.GET.get("sprak") or feed.language_of(request.actor, translation.get_language() or "")
