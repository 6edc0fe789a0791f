"""That the school phoned a home about a pupil who had not arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity
from registry.models import Person, SchoolUnit, scope

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class ContactOutcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    MESSAGE = "message", _("Left a message")


class ContactAttemptQuerySet(models.QuerySet["ContactAttempt"]):
    def visible_to(self, actor: Actor) -> ContactAttemptQuerySet:
        """To who leads the school or mentors the pupil; a home reads it on request, as a register extract."""
        kept = Q(school_unit__in=scope.units_led_by(actor)) | Q(pupil__in=scope.mentored_by(actor))
        return self.filter(kept, pupil__in=Person.objects.visible_to(actor))


class ContactAttempt(Entity):
    """One call about one day. What was said is neither asked nor stored."""

    append_only = True

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="contact_attempts")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="+")
    day = models.DateField()
    attempted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    attempted_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ContactOutcome.choices)
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one call")

    objects = ContactAttemptQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["attempted_at", "id"]
        constraints: ClassVar = [models.CheckConstraint(name="contact_outcome_known", condition=Q(outcome__in=ContactOutcome.values))]
        indexes: ClassVar = [models.Index(fields=["pupil", "day"], name="contact_attempt_pupil")]
