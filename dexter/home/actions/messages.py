"""Messages to homes: sent, taken back, opened, told by hand."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.home.models import MessageReceipt, MessageText, SchoolMessage, TellingState, Urgency, Words
from dexter.home.models.message import MessageReceiptQuerySet
from dexter.home.school_messages.audience import Audience, Target, audience_of, unit_of
from dexter.lib import days
from dexter.lib.access import Actor, allows, require
from dexter.lib.queue import defer
from registry.models import Group, Person

MOST_A_DAY, MOST_OF_AN_OFFICE = 10, 50  # messages by one person


@transaction.atomic
def write_message(*, actor: Actor, target: Target, words: Words, others: list[Words], urgency: str, submission: UUID) -> SchoolMessage:
    """Send to the homes of a group or lesson; they are told outside Dexter by background work, as each has chosen.

    The same `submission` again gives the first message. Raises ValidationError when nobody would get it, after too many
    messages in a day, and for a form that was sent before with other words.
    """
    require(actor, "home.write_message", target)
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)  # one at a time of each sender
    if earlier := SchoolMessage.objects.filter(submission=submission).first():
        return _the_same(earlier, actor, words)
    _refuse_many(actor, target)
    audience = audience_of(target)
    if not audience.recipients:
        raise ValidationError(_("Nobody would get it: no guardian and no pupil of age belongs to it that day."))
    message = _stored(actor, target, words, urgency, submission)
    MessageText.objects.bulk_create(MessageText(message=message, **text._asdict()) for text in others)
    MessageReceipt.objects.bulk_create(_receipts(message, audience), batch_size=1000)
    defer("dexter.home.tasks.tell_homes")
    details: dict[str, str | int | bool] = {"homes": audience.homes, "urgency": urgency}
    record(actor=actor, action="home.write_message", object_id=message.pk, details=details)
    return message


def _the_same(earlier: SchoolMessage, actor: Actor, words: Words) -> SchoolMessage:
    if earlier.sent_by_id != actor.person_id or (earlier.subject, earlier.text) != (words.subject, words.text):
        raise ValidationError(_("This form has been sent already. Write a new message if you want to add something."))
    return earlier


def _refuse_many(actor: Actor, target: Target) -> None:
    most = MOST_OF_AN_OFFICE if allows(actor, "registry.lead_unit", unit_of(target)) else MOST_A_DAY
    sent = SchoolMessage.objects.filter(sent_by=actor.person_id, sent_at__gte=days.bounds(days.today())[0])
    if sent.count() >= most:
        text = _("You have sent %(count)d messages today, which is the most for one day. Send it tomorrow, or ask the school's office.")
        raise ValidationError(text % {"count": most})


def _stored(actor: Actor, target: Target, words: Words, urgency: str, submission: UUID) -> SchoolMessage:
    return SchoolMessage.objects.create(
        **{"group" if isinstance(target, Group) else "lesson": target},
        **words._asdict(),
        school_unit=unit_of(target),
        urgency=Urgency(urgency),
        sent_by_id=actor.person_id,
        sent_at=days.now(),
        submission=submission,
    )


def _receipts(message: SchoolMessage, audience: Audience) -> list[MessageReceipt]:
    """The homes of the protected are told by hand from the beginning."""
    return [
        MessageReceipt(
            message=message,
            person_id=person,
            children=children,
            state=TellingState.WAITING if person in audience.open else TellingState.BY_HAND,
        )
        for person, children in audience.recipients.items()
    ]


@transaction.atomic
def recall_message(*, actor: Actor, message: SchoolMessage) -> SchoolMessage:
    """Take it back: nobody reads it any more, and what has not left the house stays there. Doing it twice changes nothing."""
    require(actor, "home.recall_message", message)
    message = SchoolMessage.objects.select_for_update(of=("self",)).select_related("school_unit").get(pk=message.pk)
    if message.recalled_at is None:
        message.recalled_at, message.recalled_by_id = days.now(), actor.person_id
        message.save(update_fields=["recalled_at", "recalled_by"])
        record(actor=actor, action="home.recall_message", object_id=message.pk)
    return message


@transaction.atomic
def open_message(*, actor: Actor, receipts: MessageReceiptQuerySet) -> None:
    """Note that the person has read it, once; a letter about it that waits is no longer owed."""
    if opened := receipts.unread().update(opened_at=days.now()):
        record(actor=actor, action="home.open_message", subjects=[actor.person_id], details={"messages": opened})


@transaction.atomic
def tell_by_hand(*, actor: Actor, receipt: MessageReceipt) -> None:
    """Note that somebody has told the home of a protected person; the caller found it by a named access."""
    require(actor, "home.recall_message", receipt.message)
    told = MessageReceipt.objects.filter(pk=receipt.pk, state=TellingState.BY_HAND, told_at=None)
    if told.update(told_at=days.now(), told_by=actor.person_id):
        subjects = {receipt.person_id, *receipt.children}
        record(actor=actor, action="home.tell_by_hand", subjects=subjects, object_id=receipt.message_id)
