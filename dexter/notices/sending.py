"""One attempt to deliver, in three steps that a kill may come between, and what takes up the pieces.

1. `sending` is committed. Before that nothing was sent: what is still `queued` may be tried again.
2. The channel is called.
3. What came of it is committed. From `sending` nothing is ever sent again: after a while it is `uncertain`.

What a person wants by one channel is held back on the other: queued there in the commit that says that the first failed.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation

from dexter.audit.actions import record
from dexter.lib import civic, days
from dexter.lib.access import System
from dexter.lib.queue import defer

from .channels import channel_for
from .composers import composer_of
from .messages import Message, NotHandedOver, Parcel
from .models import Delivery, DeliveryState, LoopbackMessage, Notice

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))  # between one try and the next
MOST_ATTEMPTS = len(WAITS) + 1
UNCERTAIN_AFTER = timedelta(minutes=10)  # longer than any channel waits for an answer
LOST_AFTER = timedelta(minutes=5)  # due, and no worker took it: its job was lost
LOOPBACK_KEPT = timedelta(days=7)
ROWS_A_SWEEP = 500
logger = structlog.get_logger(__name__)


def send(delivery_id: UUID) -> None:
    """Try once. Does nothing for a delivery that is not due, not queued, or in another worker's hands."""
    taken = _take(delivery_id)
    if taken is None:
        return
    delivery, parcel = taken
    try:
        receipt = channel_for(delivery.channel)(parcel)
    except NotHandedOver as refusal:
        _not_sent(delivery, refusal)
    except Exception as fault:
        logger.error("notice_uncertain", delivery=str(delivery.pk), channel=delivery.channel, fault=type(fault).__name__)
        _end(delivery, DeliveryState.UNCERTAIN, error=type(fault).__name__)
    else:
        _end(delivery, DeliveryState.DELIVERED if receipt.delivered else DeliveryState.SENT, reference=receipt.reference)


@transaction.atomic(durable=True)
def _take(delivery_id: UUID) -> tuple[Delivery, Parcel] | None:
    """Mark it `sending` and make its words; None when there is nothing to send."""
    queued = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("notice")
    delivery = queued.filter(pk=delivery_id, state=DeliveryState.QUEUED, due_at__lte=days.now()).first()
    if delivery is None:
        return None
    delivery.state, delivery.attempts, delivery.sending_at = DeliveryState.SENDING, delivery.attempts + 1, days.now()
    try:
        message, address = _composed(delivery.notice), civic.decrypt(delivery.address)
    except Exception as fault:  # the owner's code: whatever it raises, nothing was sent
        logger.error("notice_not_composed", delivery=str(delivery.pk), kind=delivery.notice.kind, fault=type(fault).__name__)
        _not_sent(delivery, NotHandedOver("not_composed", again=True))
        return None
    if message is None:
        _end(delivery, DeliveryState.WITHDRAWN)
        return None
    delivery.save()
    return delivery, Parcel(delivery.idempotency_key, address, message)


def _composed(notice: Notice) -> Message | None:
    """In a transaction of its own inside the other, so that a fault in it leaves the delivery to be marked."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        return composer_of(notice.kind)(notice)


def _not_sent(delivery: Delivery, refusal: NotHandedOver) -> None:
    """Surely nothing was sent: once more after a wait, or failed."""
    if not refusal.again or delivery.attempts >= MOST_ATTEMPTS:
        _end(delivery, DeliveryState.FAILED, error=refusal.code)
        return
    with transaction.atomic():
        delivery.state, delivery.error = DeliveryState.QUEUED, refusal.code
        delivery.due_at = days.now() + WAITS[delivery.attempts - 1]
        delivery.save()
        defer("dexter.notices.tasks.send_notice", not_before=delivery.due_at, delivery_id=str(delivery.pk))


@transaction.atomic
def _end(delivery: Delivery, state: DeliveryState, reference: str = "", error: str = "") -> None:
    delivery.state, delivery.ended_at = state, days.now()
    delivery.reference, delivery.error = reference[:200], error[:40]
    delivery.save()
    if delivery.notice.wish:
        _let_go(delivery)
    details: dict[str, str | int | bool] = {"kind": delivery.notice.kind, "channel": delivery.channel, "state": state, "error": error[:40]}
    record(actor=System(), action="notices.send_notice", subjects=[delivery.notice.recipient_id], object_id=delivery.pk, details=details)


def _let_go(ended: Delivery) -> None:
    """The other addresses of the same notice: tried now where surely nothing was sent, else forgotten."""
    held = Delivery.objects.filter(notice=ended.notice_id, state=DeliveryState.HELD)
    if ended.state != DeliveryState.FAILED:
        held.delete()
        return
    for delivery in held.select_for_update():
        delivery.state, delivery.due_at = DeliveryState.QUEUED, days.now()
        delivery.save()
        defer("dexter.notices.tasks.send_notice", delivery_id=str(delivery.pk))


def give_up_waiting() -> None:
    """Deliveries whose worker was killed after `sending`: perhaps sent, perhaps not, and never sent again."""
    with transaction.atomic():
        begun = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("notice")
        for delivery in begun.filter(state=DeliveryState.SENDING, sending_at__lt=days.now() - UNCERTAIN_AFTER)[:ROWS_A_SWEEP]:
            logger.error("notice_uncertain", delivery=str(delivery.pk), channel=delivery.channel, fault="cut_off")
            _end(delivery, DeliveryState.UNCERTAIN, error="cut_off")


def queue_anew() -> None:
    """Deliveries whose job was lost before `sending`: nothing was sent."""
    with transaction.atomic():
        lost = Delivery.objects.select_for_update(skip_locked=True)
        for delivery in lost.filter(state=DeliveryState.QUEUED, due_at__lt=days.now() - LOST_AFTER)[:ROWS_A_SWEEP]:
            Delivery.objects.filter(pk=delivery.pk).update(due_at=days.now())
            defer("dexter.notices.tasks.send_notice", delivery_id=str(delivery.pk))


def forget_loopback() -> None:
    LoopbackMessage.objects.filter(created_at__lt=days.now() - LOOPBACK_KEPT).delete()
