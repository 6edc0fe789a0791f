"""A form that was sent while the sign-in was too weak: kept in the session until the person has confirmed."""

from __future__ import annotations

from typing import Any

KEY = "held_form"
MAX_CHARACTERS = 100_000


def hold(request: Any) -> None:
    """Keep what was typed; files and anything huge are not kept."""
    fields = [(key, value) for key, values in request.POST.lists() if key != "csrfmiddlewaretoken" for value in values]
    if sum(len(value) for _, value in fields) <= MAX_CHARACTERS:
        request.session[KEY] = {"path": request.path, "fields": fields}


def held(request: Any) -> dict[str, Any] | None:
    return request.session.get(KEY)  # type: ignore[no-any-return]


def release(request: Any) -> dict[str, Any] | None:
    """Give back what was kept, once."""
    return request.session.pop(KEY, None)  # type: ignore[no-any-return]
