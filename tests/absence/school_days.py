"""What the tests of the school's day do as teacher and office."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from absence.models import RollCall
from dexter.lib import days
from dexter.lib.access import Role


def take(cast: Any, client_as: Callable[..., Any], *absent: str, lesson: int = 0, **minutes: dict[str, int]) -> None:
    """Anna takes the roll-call of 4A's lesson: `absent` (keys) from the whole of it, others by minutes (`late={"sami": 10}`)."""
    row = cast.lesson("4A", number=lesson)
    stored = RollCall.objects.filter(lesson=row).first()
    written = {f"{kind}-{cast.id(key)}": count for kind, found in minutes.items() for key, count in found.items()}
    form = {"absent": [str(cast.id(key)) for key in absent], "version": stored.version if stored else 0, "submission": uuid.uuid4()}
    assert client_as("anna", Role.STAFF).send(f"/lektioner/{row.pk}/narvaro/", {**form, **written}).status_code == 302


def report(office: Any, pupil: Any, **more: Any) -> None:
    """Somebody phones the office about today."""
    form = {"first": days.today().isoformat(), "phoned_by": "other", "submission": str(uuid.uuid4()), **more}
    assert office.send(f"/franvaro/telefon/{pupil}/", form).status_code == 302
