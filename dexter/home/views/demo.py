"""What belongs to the demo alone."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dexter.lib.requests import PersonRequest
from dexter.notices import reads

SHOWN = 50  # of the latest messages


@require_GET
def demo_message_list(request: PersonRequest) -> HttpResponse:
    """The made-up people's mailboxes and phones in one; there is no such page outside the demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "home/demo_message_list.html", {"kept": reads.kept_messages(SHOWN)})
