"""Where a sign-in leads: back to the page asked for, to the form that was held, or to the start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.held_forms import held


def safe_path(request: HttpRequest) -> str:
    """The `next` of the request when it stays on this site, else nothing."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/") else ""


def land(request: HttpRequest, path: str | None = None) -> HttpResponse:
    if held(request):
        return redirect("accounts:send_held_form")
    return redirect(path or request.session.pop("next", None) or "home:start")
