"""Where a sign-in leads: back to the page asked for, to the form that was held, or to the start page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.held_forms import held
from dexter.lib.methods import takes


def safe_path(request: HttpRequest) -> str:
    """The `next` of the request when it stays on this site, else nothing."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/") else ""


def land(request: HttpRequest, path: str | None = None) -> HttpResponse:
    if held(request):
        return redirect("accounts:send_held_form")
    return redirect(_page_of(path or request.session.pop("next", "")) or "home:start")


def _page_of(address: str) -> str:
    """The address, or the nearest one above it that opens as a page: what is only sent (`.../publicera/`) cannot be gone to."""
    path = urlsplit(address).path
    if not path or _opens(path):
        return address
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        if _opens(path):
            return path
    return ""


def _opens(path: str) -> bool:
    try:
        return takes(resolve(path).func, "GET")
    except Resolver404:
        return False
