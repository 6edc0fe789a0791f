"""The pages that everybody may read."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import public
from dexter.home import reads
from dexter.home.models import SiteText
from dexter.jobs import reads as jobs
from dexter.lib import days
from dexter.lib.access import Actor, allows
from dexter.lib.requests import RoleRequest
from dexter.notices.reads import not_proven_since
from registry.reads import imports_alarming

WORKER_SILENT = timedelta(minutes=2)
QUEUE_LATE = timedelta(minutes=15)
NOTICES_LOOKED_BACK = timedelta(days=1)
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds


@public
@require_GET
def front(request: RoleRequest) -> HttpResponse:
    return render(request, "home/front.html")


@public
@require_GET
def eservice(request: RoleRequest) -> HttpResponse:
    return render(request, "home/eservice.html")


@public
@require_GET
def about(request: RoleRequest) -> HttpResponse:
    return render(request, "home/about.html")


@public
@require_GET
def contact(request: RoleRequest) -> HttpResponse:
    return render(request, "home/contact.html", {"may_edit": _may_edit(request)})


@public
@require_GET
def accessibility(request: RoleRequest) -> HttpResponse:
    return _site_text(request, SiteText.Kind.ACCESSIBILITY)


@public
@require_GET
def privacy(request: RoleRequest) -> HttpResponse:
    return _site_text(request, SiteText.Kind.PRIVACY)


def _may_edit(request: RoleRequest) -> bool:
    """On a page that is open to all: nobody may have signed in."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and allows(actor, "home.edit_site")


def _site_text(request: RoleRequest, kind: SiteText.Kind) -> HttpResponse:
    text = reads.site_text(kind, translation.get_language() or settings.LANGUAGE_CODE)
    return render(request, "home/site_text.html", {"kind": kind, "text": text, "may_edit": _may_edit(request)})


@public
@require_POST
def switch_language(request: RoleRequest) -> HttpResponse:
    chosen, path = request.POST.get("language", ""), request.POST.get("next", "")
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    response = redirect(path if safe else "home:front")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=LANGUAGE_COOKIE_AGE, secure=settings.HTTPS, samesite="Lax", httponly=True
        )
    return response


@public
@require_GET
def robots(request: RoleRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@public
@require_GET
def health(request: RoleRequest) -> JsonResponse:
    """Whether the database answers, a worker lives and the queue moves; 503 when something is wrong. No personal data."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        heartbeat, waiting, now = jobs.worker_heartbeat(), jobs.oldest_waiting(), days.now()
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    lives = heartbeat is not None and now - heartbeat < WORKER_SILENT and (waiting is None or now - waiting < QUEUE_LATE)
    answer = {
        "database": "ok",
        "worker_heartbeat_seconds": int((now - heartbeat).total_seconds()) if heartbeat else None,
        "imports": "alarm" if imports_alarming() else "ok",
        "notices_not_proven": not_proven_since(now - NOTICES_LOOKED_BACK),
        "queue_age_seconds": int((now - waiting).total_seconds()) if waiting else 0,
    }
    return JsonResponse(answer, status=200 if lives else 503)
