"""Persons come into the register with the relation that brings them, and are changed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import civic, days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry.models import Address, AddressType, CivicNumber, EmailAddress, EmailType, LanguageProfile, Person, PhoneNumber

IDENTITY = ("given_name", "middle_name", "family_name", "birth_date", "sex", "person_status")
ADDRESS = ("street_address", "postal_code", "locality")
KNOWN = "known"


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as the office writes it; a number or a date of birth is there."""

    given_name: str
    family_name: str
    civic_no: civic.CivicNo | None = None
    birth_date: date | None = None
    sex: str = ""


def find_or_make(identity: Identity, use_registered: bool) -> Person:
    """The person with the number, or a new one. Runs inside the caller's transaction.

    Raises ValidationError (field civic_no, code "known") when the number is registered and `use_registered` is not set;
    the message tells nothing about whom it is. A registered person keeps name and all else.
    """
    if identity.civic_no is None or identity.civic_no.kind is civic.Kind.TEMPORARY:
        return _make(identity)
    hashed = civic.keyed_hash(identity.civic_no.value)
    found = Person.objects.filter(civic_numbers__kind=identity.civic_no.kind, civic_numbers__keyed_hash=hashed).first()
    if found is None:
        return _make(identity)
    if not use_registered:
        message = _("Somebody with this number is registered already. Tick the box below to use that person instead of making a new one.")
        raise ValidationError({"civic_no": ValidationError(message, code=KNOWN)})
    return found


def _make(identity: Identity) -> Person:
    number = identity.civic_no
    sex = identity.sex
    if number and number.is_male is not None:
        sex = "Man" if number.is_male else "Kvinna"
    birth_date = identity.birth_date or (number.birth_date if number else None)
    person = Person.objects.create(
        given_name=identity.given_name, family_name=identity.family_name, birth_date=birth_date, sex=sex or "Okänt"
    )
    if number:
        _give_number(person, number)
    return person


def _give_number(person: Person, number: civic.CivicNo) -> None:
    """The number becomes the person's current one; the former stays as history. Raises ValidationError when it is another's."""
    CivicNumber.objects.filter(person=person, replaced_at=None).update(replaced_at=days.now())
    try:
        with transaction.atomic():
            CivicNumber.objects.create(
                person=person, kind=number.kind, encrypted=civic.encrypt(number.value), keyed_hash=civic.keyed_hash(number.value)
            )
    except IntegrityError:
        raise ValidationError({"civic_no": _("The number belongs to somebody else in the register.")}) from None


def keep_by_hand(person: Person, fields: Iterable[str]) -> None:
    """What was changed by hand is the school's own from now on: no import changes it. Runs before the person is saved."""
    person.school_owned = sorted({*person.school_owned, *fields})


@transaction.atomic
def edit_person(*, actor: Actor, person: Person, values: Mapping[str, Any], version: str) -> Person:
    """Change name, date of birth, sex and status; a new number keeps the old as history.

    Raises ValidationError (code "outdated") when somebody saved since `version`, the text of `modified_at`.
    """
    require(actor, "registry.keep_person", person)
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.modified_at.isoformat() != version:
        raise ValidationError(_("Somebody else changed this person meanwhile. Look at the page again before you save."), code=OUTDATED)
    changed = [name for name in IDENTITY if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    number = values.get("civic_no")
    current = CivicNumber.objects.filter(person=row, replaced_at=None).first()
    if number and not (current and bytes(current.keyed_hash) == civic.keyed_hash(number.value)):
        _give_number(row, number)
        changed.append("civic_no")
    keep_by_hand(row, changed)
    row.save()
    languages = {name: values[name] for name in ("home_language", "interpreter_language")}
    LanguageProfile.objects.update_or_create(person=row, defaults=languages)
    record(actor=actor, action="registry.edit_person", subjects=[row.pk], details={"new_number": bool(number)})
    return row


@transaction.atomic
def edit_contact_details(*, actor: Actor, person: Person, email: str, phone: str, address: Mapping[str, str]) -> None:
    """Replace private e-mail, phone at home and registered address; an empty one is taken away."""
    require(actor, "registry.keep_person", person)
    row = Person.objects.select_for_update().get(pk=person.pk)
    emails, phones = EmailAddress.objects.filter(person=row, email_type=EmailType.PRIVATE), PhoneNumber.objects.filter(person=row)
    addresses = Address.objects.filter(person=row, address_type=AddressType.REGISTERED)
    differs = {
        "email": list(emails.values_list("value", flat=True)) != ([email] if email else []),
        "phone": list(phones.values_list("value", flat=True)) != ([phone] if phone else []),
        "street_address": list(addresses.values(*ADDRESS)) != ([dict(address)] if any(address.values()) else []),
    }
    emails.exclude(value=email).delete()
    if email:
        EmailAddress.objects.get_or_create(person=row, value=email, defaults={"email_type": EmailType.PRIVATE})
    phones.exclude(value=phone).delete()
    if phone:
        PhoneNumber.objects.get_or_create(person=row, value=phone)
    if any(address.values()):
        Address.objects.update_or_create(person=row, address_type=AddressType.REGISTERED, defaults=dict(address))
    else:
        addresses.delete()
    keep_by_hand(row, [name for name, changed in differs.items() if changed])
    row.save(update_fields=["school_owned"])
    record(actor=actor, action="registry.edit_contact_details", subjects=[person.pk])
