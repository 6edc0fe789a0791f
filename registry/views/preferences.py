"""How one wants to be told things."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import preferences as actions
from registry.forms.preferences import NoticePreferenceForm
from registry.models import NoticePreference


@require_http_methods(["GET", "POST"])
def edit_notice_preference(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.change_own_contact")
    contact = reads.own_contact(request.actor)
    chosen = NoticePreference.objects.visible_to(request.actor).first()
    form = NoticePreferenceForm(request.POST or None, instance=chosen, contact=contact)
    if form.is_valid() and accepted(form, actions.edit_notice_preference, actor=request.actor, values=form.values()):
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("registry:my_contact")
    return show_form(request, "registry/edit_notice_preference.html", form, contact=contact)
