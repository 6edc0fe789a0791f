"""Secret addresses under which somebody's calendar can be read without signing in."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import Q

from dexter.lib.models import Entity

from .person import OwnedByPersonQuerySet, Person


def hash_of(token: str) -> bytes:
    """What the database keeps of a secret address: SHA-256, 32 bytes; the secret itself has 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


class FeedAddress(Entity):
    person = models.ForeignKey(Person, models.CASCADE, related_name="feed_addresses")
    token_hash = models.BinaryField(max_length=32, unique=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedByPersonQuerySet.as_manager()

    class Meta(Entity.Meta):
        verbose_name_plural = "feed addresses"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(revoked_at__isnull=True), name="one_feed_address_a_person"),
        ]
