"""The eighteenth birthday: the pupil's page about former guardians."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import consents


@require_GET
def consent_list(request: RoleRequest) -> HttpResponse:
    return render(request, "registry/consent_list.html", {"relations": reads.former_guardians_of(request.actor)})


@require_POST
def give_consent(request: RoleRequest, pk: UUID) -> HttpResponse:
    consents.give_consent(actor=request.actor, guardianship=get_object_or_404(reads.former_guardians_of(request.actor), pk=pk))
    messages.success(request, _("From now on this person reads what is yours, until you take it back."))
    return redirect("registry:consent_list")


@require_POST
def withdraw_consent(request: RoleRequest, pk: UUID) -> HttpResponse:
    consents.withdraw_consent(actor=request.actor, guardianship=get_object_or_404(reads.former_guardians_of(request.actor), pk=pk))
    messages.success(request, _("From now on nothing of yours opens for this person."))
    return redirect("registry:consent_list")
