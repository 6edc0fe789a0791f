"""Secret calendar addresses are made and taken back by those whose calendar it is."""

from __future__ import annotations

import secrets

from django.db import transaction

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import FeedAddress, Person
from registry.models.feeds import hash_of


@transaction.atomic
def make_feed_address(*, actor: Actor) -> str:
    """A new secret, shown once; the former address ends."""
    require(actor, "registry.have_feed")
    Person.objects.select_for_update().get(pk=actor.person_id)
    _revoke(actor)
    token = secrets.token_urlsafe(32)
    FeedAddress.objects.create(person_id=actor.person_id, token_hash=hash_of(token))
    record(actor=actor, action="registry.make_feed_address", subjects=[actor.person_id])
    return token


@transaction.atomic
def revoke_feed_address(*, actor: Actor) -> None:
    """The address answers nothing any more. Once more changes nothing."""
    _revoke(actor)
    record(actor=actor, action="registry.revoke_feed_address", subjects=[actor.person_id])


def _revoke(actor: Actor) -> None:
    FeedAddress.objects.filter(person_id=actor.person_id, revoked_at=None).update(revoked_at=days.now())
