"""What a reader's feed and a sender's list show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import JSONObject

from dexter.home.models import MessageReceipt, SchoolMessage, TellingState, Words
from dexter.home.models.message import MessageReceiptQuerySet
from dexter.lib.access import Actor
from dexter.notices.models import Delivery, DeliveryState
from registry.models import NoticePreference, Person, SecurityMarking
from registry.models.person import PersonQuerySet

SHOWN_ON_START = 3
LEAST_HOMES = 5  # of which it is told how many have read
GONE = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.UNCERTAIN)


class Unread(NamedTuple):
    """What a start page tells: the newest unread messages (id, subject, urgency), urgent ones first, and how many there are in all."""

    first: list[dict[str, Any]]
    in_all: int


class Outcome(NamedTuple):
    """What became of a message, in numbers that name nobody; the protected are in none of them."""

    homes: int
    read: int
    told: int  # by e-mail or text message
    no_way: int  # neither e-mail nor mobile number, or nothing got through

    @property
    def is_few(self) -> bool:
        """So few homes that a number would tell of one of them."""
        return self.homes < LEAST_HOMES


class ByHand(NamedTuple):
    """A home that somebody has to tell otherwise."""

    receipt: MessageReceipt
    names: list[str]


@dataclass
class Received:
    """A message as one reader sees it."""

    receipt: MessageReceipt
    words: Words
    children: list[str]  # shown names, for a guardian

    @property
    def message(self) -> SchoolMessage:
        return self.receipt.message


def in_full(receipts: MessageReceiptQuerySet) -> QuerySet[MessageReceipt]:
    """With everything a page says of the messages, the newest first; two statements."""
    related = ("message__school_unit", "message__group", "message__lesson__activity", "message__sent_by")
    ordered = receipts.select_related(*related).prefetch_related("message__translations")
    return ordered.order_by("-message__sent_at", "-pk")


def received(receipts: Iterable[MessageReceipt], children: PersonQuerySet, language: str) -> list[Received]:
    """`receipts` come from `in_full`; of `children`, the ones the reader sees, the names are told: one statement."""
    rows = list(receipts)
    names = dict(children.filter(pk__in={key for row in rows for key in row.children}).values_list("pk", "shown_name"))
    return [
        Received(row, row.message.words(language), [names[key] for key in row.children if key in names and key != row.person_id])
        for row in rows
    ]


def with_unread(persons: PersonQuerySet, receipts: MessageReceiptQuerySet) -> PersonQuerySet:
    """Adds `unread_messages` to each, of the receipts that the reader sees: for a start page, without a statement of its own."""
    told = {"id": F("message_id"), "subject": F("message__subject"), "urgency": F("message__urgency"), "in_all": Window(Count("pk"))}
    newest = receipts.unread().order_by(F("message__urgency").desc(), "-message__sent_at")  # "urgent" sorts after "routine"
    return persons.annotate(unread_messages=ArraySubquery(newest.annotate(told=JSONObject(**told)).values("told")[:SHOWN_ON_START]))


def unread_of(person: Any) -> Unread:
    """Needs `with_unread`."""
    return Unread(person.unread_messages, person.unread_messages[0]["in_all"] if person.unread_messages else 0)


def language_of(actor: Actor, otherwise: str) -> str:
    """The language that the reader has chosen, else `otherwise`."""
    return NoticePreference.objects.filter(person=actor.person_id).values_list("language", flat=True).first() or otherwise


def with_sums(messages: Iterable[SchoolMessage]) -> list[SchoolMessage]:
    """Adds `homes`, `read` and `is_few`; one statement."""
    rows = list(messages)
    counted = (
        _counted(MessageReceipt.objects.filter(message__in=rows)).values("message_id").annotate(homes=Count("pk"), read=Count("opened_at"))
    )
    sums = {row["message_id"]: row for row in counted}
    for row in rows:
        row.homes, row.read = (sums[row.pk][name] if row.pk in sums else 0 for name in ("homes", "read"))
        row.is_few = row.homes < LEAST_HOMES
    return rows


def outcome_of(message: SchoolMessage) -> Outcome:
    """One statement."""
    deliveries = Delivery.objects.filter(notice=OuterRef("notice_id"))
    rows = _counted(message.receipts.all()).annotate(
        gone=Exists(deliveries.filter(state__in=GONE)), hopeful=Exists(deliveries.exclude(state=DeliveryState.FAILED))
    )
    failed = Q(state=TellingState.TOLD, hopeful=False)
    sums = rows.aggregate(
        homes=Count("pk"),
        read=Count("opened_at"),
        told=Count("pk", filter=Q(gone=True)),
        no_way=Count("pk", filter=(failed | Q(state=TellingState.NO_WAY)) & Q(opened_at=None)),
    )
    return Outcome(**sums)


def _counted(receipts: QuerySet[MessageReceipt]) -> QuerySet[MessageReceipt]:
    """The protected are in no count: neither the homes that are told by hand nor those that were protected since it was sent,
    themselves or all of their pupils."""
    protected = Person.objects.exclude(security_marking=SecurityMarking.NONE).order_by()
    shown = receipts.exclude(state=TellingState.BY_HAND).filter(person__security_marking=SecurityMarking.NONE)
    return shown.exclude(children__contained_by=ArraySubquery(protected.values("pk")))


def to_tell_by_hand(messages: Any, reached: PersonQuerySet) -> QuerySet[MessageReceipt]:
    """The homes that nobody has told yet, of those protected persons whom the reader reaches by name (`reached`)."""
    open_by_name = reached.exclude(security_marking=SecurityMarking.NONE).order_by()
    rows = MessageReceipt.objects.filter(state=TellingState.BY_HAND, told_at=None, opened_at=None, message__in=messages)
    named = Q(person__in=open_by_name.values("pk")) | Q(children__overlap=open_by_name.values_list("pk", flat=True))
    return rows.filter(named, message__recalled_at=None).select_related("message__school_unit", "person")


def named(receipts: Iterable[MessageReceipt], reached: PersonQuerySet) -> list[ByHand]:
    """Whose home each is: the pupils whom the reader reaches, else the person; one statement more."""
    rows = list(receipts)
    names = dict(reached.filter(pk__in={key for row in rows for key in (row.person_id, *row.children)}).values_list("pk", "shown_name"))
    return [ByHand(row, [names[key] for key in row.children if key in names] or [names.get(row.person_id, "")]) for row in rows]
