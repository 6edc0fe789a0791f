"""Looking into the log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from .models import Entry


def entries_about(person_id: UUID) -> QuerySet[Entry]:
    """What was done with or read about one person, newest first; the caller has found the person by its scope."""
    return Entry.objects.filter(subjects__contains=[person_id]).order_by("-at", "-pk")


def times_done(person_id: UUID, action: str, since: datetime) -> int:
    """How often somebody did one thing since then."""
    return Entry.objects.filter(actor_id=person_id, action=action, at__gte=since).count()
