"""Signing in with e-identification."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import actions, eid, sessions
from accounts.decorators import public
from dexter.lib.access import Level, Role
from dexter.lib.requests import RoleRequest

from .landing import land, safe_path

logger = structlog.get_logger("dexter.sign_in")
STATUS = {"unreachable": 503, "cancelled": 200}


@public
@require_GET
def choose_eid(request: RoleRequest) -> HttpResponse:
    return render(request, "accounts/choose_eid.html", {"providers": settings.EID_PROVIDERS})


@public
@require_POST
def start_eid(request: RoleRequest, provider_id: str) -> HttpResponse:
    """Off to the provider; somebody signed in who identifies again must be the same person."""
    provider = eid.provider_named(provider_id)
    same_person = str(request.user.person_id) if request.person else None
    try:
        target = eid.begin(
            request, provider, same_person=same_person, fresh=bool(same_person), role=request.POST.get("role"), next=safe_path(request)
        )
    except eid.Failed as failure:
        return _failed(request, failure)
    return redirect(target)


@public
@require_GET
def eid_callback(request: RoleRequest, provider_id: str) -> HttpResponse:
    provider = eid.provider_named(provider_id)
    try:
        identity = eid.complete(request, provider)
    except eid.Failed as failure:
        return _failed(request, failure)
    user = actions.identify(identity=identity)
    same_person = identity.state.get("same_person")
    if same_person and (user is None or str(user.person_id) != same_person):
        return render(request, "accounts/another_person.html", status=403)
    if user is None:
        return render(request, "accounts/not_registered.html", status=403)
    sessions.raise_level(request, Level.E_ID) if same_person else sessions.begin(request, user, Level.E_ID)
    if identity.state.get("role") in set(Role):
        request.session["role"] = identity.state["role"]
    return land(request, identity.state.get("next"))


def _failed(request: RoleRequest, failure: eid.Failed) -> HttpResponse:
    logger.warning("e-identification failed", reason=failure.reason)
    template = "accounts/provider_down.html" if failure.reason == "unreachable" else "accounts/eid_failed.html"
    return render(request, template, {"reason": failure.reason}, status=STATUS.get(failure.reason, 403))
