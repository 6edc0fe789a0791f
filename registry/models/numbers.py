"""The numbers under which decisions are kept (diarienummer): one series a responsible body and year, without gaps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dexter.lib.models import Entity

from .organisation import Organisation


class RegistrySeries(Entity):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="registry_series")
    year = models.PositiveSmallIntegerField()
    latest = models.PositiveIntegerField(default=0, help_text="the number given last")

    class Meta(Entity.Meta):
        verbose_name_plural = "registry series"
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "year"], name="registry_series_once")]
