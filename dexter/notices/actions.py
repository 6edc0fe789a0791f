"""Queueing what is to be told, inside the transaction of the action that it follows from; that action's line in the log tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from dexter.lib import civic, days
from dexter.lib.queue import defer

from .composers import COMPOSERS
from .models import Channel, Delivery, DeliveryState, Notice


def queue_notice(
    kind: str,
    recipient_id: UUID,
    addresses: Mapping[Channel, str],
    ids: Mapping[str, str],
    wish: str = "",
    not_before: datetime | None = None,
) -> Notice:
    """Tell a person something, at once or from `not_before` on; the caller has checked that `addresses` are the person's.

    It goes by the channel of `wish` where there is an address for it, and by the others only when that one fails; else by
    every one there is. Without any address it stands in `reads.unreached()` at once. Raises KeyError for a kind without a
    composer.
    """
    if kind not in COMPOSERS:
        raise KeyError(kind)
    due_at = not_before or days.now()
    notice = Notice.objects.create(kind=kind, recipient_id=recipient_id, wish=wish, ids=dict(ids), not_before=due_at)
    known = {channel: address for channel, address in addresses.items() if address}
    for channel, address in known.items():
        state = DeliveryState.HELD if wish in known and channel != wish else DeliveryState.QUEUED
        row = Delivery.objects.create(notice=notice, channel=channel, address=civic.encrypt(address), state=state, due_at=due_at)
        if state == DeliveryState.QUEUED:
            defer("dexter.notices.tasks.send_notice", not_before=not_before, delivery_id=str(row.pk))
    return notice
