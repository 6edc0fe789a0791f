"""Looking into the log."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from .models import Entry


def entries_about(person_id: UUID) -> QuerySet[Entry]:
    """What was done with or read about one person, newest first; the caller has found the person by its scope."""
    return Entry.objects.filter(subjects__contains=[person_id]).order_by("-at", "-pk")
