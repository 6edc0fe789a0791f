"""Queueing what is to be told, inside the transaction of the action that it follows from; that action's line in the log tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from dexter.lib import civic, days
from dexter.lib.queue import defer, defer_many

from .composers import COMPOSERS
from .models import Channel, Delivery, DeliveryState, Notice

ROWS_AT_ONCE = 1000


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
    for row in _deliveries(notice, addresses, due_at):
        row.save(force_insert=True)
        if row.state == DeliveryState.QUEUED:
            defer("dexter.notices.tasks.send_notice", not_before=not_before, delivery_id=str(row.pk))
    return notice


class Owed(NamedTuple):
    """One of many notices to queue at once; the fields are those of `queue_notice`."""

    kind: str
    recipient_id: UUID
    addresses: Mapping[Channel, str]
    ids: Mapping[str, str]
    wish: str = ""


def queue_notices(owed: Sequence[Owed]) -> list[Notice]:
    """`queue_notice` for many, in a constant number of statements; gives the notices in the same order."""
    if unknown := {row.kind for row in owed} - COMPOSERS.keys():
        raise KeyError(*unknown)
    now = days.now()
    notices = [Notice(kind=row.kind, recipient_id=row.recipient_id, wish=row.wish, ids=dict(row.ids), not_before=now) for row in owed]
    deliveries = [row for notice, wanted in zip(notices, owed, strict=True) for row in _deliveries(notice, wanted.addresses, now)]
    Notice.objects.bulk_create(notices, batch_size=ROWS_AT_ONCE)
    Delivery.objects.bulk_create(deliveries, batch_size=ROWS_AT_ONCE)
    defer_many(
        "dexter.notices.tasks.send_notice", [{"delivery_id": str(row.pk)} for row in deliveries if row.state == DeliveryState.QUEUED]
    )
    return notices


def _deliveries(notice: Notice, addresses: Mapping[Channel, str], due_at: datetime) -> list[Delivery]:
    """One by each channel that has an address; where one is wished for, the others are held in case it fails."""
    known = {channel: address for channel, address in addresses.items() if address}
    held = {channel for channel in known if notice.wish in known and channel != notice.wish}
    return [
        Delivery(
            notice=notice,
            channel=channel,
            address=civic.encrypt(address),
            state=DeliveryState.HELD if channel in held else DeliveryState.QUEUED,
            due_at=due_at,
        )
        for channel, address in known.items()
    ]
