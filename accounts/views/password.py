"""Signing in with user name and password, signing out, and changing the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, reads, sessions, throttle
from accounts.decorators import public
from accounts.forms import ChangePasswordForm, PasswordForm
from accounts.models import User
from dexter.lib.access import Level, Role
from dexter.lib.requests import RoleRequest

from .landing import land


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in_pupil(request: RoleRequest) -> HttpResponse:
    return _sign_in(request, Role.PUPIL, "accounts/sign_in_pupil.html")


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in_staff(request: RoleRequest) -> HttpResponse:
    return _sign_in(request, Role.STAFF, "accounts/sign_in_staff.html")


def _sign_in(request: RoleRequest, role: Role, template: str) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    keys = throttle.keys_for(request, reads.account_key(given["username"]))
    try:
        throttle.check(keys)
    except throttle.Throttled as slow_down:
        return render(request, "429.html", {"minutes": slow_down.minutes}, status=429)
    user = actions.check_credentials(username=given["username"], password=given["password"], role=role)
    if user is None:
        throttle.count_failure(keys)
        form.add_error(None, _("The user name or the password is wrong. Check both and try again."))
        return render(request, template, {"form": form}, status=422)
    return _signed_in(request, user, role)


def _signed_in(request: RoleRequest, user: User, role: Role) -> HttpResponse:
    """In with a password; whose second factor is enrolled is asked for it at once."""
    sessions.begin(request, user, Level.PASSWORD)
    request.session["role"] = role
    response = redirect("accounts:step_up") if role is Role.STAFF and reads.has_second_factor(user) else land(request)
    throttle.remember_device(request, response, user.pk)
    return response


@public
@require_POST
def sign_out(request: RoleRequest) -> HttpResponse:
    """Ends everything; the browser is told to forget what it kept, so that the back button shows nothing."""
    logout(request)
    response = redirect("accounts:signed_out")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@public
@require_GET
def signed_out(request: RoleRequest) -> HttpResponse:
    return render(request, "accounts/signed_out.html")


@sensitive_post_parameters("old_password", "new_password")
@require_http_methods(["GET", "POST"])
def change_password(request: RoleRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if not form.is_valid():
        return render(request, "accounts/change_password.html", {"form": form}, status=422 if form.is_bound else 200)
    actions.change_password(actor_id=request.person.pk, user=request.user, password=form.cleaned_data["new_password"])
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password is changed. Other devices are signed out."))
    return redirect("accounts:security")
