"""How a person is reached, as the person sees it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from dexter.lib import days
from dexter.lib.access import Actor
from dexter.notices.models import Channel
from registry.models import ContactChange, EmailAddress, EmailType, PhoneNumber, PhoneType
from registry.models.person import PersonQuerySet

CONFIRMED_FIRST = (F("verified_at").desc(nulls_last=True), "pk")


class OwnContact(NamedTuple):
    """The one address of each kind that counts: the confirmed before others, then the oldest."""

    email: EmailAddress | None
    mobile: PhoneNumber | None


def with_contact_values(persons: PersonQuerySet) -> PersonQuerySet:
    """Adds `email_value` and `mobile_value`, null for who has none: for the card on the start page, without statements of its own."""
    return persons.annotate(
        email_value=Subquery(_emails(OuterRef("pk")).values("value")[:1]),
        mobile_value=Subquery(_mobiles(OuterRef("pk")).values("value")[:1]),
    )


def own_contact(actor: Actor) -> OwnContact:
    """Two statements."""
    return OwnContact(_emails(actor.person_id).first(), _mobiles(actor.person_id).first())


def _emails(person: Any) -> QuerySet[EmailAddress]:
    return EmailAddress.objects.filter(person=person, email_type=EmailType.PRIVATE).order_by(*CONFIRMED_FIRST)


def _mobiles(person: Any) -> QuerySet[PhoneNumber]:
    return PhoneNumber.objects.filter(person=person, phone_type=PhoneType.HOME, mobile=True).order_by(*CONFIRMED_FIRST)


def codes_under_way(actor: Actor) -> list[ContactChange]:
    """What waits for its code."""
    own = ContactChange.objects.visible_to(actor).filter(ended_at=None, expires_at__gt=days.now())
    return list(own.order_by("kind"))


def ways_to_tell(persons: Collection[UUID]) -> dict[UUID, dict[Channel, str]]:
    """The one e-mail and mobile number of each that count, by channel; two statements for any number of persons."""
    found: dict[UUID, dict[Channel, str]] = {person: {} for person in persons}
    emails = EmailAddress.objects.filter(person__in=persons, email_type=EmailType.PRIVATE)
    mobiles = PhoneNumber.objects.filter(person__in=persons, phone_type=PhoneType.HOME, mobile=True)
    for channel, rows in ((Channel.EMAIL, emails), (Channel.SMS, mobiles)):
        for person, value in rows.order_by("person_id", *CONFIRMED_FIRST).distinct("person_id").values_list("person_id", "value"):
            found[person][channel] = value
    return found
