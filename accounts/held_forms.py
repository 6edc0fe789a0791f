"""A form that was sent while the sign-in was too weak, or had ended: kept in the session until the person has confirmed."""

from __future__ import annotations

from typing import Any

from dexter.lib.made_for import person_of

KEY = "held_form"
MAX_CHARACTERS = 100_000
NEVER_KEPT = {"csrfmiddlewaretoken", "_who"}


def hold(request: Any) -> None:
    """Keep what was typed, for who is signed in or else whom the form was made for; files and anything huge are not kept."""
    fields = [(key, value) for key, values in request.POST.lists() if key not in NEVER_KEPT for value in values]
    owner = request.user.person_id if request.user.is_authenticated else person_of(request.POST.get("_who"))
    if owner and sum(len(value) for _, value in fields) <= MAX_CHARACTERS:
        request.session[KEY] = {"path": request.path, "fields": fields, "owner": str(owner)}


def held(request: Any) -> dict[str, Any] | None:
    return request.session.get(KEY)  # type: ignore[no-any-return]


def release(request: Any) -> dict[str, Any] | None:
    """Give back what was kept, once, and to its owner alone."""
    form = request.session.pop(KEY, None)
    return form if form and form["owner"] == str(request.user.person_id) else None
