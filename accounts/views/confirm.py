"""Confirming who one is: the second factor, or e-identification once more."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions, held_forms, reads, sessions, throttle
from accounts.forms import CodeForm
from dexter.lib.access import Level
from dexter.lib.requests import RoleRequest

from .landing import land, safe_path


@require_http_methods(["GET", "POST"])
def step_up(request: RoleRequest) -> HttpResponse:
    """Asks for a code or a passkey, or offers e-identification; what was typed before is kept until then."""
    if request.method == "POST" and _confirmed(request):
        sessions.raise_level(request, Level.TWO_FACTOR)
        return land(request, safe_path(request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.add_error("code", _("That code does not fit, or was used before. Wait for the next one and try again."))
    context = {"form": form, "providers": settings.EID_PROVIDERS, "next": safe_path(request), **_ways(request)}
    return render(request, "accounts/step_up.html", context, status=422 if form.is_bound else 200)


def _ways(request: RoleRequest) -> dict[str, Any]:
    """The person's second factors, and the question for the browser when a passkey is among them."""
    factors = list(reads.second_factors(request.user))
    passkey = any(factor.type == "webauthn" for factor in factors)
    return {"factors": factors, "passkey_options": webauthn.begin_authentication(request.user) if passkey else None}


def _confirmed(request: RoleRequest) -> bool:
    """Whether the code or the passkey's answer is right; wrong ones are counted, per account and device."""
    keys = throttle.keys_for(request, request.user.pk)
    try:
        throttle.check(keys)
        if request.POST.get("credential"):
            right = actions.confirm_with_passkey(user=request.user, credential=request.POST["credential"])
        else:
            right = actions.confirm_with_code(user=request.user, code=request.POST.get("code", ""))
    except (throttle.Throttled, ValidationError):
        return False
    if not right:
        throttle.count_failure(keys)
    return right


@require_http_methods(["GET"])
def send_held_form(request: RoleRequest) -> HttpResponse:
    """Shows the form that was held with one button to send it; nothing typed is lost and nothing is sent unseen.

    It keeps the role it was written in, after that of the page, and the later counts: in another role it is refused (409).
    """
    form = held_forms.release(request)
    return render(request, "accounts/send_held_form.html", {"held": form}) if form else redirect("home:start")
