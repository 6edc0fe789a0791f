"""Guardians and pupils of age keep their own e-mail and mobile number: a new one counts when a code sent there comes back."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.notices.actions import queue_notice
from dexter.notices.models import Channel
from registry.models import ContactChange, ContactKind, EmailAddress, EmailType, Person, PhoneNumber, PhoneType

from .people import keep_by_hand

VALID = timedelta(minutes=15)
MOST_TRIES = 5
CODES_AN_HOUR = 5
OVER = "over"


@transaction.atomic
def change_contact(*, actor: Actor, kind: ContactKind, value: str) -> ContactChange:
    """Send a code to a new address or number (E.164), or to the present one to confirm it. The old one holds until then.

    Raises ValidationError after too many codes, and for an address that the school gave.
    """
    require(actor, "registry.change_own_contact")
    person = Person.objects.select_for_update().get(pk=actor.person_id)
    codes = ContactChange.objects.filter(person=person)
    if codes.filter(expires_at__gt=days.now() + VALID - timedelta(hours=1)).count() >= CODES_AN_HOUR:
        raise ValidationError(_("You have had many codes in a short time. Wait an hour and try again."))
    if kind == ContactKind.EMAIL and _is_of_work(person, value):
        raise ValidationError({"value": _("The school knows this as an address at work or school. Write a private one.")})
    codes.filter(kind=kind, ended_at=None).update(ended_at=days.now())
    change = ContactChange.objects.create(person=person, kind=kind, value=value, expires_at=days.now() + VALID)
    channel = Channel.EMAIL if kind == ContactKind.EMAIL else Channel.SMS
    queue_notice("registry.contact_code", person.pk, {channel: value}, {"change": str(change.pk)})
    record(actor=actor, action="registry.change_contact", subjects=[person.pk], object_id=change.pk, details={"kind": kind})
    return change


def _is_of_work(person: Person, value: str) -> bool:
    return EmailAddress.objects.filter(person=person, value__iexact=value).exclude(email_type=EmailType.PRIVATE).exists()


@transaction.atomic
def confirm_contact(*, actor: Actor, change: ContactChange, code: str) -> bool:
    """Whether the code is right; then the new value takes the place of the old and is the owner's: no import changes it.

    Each try counts. Raises ValidationError (code "over") for a code that was used, replaced, tried too often or is too old.
    """
    require(actor, "registry.change_own_contact")
    person = Person.objects.select_for_update().get(pk=actor.person_id)
    rows = ContactChange.objects.select_for_update().filter(pk=change.pk, person=person, ended_at=None)
    row = rows.filter(expires_at__gt=days.now(), tries__lt=MOST_TRIES).first()
    if row is None:
        raise ValidationError(_("This code is no longer valid. Ask for a new one."), code=OVER)
    right = secrets.compare_digest(row.code, code)
    row.tries += 1
    row.ended_at = days.now() if right or row.tries == MOST_TRIES else None
    row.save()
    if right:
        _keep(person, row)
    record(
        actor=actor, action="registry.confirm_contact", subjects=[person.pk], object_id=row.pk, details={"kind": row.kind, "right": right}
    )
    return right


def _keep(person: Person, change: ContactChange) -> None:
    """The confirmed value is the only private e-mail, or the only mobile number that is no number at work."""
    now = days.now()
    if change.kind == ContactKind.EMAIL:
        EmailAddress.objects.filter(person=person, email_type=EmailType.PRIVATE).exclude(value__iexact=change.value).delete()
        email = {"value": change.value, "email_type": EmailType.PRIVATE, "verified_at": now}
        EmailAddress.objects.update_or_create(person=person, value__iexact=change.value, defaults=email)
    else:
        PhoneNumber.objects.filter(person=person, phone_type=PhoneType.HOME, mobile=True).exclude(value=change.value).delete()
        phone = {"phone_type": PhoneType.HOME, "mobile": True, "verified_at": now}
        PhoneNumber.objects.update_or_create(person=person, value=change.value, defaults=phone)
    keep_by_hand(person, [change.kind])
    person.contact_checked_at = now
    person.save(update_fields=["school_owned", "contact_checked_at"])


@transaction.atomic
def approve_contact(*, actor: Actor) -> None:
    """The person has looked at what is registered and says that it is right. Confirms no address."""
    require(actor, "registry.change_own_contact")
    Person.objects.filter(pk=actor.person_id).update(contact_checked_at=days.now())
    record(actor=actor, action="registry.approve_contact", subjects=[actor.person_id])
