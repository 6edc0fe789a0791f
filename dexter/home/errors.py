"""What people see when something is wrong: what happened, what to do, no traces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    now = _("Something in what was sent was wrong, and nothing was changed. Go back, load the page again and try once more.")
    return _page(request, 400, _("That could not be understood"), now)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    now = _("Your role does not allow it. If you think that it should, ask your administrator.")
    return _page(request, 403, _("You may not do that"), now)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    now = _("It may have been moved or taken away, or it is not for you in the role that you have now.")
    return _page(request, 404, _("The page is not here"), now)


def not_allowed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django has no handler for 405: who reloads or bookmarks what is only sent gets a page instead of an empty window.

    What htmx fetches is put into a page, so that keeps the bare answer.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.headers.get("HX-Request"):
            return response
        now = _(
            "It only takes what is sent from a form, and nothing was sent or changed now."
            " Go to the first page and open the form again from there."
        )
        page = _page(request, 405, _("This address has no page of its own"), now)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request's context: neither database nor session may be needed to say that something broke."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    now = _("Nothing was saved. Go back, load the page again and send it once more. Cookies must be allowed for this site.")
    return _page(request, 403, _("The form was too old"), now)


def _page(request: HttpRequest, status: int, what: str, now: str) -> HttpResponse:
    """`what` is wrong, and what to do `now`."""
    return render(request, "error.html", {"what": what, "now": now}, status=status)
