from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dexter.lib.requests import RoleRequest


@require_GET
def start(request: RoleRequest) -> HttpResponse:
    """The door to the learning module; each capability adds its room here."""
    return render(request, "larande/start.html")
