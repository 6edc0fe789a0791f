"""Carries out what was confirmed: exactly the rows of the package, in one transaction, or none of them."""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.db import connections, transaction

from dexter.audit.actions import record
from dexter.home.models import DisposalBatch
from dexter.lib import days
from dexter.lib.access import System

from .due import due, has_changed

DATABASE = "owner"  # the web role may not delete the log


class DisposalFault(Exception):
    """The batch no longer fits the database; nothing was deleted."""


def confirmed() -> list[UUID]:
    return list(DisposalBatch.objects.using(DATABASE).filter(confirmed_at__isnull=False, carried_out_at=None).values_list("pk", flat=True))


def carry_out(batch_id: UUID) -> int:
    """Delete the rows, forget keys and package, write one line in the log; gives how many rows went. Raises DisposalFault."""
    with transaction.atomic(using=DATABASE):
        with connections[DATABASE].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        batch = DisposalBatch.objects.using(DATABASE).select_for_update(of=("self",)).select_related("rule").get(pk=batch_id)
        if batch.confirmed_at is None or batch.carried_out_at is not None:
            raise DisposalFault(f"The disposal {batch_id} is not confirmed, or was carried out already.")
        if has_changed(batch, DATABASE):
            raise DisposalFault(f"The disposal {batch_id} holds rows that changed since. Take it back and propose it anew.")
        labels = [part.model._meta.label for part in due(batch.rule.code, batch.cutoff, DATABASE)]
        gone = sum(_delete(label, batch.keys[label]) for label in labels)  # what refers to others first
        batch.keys, batch.package, batch.carried_out_at = {}, None, days.now()
        batch.save(using=DATABASE)
        details: dict[str, str | int | bool] = {"rule": batch.rule.code, "rows": gone}
        record(actor=System(), action="home.carry_out_disposals", object_id=batch.pk, details=details, using=DATABASE)
    return gone


def _delete(label: str, keys: list[str]) -> int:
    """Rows by key, nothing that refers to them: the database refuses instead of deleting more."""
    rows = apps.get_model(label)._base_manager.using(DATABASE).filter(pk__in=keys)
    deleted: int = rows._raw_delete(DATABASE) or 0  # None without keys
    if deleted != len(keys):
        raise DisposalFault("Rows of the disposal are gone already. Take it back and propose it anew.")
    return deleted
