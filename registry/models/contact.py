"""A person's own new e-mail or mobile number, until a code that was sent there confirms it."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.access import Role
from dexter.lib.models import Entity

from .person import Person

if TYPE_CHECKING:
    from dexter.lib.access import Actor

DIGITS = 6


class ContactKind(models.TextChoices):
    """The values are the names in `Person.school_owned`."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Mobile number")


class ContactChangeQuerySet(models.QuerySet["ContactChange"]):
    def visible_to(self, actor: Actor) -> ContactChangeQuerySet:
        """One's own; to nobody as staff."""
        return self.none() if actor.role is Role.STAFF else self.filter(person=actor.person_id)


class ContactChange(Entity):
    """One code on its way; a new one for the same kind ends the one before."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_changes")
    kind = models.CharField(_("kind"), max_length=5, choices=ContactKind.choices)
    value = models.CharField(_("value"), max_length=254, help_text="where the code was sent")
    expires_at = models.DateTimeField(_("valid until"))
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text="confirmed, tried too often, or replaced by another")

    objects = ContactChangeQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(ended_at__isnull=True), name="one_open_change_a_kind"),
            models.CheckConstraint(name="contact_change_kind_known", condition=Q(kind__in=ContactKind.values)),
        ]

    @property
    def code(self) -> str:
        """Six digits of the row's key, hashed with a key of the installation: the database holds nothing of it."""
        key = hashlib.sha256(b"code for a contact:" + settings.DATA_KEYS[-1].encode()).digest()
        number = int.from_bytes(hmac.digest(key, self.pk.bytes, "sha256"))
        return str(number % 10**DIGITS).zfill(DIGITS)
