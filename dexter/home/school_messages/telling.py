"""Who is told outside Dexter now, by which way, and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from dexter.home.models import MessageReceipt
from dexter.notices.models import Channel
from registry.models import Person

PERSONS_AT_ONCE = 500
Bundle = list[MessageReceipt]


def due_now(now: datetime) -> list[MessageReceipt]:
    """All that is due to some persons, the whole of each, locked; rows that another worker holds are left to it."""
    waiting = MessageReceipt.objects.due(now).order_by()
    persons = list(waiting.values_list("person_id", flat=True).distinct()[:PERSONS_AT_ONCE])
    rows = waiting.filter(person__in=persons).select_related("message", "person__notice_preference")
    return list(rows.select_for_update(of=("self",), skip_locked=True).order_by("person_id", "message__sent_at"))


def bundles(receipts: Iterable[MessageReceipt]) -> list[Bundle]:
    """What is told together: each urgent message by itself, the ordinary ones of a person as one."""
    gathered: dict[object, Bundle] = defaultdict(list)
    for row in receipts:
        gathered[row.pk if row.message.is_urgent else row.person_id].append(row)
    return list(gathered.values())


def wish_of(bundle: Bundle) -> str:
    """The channel wished for, if any: of the person for what is urgent, else e-mail; the outbox takes another where that is lacking."""
    if not bundle[0].message.is_urgent:
        return Channel.EMAIL
    preference = getattr(bundle[0].person, "notice_preference", None)
    return preference.urgent_channel if preference else ""


def still_open(receipts: Sequence[MessageReceipt]) -> set[UUID]:
    """Keys of the receipts that may go by e-mail or text: neither the home nor all of its pupils have been protected meanwhile."""
    shown = set(Person.objects.unmarked().filter(pk__in={key for row in receipts for key in row.children}).values_list("pk", flat=True))
    return {row.pk for row in receipts if not row.person.is_protected and shown.intersection(row.children)}
