"""Who acts, and whether the page opens for them: sign-in first, then the role, its level, and the role of the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dexter.lib.access import Level

from . import sessions
from .held_forms import hold
from .levels import ANY_ROLE, FRESH, LARANDE, LEVELS

Answer = Callable[[HttpRequest], HttpResponse]
SECRET_FIELDS = {"csrfmiddlewaretoken", "_role", "_who", "submission", "password", "old_password", "new_password", "code"}
ROLELESS = {"accounts:switch_role", "accounts:step_up", "accounts:send_held_form"}  # posts that change the role or level itself


def actor(get_response: Answer) -> Answer:
    """Sets `request.actor`, `request.roles`, `request.person`: with the session and the account, three statements."""

    def middleware(request: HttpRequest) -> HttpResponse:
        present = sessions.presence(request)
        request.actor = present.actor if present else None  # type: ignore[attr-defined]
        request.roles = present.roles if present else ()  # type: ignore[attr-defined]
        request.person = present.person if present else None  # type: ignore[attr-defined]
        request.level = present.level if present else None  # type: ignore[attr-defined]
        request.has_larande = bool(present and present.has_larande)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def guard(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    middleware.process_view = check  # type: ignore[attr-defined]
    return middleware


def check(request: Any, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
    """None lets the view run; else the answer: sign in, choose a role, confirm, or the two-roles conflict."""
    if not getattr(view, "login_required", True):
        return None
    if request.person is None:
        return _elsewhere(request, settings.LOGIN_URL)
    name = request.resolver_match.view_name
    needed = _level_for(request, name)
    if needed is None:
        return redirect("home:start")
    if request.level < needed or (name in FRESH and not sessions.is_fresh(request)):
        return _step_up(request)
    if request.method == "POST" and request.actor and name not in ROLELESS and _role_of_form(request) != request.actor.role:
        return _two_roles(request)
    return None


def _level_for(request: Any, name: str) -> Level | None:
    """The level that the page needs in the active role; None when no role is active yet.

    Raises Http404 for a wrong role, and for the pages of Lärande where no school that the role meets uses it.
    """
    if name in ANY_ROLE:
        return ANY_ROLE[name]
    if name not in LEVELS:
        raise ImproperlyConfigured(f"{name} has no row in accounts.levels, so it opens for nobody.")
    if request.actor is None:
        messages.info(request, _("Choose a role first."))
        return None
    if request.actor.role not in LEVELS[name] or (name.startswith(LARANDE) and not request.has_larande):
        raise Http404
    return LEVELS[name][request.actor.role]


def _role_of_form(request: Any) -> str | None:
    role: str | None = request.headers.get("X-Dexter-Role") or request.POST.get("_role")
    return role


def _elsewhere(request: Any, url: str) -> HttpResponse:
    """A redirect that htmx follows too; the page that was asked for is remembered, and what was sent is held for its sender."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    if request.method == "POST":
        hold(request)
    if request.method == "GET" and request.path != reverse("home:start"):
        request.session["next"] = request.get_full_path()
    return redirect(url)


def _step_up(request: Any) -> HttpResponse:
    if request.method == "POST" and not request.htmx:
        hold(request)
        return redirect("accounts:step_up")
    target = request.get_full_path() if request.method == "GET" else reverse("home:start")
    url = f"{reverse('accounts:step_up')}?next={quote(target)}"
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def _two_roles(request: Any) -> HttpResponse:
    """Two tabs, two roles: nothing is done, and what was written is shown so that nothing is lost."""
    typed = [(key, value) for key, values in request.POST.lists() if key not in SECRET_FIELDS for value in values if value]
    return render(request, "409.html", {"typed": typed}, status=409)
