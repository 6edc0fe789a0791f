"""Protected identity: the marking, the named accesses, and a principal's unlocking."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dexter.audit.actions import record
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import protection
from registry.forms.protection import AccessForm, ProtectionForm, ReasonForm
from registry.models import ProtectedAccess

from .person import kept_person


@require_http_methods(["GET", "POST"])
def protect_person(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    require(request.actor, "registry.protect", person)
    initial = {"security_marking": person.security_marking, "agreed_name": person.agreed_name}
    form = ProtectionForm(request.POST or None, initial=initial)
    if form.is_valid() and accepted(form, protection.protect_person, actor=request.actor, person=person, **form.cleaned_data):
        messages.success(request, _("The marking holds from now on, also where a page is open."))
        return redirect("registry:protect_person", pk)
    accesses = reads.standing_accesses(ProtectedAccess.objects.visible_to(request.actor), person)
    may_open = allows(request.actor, "registry.open_protected", person)
    return show_form(request, "registry/protect_person.html", form, person=person, accesses=accesses, may_open=may_open)


@require_http_methods(["GET", "POST"])
def grant_access(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    require(request.actor, "registry.open_protected", person)
    form = AccessForm(request.POST or None, grantees=reads.possible_grantees(person, request.actor))
    if form.is_valid() and accepted(form, protection.grant_access, actor=request.actor, person=person, **form.cleaned_data):
        messages.success(request, _("The access holds from now on."))
        return redirect("registry:protect_person", pk)
    return show_form(request, "registry/grant_access.html", form, person=person)


@require_http_methods(["GET", "POST"])
def revoke_access(request: RoleRequest, pk: UUID) -> HttpResponse:
    access = get_object_or_404(ProtectedAccess.objects.visible_to(request.actor).select_related("person", "grantee"), pk=pk)
    require(request.actor, "registry.open_protected", access.person)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and accepted(form, protection.revoke_access, actor=request.actor, access=access):
        messages.success(request, _("The access has ended."))
        return redirect("registry:person_search")
    return show_form(request, "registry/revoke_access.html", form, person=access.person, access=access)


@require_http_methods(["GET", "POST"])
def protected_list(request: RoleRequest) -> HttpResponse:
    """The principal's list of protected persons at the own schools, by agreed name; a reason opens one."""
    require(request.actor, "registry.list_protected")
    persons = reads.protected_at_units_of(request.actor)
    record(actor=request.actor, action="registry.protected_list", subjects=[person.pk for person in persons])
    form = AccessForm(request.POST or None, grantees=persons)
    if form.is_valid():
        person, reason = form.cleaned_data["grantee"], form.cleaned_data["reason"]
        if accepted(form, protection.unlock_person, actor=request.actor, person=person, reason=reason):
            return redirect("registry:person_detail", person.pk)
    return show_form(request, "registry/protected_list.html", form, persons=persons)
