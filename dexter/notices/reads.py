"""What became of notices."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from dexter.lib import civic

from .models import Channel, Delivery, DeliveryState, LoopbackMessage, Notice

NOT_PROVEN = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


class Kept(NamedTuple):
    """A message of the demo, as its page shows it."""

    at: datetime
    channel: str
    address: str
    subject: str
    text: str


def unreached() -> QuerySet[Notice]:
    """Notices that no channel has sent, is sending or will send: somebody has to phone. Those no longer owed are not among them."""
    hopeful = Delivery.objects.filter(notice=OuterRef("pk")).exclude(state__in=NOT_PROVEN)
    return Notice.objects.exclude(Exists(hopeful))


def not_proven_since(moment: datetime) -> int:
    """How many deliveries have failed, or ended so that nobody knows, since then."""
    return Delivery.objects.filter(state__in=NOT_PROVEN, ended_at__gte=moment).count()


def kept_messages(limit: int) -> list[Kept]:
    """The latest messages of the demo, the newest first."""
    return [_kept(row) for row in LoopbackMessage.objects.select_related("delivery").order_by("-created_at", "-pk")[:limit]]


def _kept(row: LoopbackMessage) -> Kept:
    content = json.loads(civic.decrypt(row.content))
    text = content["body"] if row.delivery.channel == Channel.EMAIL else content["short"]
    return Kept(row.created_at, row.delivery.get_channel_display(), content["address"], content["subject"], text)
