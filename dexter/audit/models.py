"""The append-only log: who did or read what about whom. The web role may insert and select, nothing else."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from dexter.lib.models import uuid7


class Entry(models.Model):
    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)
    actor_id = models.UUIDField(null=True, help_text="the person; null for the system itself")
    role = models.CharField(max_length=10, blank=True)
    level = models.PositiveSmallIntegerField(null=True)
    action = models.CharField(max_length=60, help_text="app.verb")
    subjects = ArrayField(models.UUIDField(), default=list, help_text="the persons whom it concerned")
    object_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict, help_text="codes and counts, never names or texts")

    class Meta:
        verbose_name_plural = "entries"
        indexes: ClassVar = [
            GinIndex(fields=["subjects"], name="audit_subjects"),
            models.Index(fields=["actor_id", "at"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_at"),
        ]
