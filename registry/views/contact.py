"""One's own e-mail and mobile number."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib.access import allows, require
from dexter.lib.forms import show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import contact
from registry.forms.contact import FORMS, ContactCodeForm
from registry.models import ContactChange, ContactKind

KINDS = {"e-post": ContactKind.EMAIL, "mobil": ContactKind.PHONE}  # as the addresses of the pages call them


@require_GET
def my_contact(request: RoleRequest) -> HttpResponse:
    """What is registered; to a person with protected identity only where to turn."""
    require(request.actor, "registry.keep_own_contact")
    record(actor=request.actor, action="registry.my_contact", subjects=[request.actor.person_id])
    if not allows(request.actor, "registry.change_own_contact"):
        return render(request, "registry/my_contact.html", {"protected": True})
    context = {"contact": reads.own_contact(request.actor), "codes": reads.codes_under_way(request.actor)}
    return render(request, "registry/my_contact.html", context)


@require_http_methods(["GET", "POST"])
def change_contact(request: RoleRequest, way: str) -> HttpResponse:
    if way not in KINDS:
        raise Http404
    require(request.actor, "registry.change_own_contact")
    kind, present = KINDS[way], reads.own_contact(request.actor)
    registered = present.email if kind == ContactKind.EMAIL else present.mobile
    form = FORMS[kind](request.POST or None, initial={"value": registered.value if registered else ""})
    if form.is_valid():
        change = submit(form, contact.change_contact, actor=request.actor, kind=kind, value=form.cleaned_data["value"])
        if change:
            return redirect("registry:confirm_contact", change.pk)
    return show_form(request, "registry/change_contact.html", form, kind=kind)


@require_http_methods(["GET", "POST"])
def confirm_contact(request: RoleRequest, pk: UUID) -> HttpResponse:
    change = get_object_or_404(ContactChange.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "registry.change_own_contact")
    form = ContactCodeForm(request.POST or None)
    if form.is_valid():
        right = submit(form, contact.confirm_contact, actor=request.actor, change=change, code=form.cleaned_data["code"])
        if right:
            messages.success(request, _("Confirmed and saved."))
            return redirect("registry:my_contact")
        if right is False:
            form.add_error("code", _("That is not the code. After five tries you need a new one."))
    return show_form(request, "registry/confirm_contact.html", form, change=change)


@require_POST
def approve_contact(request: RoleRequest) -> HttpResponse:
    contact.approve_contact(actor=request.actor)
    messages.success(request, _("Thank you. You can change them whenever you like."))
    return redirect("home:start")
