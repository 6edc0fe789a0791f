"""Files in the database: kept with what they belong to, in one backup, and reached only through their owner's scoped page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dexter.lib.models import uuid7

MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE  # bytes of any file at all; a page may set less


class StoredFile(models.Model):
    """The owner is the row that points here; a file without one is swept away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    name = models.CharField(max_length=120, help_text="as it was called, without folders")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.BinaryField(max_length=32)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="stored_file_size", condition=Q(size__lte=LARGEST))]
