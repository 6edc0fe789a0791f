"""Writing the log. An action writes its row inside its transaction; a read writes one row before it answers."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS

from dexter.lib.access import Actor, System

from .models import Entry


def record(
    *,
    actor: Actor | System,
    action: str,
    subjects: Iterable[UUID] = (),
    object_id: UUID | None = None,
    details: dict[str, str | int | bool] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Append one row: `action` is "app.verb", `subjects` the persons concerned, `details` codes and counts alone."""
    Entry.objects.using(using).create(
        actor_id=actor.person_id,
        role=actor.role if isinstance(actor, Actor) else "",
        level=actor.level if isinstance(actor, Actor) else None,
        action=action,
        subjects=list(subjects),
        object_id=object_id,
        details=details or {},
    )
