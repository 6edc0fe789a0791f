"""The own lessons in one's own calendar."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.lib import days
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import feeds
from registry.documents.calendar import days_added, lessons_as_calendar
from registry.models import FeedAddress

WEEKS_BACK, WEEKS_AHEAD = 4, 26


@require_http_methods(["GET", "POST"])
def feed_address(request: RoleRequest) -> HttpResponse:
    """Whether there is an address; a new one is shown once, on the page that made it."""
    made = ""
    if request.method == "POST":
        token = feeds.make_feed_address(actor=request.actor)
        made = request.build_absolute_uri(reverse("registry:calendar_feed", args=[token]))
    current = FeedAddress.objects.visible_to(request.actor).filter(person=request.actor.person_id, revoked_at=None).first()
    return render(request, "registry/feed_address.html", {"current": current, "made": made})


@require_POST
def revoke_feed_address(request: RoleRequest) -> HttpResponse:
    feeds.revoke_feed_address(actor=request.actor)
    return redirect("registry:feed_address")


@login_not_required
@require_GET
def calendar_feed(request: RoleRequest, token: str) -> HttpResponse:
    """The lessons behind a secret address, for as long as its owner is staff; every other address is unknown."""
    owner = reads.owner_of_feed(token)
    if owner is None:
        raise Http404
    first, last = days.today() - timedelta(weeks=WEEKS_BACK), days.today() + timedelta(weeks=WEEKS_AHEAD)
    lessons = reads.lessons_held_by(owner).filter(day__range=(first, last))
    return HttpResponse(lessons_as_calendar(lessons, days_added(owner, first, last)), content_type="text/calendar; charset=utf-8")
