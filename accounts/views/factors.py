"""One's own second factors: enrolled with e-identification, or with an administrator's one-time code."""

from __future__ import annotations

import base64
from io import BytesIO

import qrcode
import qrcode.image.svg
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, reads
from accounts.forms import CodeForm, PasskeyForm, TotpForm
from dexter.lib.access import Level
from dexter.lib.forms import submit
from dexter.lib.requests import RoleRequest

MAY_ENROL = "may_enrol"


@require_GET
def security(request: RoleRequest) -> HttpResponse:
    context = {"factors": reads.second_factors(request.user), "may_enrol": _may_enrol(request), "code_form": CodeForm()}
    return render(request, "accounts/security.html", context)


@require_POST
def enter_code(request: RoleRequest) -> HttpResponse:
    """The administrator's code opens the enrolment in this session."""
    form = CodeForm(request.POST)
    if form.is_valid():
        submit(form, actions.use_enrolment_code, user=request.user, code=form.cleaned_data["code"])
    if form.errors:
        context = {"factors": reads.second_factors(request.user), "may_enrol": False, "code_form": form}
        return render(request, "accounts/security.html", context, status=422)
    request.session[MAY_ENROL] = True
    return redirect("accounts:add_totp")


@require_http_methods(["GET", "POST"])
def add_totp(request: RoleRequest) -> HttpResponse:
    if not _may_enrol(request):
        return redirect("accounts:security")
    form = TotpForm(request.POST or None)
    secret = totp.get_totp_secret()
    codes = submit(form, actions.add_totp, user=request.user, secret=secret, code=form.cleaned_data["code"]) if form.is_valid() else None
    if codes is not None:
        totp.clear_totp_secret(request)
        request.session.pop(MAY_ENROL, None)
        return render(request, "accounts/recovery_codes.html", {"codes": codes})
    url = get_adapter().build_totp_url(request.user, secret)
    context = {"form": form, "secret": secret, "qr": _qr_image(url)}
    return render(request, "accounts/add_totp.html", context, status=422 if form.is_bound else 200)


def _qr_image(text: str) -> str:
    """An SVG picture as a data address, which the content policy allows for images alone."""
    picture = BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=2).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()


@require_http_methods(["GET", "POST"])
def add_passkey(request: RoleRequest) -> HttpResponse:
    if not _may_enrol(request):
        return redirect("accounts:security")
    form = PasskeyForm(request.POST or None)
    if form.is_valid() and submit(form, actions.add_passkey, user=request.user, credential=form.cleaned_data["credential"]):
        messages.success(request, _("The passkey is added."))
        return redirect("accounts:security")
    options = webauthn.begin_registration(request.user, passwordless=False)
    return render(request, "accounts/add_passkey.html", {"options": options, "form": form}, status=422 if form.is_bound else 200)


@require_POST
def remove_factor(request: RoleRequest, pk: int) -> HttpResponse:
    actions.remove_factor(user=request.user, pk=pk)
    messages.success(request, _("The second factor is removed."))
    return redirect("accounts:security")


def _may_enrol(request: RoleRequest) -> bool:
    """In a session opened with e-identification or an existing second factor, or by an administrator's code."""
    return bool(request.level >= Level.TWO_FACTOR or request.session.get(MAY_ENROL))
