from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.levels import ROLE_LEVELS
from dexter.lib.access import Role
from dexter.lib.requests import RoleRequest


@require_POST
def switch_role(request: RoleRequest) -> HttpResponse:
    """See with other eyes: a role that the facts give today, at the level it needs."""
    wanted = request.POST.get("role", "")
    if wanted not in request.roles:
        raise Http404
    if request.level < ROLE_LEVELS[Role(wanted)]:
        return render(request, "accounts/identify_for_role.html", {"providers": settings.EID_PROVIDERS, "wanted": wanted})
    request.session["role"] = wanted
    return redirect("home:start")
