"""Homes are told outside Dexter of what the school has written to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dexter.audit.actions import record
from dexter.home.models import MessageReceipt, TellingState
from dexter.home.school_messages.telling import bundles, due_now, still_open, wish_of
from dexter.lib.access import System
from dexter.notices.actions import Owed, queue_notices
from registry import reads as registry

KIND = "home.school_messages"
FIELDS = ["state", "notice_id", "told_at"]


@transaction.atomic
def tell_homes(*, now: datetime) -> int:
    """Queue one notice for all that is due to each of some persons; gives how many messages were dealt with (0: none is left).

    Homes protected meanwhile go to those who tell by hand, those without an address are noted as not reached.
    """
    receipts = due_now(now)
    if not receipts:
        return 0
    open_still, ways = still_open(receipts), registry.ways_to_tell({row.person_id for row in receipts})
    for row in receipts:
        reached = TellingState.TOLD if ways[row.person_id].addresses else TellingState.NO_WAY
        row.state = reached if row.pk in open_still else TellingState.BY_HAND
    told = bundles(row for row in receipts if row.state == TellingState.TOLD)
    owed = [Owed(KIND, bundle[0].person_id, ways[bundle[0].person_id].addresses, {}, wish_of(bundle)) for bundle in told]
    for bundle, notice in zip(told, queue_notices(owed), strict=True):
        for row in bundle:
            row.notice_id, row.told_at = notice.pk, now
    MessageReceipt.objects.bulk_update(receipts, FIELDS, batch_size=500)
    record(actor=System(), action="home.tell_homes", details={"messages": len(receipts), "notices": len(told)})
    return len(receipts)
