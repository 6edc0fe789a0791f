"""What is handed over on paper: a class's new accounts, a pupil's new password, a colleague's enrolment code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts import actions, reads
from dexter.lib.access import require
from dexter.lib.requests import RoleRequest
from registry.models import Group, GroupType, Person


@require_http_methods(["GET", "POST"])
def reset_pupil_password(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Asks first, since the old password ends; then shows the slip once."""
    pupil = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "accounts.reset_pupil_password", pupil)
    if request.method == "GET":
        return render(request, "accounts/reset_pupil_password.html", {"pupil": pupil})
    username, passphrase = actions.reset_pupil_password(actor=request.actor, pupil=pupil)
    return render(request, "accounts/password_slip.html", {"pupil": pupil, "username": username, "passphrase": passphrase})


@require_http_methods(["GET", "POST"])
def make_pupil_accounts(request: RoleRequest, pk: UUID) -> HttpResponse:
    """Says how many of the class lack an account; then makes them and shows the slips once, one a pupil."""
    classes = Group.objects.visible_to(request.actor).filter(group_type=GroupType.CLASS)
    group = get_object_or_404(classes.select_related("school_unit"), pk=pk)
    require(request.actor, "accounts.make_pupil_accounts", group.school_unit)
    lacking = Person.objects.visible_to(request.actor).filter(pk__in=reads.without_account(group)).order_by("sort_key", "pk")
    context: dict[str, Any] = {"group": group, "lacking": len(lacking)}
    if request.method == "POST":
        try:
            context["slips"] = actions.make_pupil_accounts(actor=request.actor, group=group, pupils=lacking)
        except ValidationError as refusal:
            context["refusal"] = refusal.messages[0]
    return render(request, "accounts/make_pupil_accounts.html", context)


@require_http_methods(["GET", "POST"])
def issue_enrolment_code(request: RoleRequest, pk: UUID) -> HttpResponse:
    colleague = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)
    require(request.actor, "accounts.issue_enrolment_code", colleague)
    context: dict[str, Any] = {"colleague": colleague}
    if request.method == "POST":
        try:
            context["code"] = actions.issue_enrolment_code(actor=request.actor, colleague=colleague)
        except ValidationError as refusal:
            context["refusal"] = refusal.messages[0]
    return render(request, "accounts/issue_enrolment_code.html", context)
