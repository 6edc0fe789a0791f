"""Every change of an account: signing in, passwords, second factors and the codes that let one enrol them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role, System, require
from registry.models import Group, Person
from registry.reads import person_id_of, standing_of

from . import eid
from .models import EnrolmentCode, User
from .passphrase import new_passphrase
from .reads import usernames_like, without_account
from .usernames import agreed_parts, base_of, free_names

PUPILS_AT_ONCE = 40  # more than any class
CODE_HOURS = 24
CODE_LENGTH = 10
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that are mistaken for another


@transaction.atomic
def identify(*, identity: eid.Identity) -> User | None:
    """The account of the registered person whom the provider vouched for; made now if there is none yet.

    None for somebody unknown, or known but neither guardian, pupil nor staff today. A person is never made.
    """
    person_id = person_id_of(identity.civic_no)
    standing = standing_of(person_id) if person_id else None
    if standing is None or not standing.roles:
        record(actor=System(), action="accounts.unknown_person")
        return None
    user, is_new = User.objects.get_or_create(person_id=standing.person.pk, defaults={"password": make_password(None)})
    record(actor=System(), action="accounts.identify", subjects=[standing.person.pk], details={"new_account": is_new})
    return user if user.is_active else None


@transaction.atomic
def check_credentials(*, username: str, password: str, role: Role) -> User | None:
    """The account behind a user name and password whose person holds `role` today; takes as long when there is none."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        make_password(password)
        return None
    standing = standing_of(user.person_id) if user.check_password(password) else None
    if standing is None or role not in standing.roles:
        return None
    record(actor=System(), action="accounts.sign_in", subjects=[user.person_id], details={"role": role})
    return user


@transaction.atomic
def reset_pupil_password(*, actor: Actor, pupil: Person) -> tuple[str, str]:
    """A new passphrase for a pupil: (user name, passphrase), to be shown once on a slip. The old one ends at once.

    The pupil's other sessions end too, since Django's sessions hold a hash of the password.
    """
    require(actor, "accounts.reset_pupil_password", pupil)
    passphrase = new_passphrase()
    user, _is_new = User.objects.get_or_create(person=pupil)
    user.username = user.username or f"elev{secrets.randbelow(9_000_000) + 1_000_000}"
    user.set_password(passphrase)
    user.save(update_fields=["username", "password"])
    record(actor=actor, action="accounts.reset_pupil_password", subjects=[pupil.pk])
    return user.username, passphrase


@transaction.atomic
def make_pupil_accounts(*, actor: Actor, group: Group, pupils: Iterable[Person]) -> list[tuple[Person, str, str]]:
    """Accounts for those of `pupils` in the class who have none: (pupil, user name, passphrase), to be shown once on slips.

    Existing accounts stay untouched, so once more gives an empty list. At most PUPILS_AT_ONCE, since each takes 0.14 seconds.
    """
    require(actor, "accounts.make_pupil_accounts", group.school_unit)
    Group.objects.select_for_update().get(pk=group.pk)
    without = without_account(group)
    lacking = [pupil for pupil in pupils if pupil.pk in without][:PUPILS_AT_ONCE]
    names = [agreed_parts(one.agreed_name) if one.agreed_name else (one.given_name, one.family_name) for one in lacking]
    bases = [base_of(given, family) for given, family in names]
    slips = [(pupil, name, new_passphrase()) for pupil, name in zip(lacking, free_names(bases, usernames_like(bases)), strict=True)]
    try:
        with transaction.atomic():
            User.objects.bulk_create(User(person=pupil, username=name, password=make_password(phrase)) for pupil, name, phrase in slips)
    except IntegrityError:
        raise ValidationError(_("Somebody else made accounts at the same moment. Try again.")) from None
    record(actor=actor, action="accounts.make_pupil_accounts", subjects=[pupil.pk for pupil in lacking], object_id=group.pk)
    return slips


@transaction.atomic
def change_password(*, actor_id: UUID, user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=System(), action="accounts.change_password", subjects=[actor_id])


@transaction.atomic
def issue_enrolment_code(*, actor: Actor, colleague: Person) -> str:
    """A code with which the colleague may enrol a second factor within a day; earlier ones end. Shown once."""
    require(actor, "accounts.issue_enrolment_code", colleague)
    user = User.objects.filter(person=colleague).first()
    if user is None:
        raise ValidationError(_("This person has no account with a password yet."))
    code = "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))
    EnrolmentCode.objects.filter(user=user, used_at=None).delete()
    EnrolmentCode.objects.create(user=user, code_hash=_hash(code), expires_at=days.now() + timedelta(hours=CODE_HOURS))
    record(actor=actor, action="accounts.issue_enrolment_code", subjects=[colleague.pk])
    return code


@transaction.atomic
def use_enrolment_code(*, user: User, code: str) -> None:
    """Use up a code; raises ValidationError for one that is wrong, used or too old, without telling which."""
    fitting = EnrolmentCode.objects.select_for_update().filter(user=user, code_hash=_hash(code), used_at=None, expires_at__gt=days.now())
    if not fitting.update(used_at=days.now()):
        raise ValidationError(_("That code does not work. Ask your administrator for a new one."))
    record(actor=System(), action="accounts.use_enrolment_code", subjects=[user.person_id])


def _hash(code: str) -> bytes:
    return hashlib.sha256(normalize_user_code(code).upper().encode()).digest()


@transaction.atomic
def add_totp(*, user: User, secret: str, code: str) -> list[str]:
    """Enrol an authenticator app after a first right code; gives the recovery codes, to be shown once."""
    if _counter_of(secret, code) is None:
        raise ValidationError({"code": _("That code does not fit. Check the time of your phone and try the next code.")})
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    record(actor=System(), action="accounts.add_totp", subjects=[user.person_id])
    return codes


@transaction.atomic
def remove_factor(*, user: User, pk: int) -> None:
    Authenticator.objects.filter(user=user, pk=pk).delete()
    record(actor=System(), action="accounts.remove_factor", subjects=[user.person_id])


@transaction.atomic
def confirm_with_code(*, user: User, code: str) -> bool:
    """Whether `code` is a current one of the app that was not used before, or an unused recovery code."""
    for factor in Authenticator.objects.select_for_update().filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        fits = _totp_fits(factor, code) if factor.type == Authenticator.Type.TOTP else factor.wrap().validate_code(code)
        if fits:
            record(actor=System(), action="accounts.confirm", subjects=[user.person_id], details={"level": int(Level.TWO_FACTOR)})
            return True
    return False


def _totp_fits(factor: Any, code: str) -> bool:
    """A code counts once: the last counter used is kept in the database, so it holds for all web processes."""
    counter = _counter_of(decrypt(factor.data["secret"]), code)
    if counter is None or counter <= factor.data.get("last_counter", 0):
        return False
    factor.data["last_counter"] = counter
    factor.last_used_at = days.now()
    factor.save(update_fields=["data", "last_used_at"])
    return True


def _counter_of(secret: str, code: str) -> int | None:
    given = normalize_user_code(code)
    matches = (
        counter
        for counter in yield_hotp_counters_from_time()
        if secrets.compare_digest(format_hotp_value(hotp_value(secret, counter)), given)
    )
    return next(matches, None)


@transaction.atomic
def add_passkey(*, user: User, credential: str) -> bool:
    """Enrol a passkey or security key from the browser's answer (JSON); raises ValidationError for a bad one."""
    answer = _parsed(credential)
    with _bad_answers_refused():
        webauthn.complete_registration(answer)
    WebAuthn.add(user, name=_("Passkey"), credential=answer)
    record(actor=System(), action="accounts.add_passkey", subjects=[user.person_id])
    return True


@transaction.atomic
def confirm_with_passkey(*, user: User, credential: str) -> bool:
    """Whether the browser's answer was signed by one of the user's own passkeys; raises ValidationError if not."""
    answer = _parsed(credential)
    with _bad_answers_refused():
        factor = webauthn.complete_authentication(user, answer)
    if factor.user_id != user.pk:
        return False
    record(actor=System(), action="accounts.confirm", subjects=[user.person_id], details={"level": int(Level.TWO_FACTOR)})
    return True


@contextmanager
def _bad_answers_refused() -> Iterator[None]:
    """fido2 raises whatever the malformed part happens to raise."""
    try:
        yield
    except (TypeError, ValueError, KeyError, AttributeError):
        raise ValidationError(_("The browser's answer could not be read. Try again.")) from None


def _parsed(credential: str) -> Any:
    try:
        return json.loads(credential)
    except ValueError:
        raise ValidationError(_("The browser's answer could not be read. Try again.")) from None
