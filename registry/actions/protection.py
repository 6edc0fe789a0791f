"""Protected identity: the marking, who may reach the person by name, and a principal's unlocking (OSL 21:3, 22:1)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import Person, ProtectedAccess, SecurityMarking


@transaction.atomic
def protect_person(*, actor: Actor, person: Person, security_marking: str, agreed_name: str, reason: str) -> None:
    """Set, change or take away the marking; it holds from the next request of anybody.

    Who sets it keeps access by name, with the reason. The agreed name stays when the marking goes, until the office
    clears it: removal alone never shows what was hidden. Raises ValidationError without an agreed name.
    """
    require(actor, "registry.protect", person)
    row = Person.objects.select_for_update().get(pk=person.pk)
    if security_marking != SecurityMarking.NONE and not agreed_name:
        raise ValidationError({"agreed_name": _("Write the name agreed with the family. It is shown instead of the real one.")})
    row.security_marking, row.agreed_name = security_marking, agreed_name
    row.save()
    if row.is_protected:
        _open(row, actor.person_id, actor, reason)
    record(actor=actor, action="registry.protect_person", subjects=[row.pk], details={"marking": SecurityMarking(security_marking).name})


@transaction.atomic
def grant_access(*, actor: Actor, person: Person, grantee: Person, reason: str) -> None:
    """Let somebody reach a protected person by name: a colleague, or a guardian who was shut out."""
    require(actor, "registry.open_protected", person)
    _open(person, grantee.pk, actor, reason)
    record(actor=actor, action="registry.grant_access", subjects=[person.pk, grantee.pk])


@transaction.atomic
def revoke_access(*, actor: Actor, access: ProtectedAccess) -> None:
    """The named access ends at the next request. Raises ValidationError for the last one, so that somebody can still act."""
    require(actor, "registry.open_protected", access.person)
    standing = ProtectedAccess.objects.select_for_update().filter(person=access.person_id, revoked_at=None)
    if list(standing.values_list("pk", flat=True)) == [access.pk]:
        raise ValidationError(_("This is the last access. Give one to somebody else first."))
    standing.filter(pk=access.pk).update(revoked_at=days.now())
    record(actor=actor, action="registry.revoke_access", subjects=[access.person_id, access.grantee_id])


@transaction.atomic
def unlock_person(*, actor: Actor, person: Person, reason: str) -> None:
    """A principal opens a protected person of the own school to themselves, with a reason that stands in the log's row."""
    require(actor, "registry.unlock_protected", person)
    _open(person, actor.person_id, actor, reason)
    record(actor=actor, action="registry.unlock_person", subjects=[person.pk])


def _open(person: Person, grantee_id: object, actor: Actor, reason: str) -> None:
    """One standing access a person and grantee; the first reason stays."""
    try:
        with transaction.atomic():
            ProtectedAccess.objects.create(person=person, grantee_id=grantee_id, granted_by_id=actor.person_id, reason=reason)
    except IntegrityError:
        return
