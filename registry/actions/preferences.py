"""A person's own choice of how the school tells things."""

from __future__ import annotations

from django.db import transaction

from dexter.audit.actions import record
from dexter.lib.access import Actor, require
from registry.models import NoticePreference


@transaction.atomic
def edit_notice_preference(*, actor: Actor, values: dict[str, str]) -> NoticePreference:
    """Save the fields in `values`; the others stay. What already waits to be told follows the new choice."""
    require(actor, "registry.change_own_contact")
    chosen, _new = NoticePreference.objects.update_or_create(person_id=actor.person_id, defaults=values)
    details: dict[str, str | int | bool] = {name: str(getattr(chosen, name)) for name in ("urgent_channel", "digest", "language")}
    record(actor=actor, action="registry.edit_notice_preference", subjects=[actor.person_id], object_id=chosen.pk, details=details)
    return chosen
