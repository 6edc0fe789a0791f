"""Taking lists out of the system: a right of its own, logged with everyone on the list, and limited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dexter.audit.actions import record
from dexter.audit.reads import times_done
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import Duty

MOST_A_DAY = 20  # files that one person takes out in 24 hours


@transaction.atomic
def export_list(*, actor: Actor, kind: str, subjects: Collection[UUID]) -> None:
    """Raises PermissionDenied without the right, and above the limit."""
    require(actor, "registry.export_lists")
    if times_done(actor.person_id, "registry.export_list", days.now() - timedelta(days=1)) >= MOST_A_DAY:
        raise PermissionDenied("registry.export_list")
    record(actor=actor, action="registry.export_list", subjects=subjects, details={"kind": kind, "rows": len(subjects)})


@transaction.atomic
def let_export(*, actor: Actor, duty: Duty, allowed: bool) -> None:
    """A principal gives a colleague's duty the right to take lists out, or takes it back. Once more changes nothing."""
    require(actor, "registry.let_export", duty)
    Duty.objects.filter(pk=duty.pk).update(may_export=allowed)
    record(actor=actor, action="registry.let_export", subjects=[duty.person_id], object_id=duty.pk, details={"allowed": allowed})
