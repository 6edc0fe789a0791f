"""The responsible body and its school units."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity

from . import scope
from .codes import OrganisationType, SchoolType

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class Organisation(Entity):
    """A node above the school units; the root is the responsible body (huvudman)."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name"), max_length=120)
    organisation_type = models.CharField(max_length=30, choices=OrganisationType.choices)
    organisation_code = models.CharField(max_length=20, blank=True)
    municipality_code = models.CharField(max_length=4, blank=True, validators=[RegexValidator(r"^\d{4}$")])

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="organisation_not_own_parent", condition=~Q(parent=models.F("id"))),
            models.CheckConstraint(name="organisation_root_is_body", condition=Q(parent__isnull=False) | Q(organisation_type="Huvudman")),
        ]

    def __str__(self) -> str:
        return self.name


def weekdays_monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class SchoolUnitQuerySet(models.QuerySet["SchoolUnit"]):
    def visible_to(self, actor: Actor) -> SchoolUnitQuerySet:
        """The units where the actor has a duty today."""
        return self.filter(pk__in=scope.units_worked_at(actor))

    def led_by(self, actor: Actor) -> SchoolUnitQuerySet:
        return self.filter(pk__in=scope.units_led_by(actor))


class SchoolUnit(Entity):
    """A unit registered at Skolverket under an eight-digit code (skolenhetskod), with the settings it decides itself."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="school_units")
    name = models.CharField(_("name"), max_length=120)
    school_unit_code = models.CharField(max_length=8, unique=True, validators=[RegexValidator(r"^\d{8}$")])
    school_types = ArrayField(models.CharField(max_length=10, choices=SchoolType.choices))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=weekdays_monday_to_friday, help_text="ISO weekdays with school")
    teacher_days_before = models.PositiveSmallIntegerField(
        default=30, help_text="days before the teaching begins that a teacher sees a pupil"
    )
    teacher_days_after = models.PositiveSmallIntegerField(default=60, help_text="days after the teaching ended that a teacher sees a pupil")
    leavers_read_days = models.PositiveSmallIntegerField(
        default=180, help_text="days after the last place ended that a pupil and the guardians read what is theirs"
    )

    colleagues_may_stand_in = models.BooleanField(default=True, help_text="any teacher of the unit may take over a colleague's lesson")

    # What absence.reads adds; never stored.
    leads: bool
    missing_after: int

    objects = SchoolUnitQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
