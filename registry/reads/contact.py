"""How a person is reached, as the person sees it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from dexter.lib import days
from dexter.lib.access import Actor
from dexter.notices.models import Channel
from registry.models import ContactChange, Digest, EmailAddress, EmailType, NoticePreference, Person, PhoneNumber, PhoneType
from registry.models.person import PersonQuerySet
from registry.models.preferences import next_gathering

CONFIRMED_FIRST = (F("verified_at").desc(nulls_last=True), "pk")


class OwnContact(NamedTuple):
    """The one address of each kind that counts: the confirmed before others, then the oldest."""

    email: EmailAddress | None
    mobile: PhoneNumber | None


class WaysToTell(NamedTuple):
    """What `dexter.notices.actions.queue_notice` asks for."""

    addresses: dict[Channel, str]
    wish: str  # the channel for what is urgent, or nothing: by all


def ways_to_tell(persons: Collection[UUID]) -> dict[UUID, WaysToTell]:
    """How each of the persons wants to be told what is urgent; the caller has checked that they may be told. One statement."""
    found = with_contact_values(Person.objects.filter(pk__in=persons)).select_related("notice_preference")
    return {person.pk: WaysToTell(_addresses(person), _wish(person)) for person in found}


def _addresses(person: Person) -> dict[Channel, str]:
    both = {Channel.SMS: person.mobile_value, Channel.EMAIL: person.email_value}
    return {channel: value for channel, value in both.items() if value}


def _wish(person: Person) -> str:
    preference: NoticePreference | None = getattr(person, "notice_preference", None)
    return preference.urgent_channel if preference else ""


def routine_at(person_id: UUID) -> datetime:
    """When the person is told what happens now and is routine: at once, or at the next gathering (once a day without a choice)."""
    chosen = NoticePreference.objects.filter(person=person_id).values_list("digest", flat=True).first()
    return next_gathering(days.now(), chosen or Digest.DAILY)


def language_of(person_id: UUID) -> str:
    """The language in which a person wants to be told things, or the site's."""
    chosen = NoticePreference.objects.filter(person=person_id).values_list("language", flat=True).first()
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def work_email(person_id: UUID) -> str:
    """Where somebody of the staff is written to, or nothing."""
    addresses = EmailAddress.objects.filter(person=person_id, email_type__in=(EmailType.STAFF, EmailType.WORK))
    return addresses.order_by("email_type", *CONFIRMED_FIRST).values_list("value", flat=True).first() or ""


def with_contact_values(persons: PersonQuerySet) -> PersonQuerySet:
    """Adds `email_value` and `mobile_value`, null for who has none: for the card on the start page, without statements of its own."""
    return persons.annotate(
        email_value=Subquery(_emails(OuterRef("pk")).values("value")[:1]),
        mobile_value=Subquery(_mobiles(OuterRef("pk")).values("value")[:1]),
    )


def with_letter_choice(persons: PersonQuerySet) -> PersonQuerySet:
    """Adds `has_chosen_letters`: whether somebody has said how to be told, and in which language; no statement of its own."""
    return persons.annotate(has_chosen_letters=Exists(NoticePreference.objects.filter(person=OuterRef("pk"))))


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
