"""A timetable that somebody has uploaded: kept while its dry run is looked at, and afterwards as what was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from dexter.lib.models import Entity

from . import scope
from .organisation import SchoolUnit
from .person import Person

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class TimetableImportQuerySet(models.QuerySet["TimetableImport"]):
    def visible_to(self, actor: Actor) -> TimetableImportQuerySet:
        """Those of the units that the actor leads."""
        return self.filter(school_unit__in=scope.units_led_by(actor))


class TimetableImport(Entity):
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="timetable_imports")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    from_day = models.DateField(help_text="lessons before it stay as they are")
    whole = models.BooleanField(default=False, help_text="lessons of activities that the file does not name are taken away too")
    rows = models.JSONField(default=list, help_text="the lines of the file: number, and cells by heading")
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = TimetableImportQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-id"]
