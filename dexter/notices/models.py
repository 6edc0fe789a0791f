"""What is told to whom, and what became of it. A notice holds a kind and ids; its words are made when it is sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import uuid7


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class DeliveryState(models.TextChoices):
    HELD = "held", _("In reserve")  # until the channel that was asked for has failed; gone when it has not
    QUEUED = "queued", _("Waits to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Not sent")
    UNCERTAIN = "uncertain", _("Perhaps sent")
    WITHDRAWN = "withdrawn", _("No longer owed")


class Notice(models.Model):
    """Something that a person is to be told; the app that owns its kind composes the words at the moment of sending."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    kind = models.CharField(_("kind"), max_length=60, help_text="app.name")
    recipient_id = models.UUIDField(help_text="the person; this layer knows no persons")
    wish = models.CharField(_("channel"), max_length=5, choices=Channel.choices, blank=True, help_text="the channel asked for, if any")
    ids = models.JSONField(default=dict, help_text="what it is about: ids, never texts or names")
    not_before = models.DateTimeField(_("not before"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["recipient_id", "created_at"], name="notice_recipient")]


class Delivery(models.Model):
    """One notice by one channel. `sending` is stored before the channel is called, and nothing is sent from any state but `queued`."""

    State = DeliveryState

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices)
    address = models.BinaryField(help_text="encrypted")
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), help_text="when it is to be tried, or was last queued to be")
    sending_at = models.DateTimeField(_("handed over"), null=True, blank=True, help_text="when the latest attempt began")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True, help_text="the provider's own name of it")
    error = models.CharField(_("error"), max_length=40, blank=True, help_text="a code, never a text of the provider's")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(name="delivery_sending_since", condition=~Q(state="sending") | Q(sending_at__isnull=False)),
            models.CheckConstraint(
                name="delivery_ended",
                condition=Q(state__in=["held", "queued", "sending"], ended_at__isnull=True)
                | ~Q(state__in=["held", "queued", "sending"]) & Q(ended_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], condition=Q(state__in=["queued", "sending"]), name="delivery_under_way"),
            models.Index(fields=["ended_at"], condition=Q(state__in=["failed", "uncertain"]), name="delivery_not_proven"),
        ]

    @property
    def idempotency_key(self) -> str:
        """By which a gateway knows a second try of the same; the same for all attempts."""
        return self.pk.hex


class LoopbackMessage(models.Model):
    """What the demo would have sent, kept for its own page; encrypted, since it holds addresses and codes."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="loopback")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    content = models.BinaryField(help_text="JSON, encrypted")
