"""The home asks the school to correct what was registered of a lesson; the school answers, and never by silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity
from registry.models import CalendarEvent, Person

from .scope import attendance_open_to

if TYPE_CHECKING:
    from dexter.lib.access import Actor

MOST_OPEN = 10  # requests of one person that wait for an answer


class CorrectionState(models.TextChoices):
    OPEN = "open", _("Waits for the school's answer")
    ACCEPTED = "accepted", _("The school corrects it")
    DECLINED = "declined", _("The school lets it stand")


class CorrectionQuerySet(models.QuerySet["CorrectionRequest"]):
    def visible_to(self, actor: Actor) -> CorrectionQuerySet:
        return self.filter(attendance_open_to(actor))

    def open(self) -> CorrectionQuerySet:
        return self.filter(state=CorrectionState.OPEN)


class CorrectionRequest(Entity):
    """What a guardian, or a pupil of age, thinks is wrong about one lesson; the answer changes no record by itself."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="correction_requests")
    lesson = models.ForeignKey(CalendarEvent, models.PROTECT, related_name="correction_requests")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    text = models.TextField(_("what is wrong"), max_length=500, help_text="shown to who asked and to the school")
    submission = models.UUIDField(unique=True, help_text="made with the form: the same form sent twice is one request")
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.OPEN)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=500, blank=True)

    mine: bool  # what absence.reads adds

    objects = CorrectionQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lesson", "pupil"], condition=Q(state="open"), name="one_open_correction"),
            models.CheckConstraint(name="correction_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="correction_answered_by_somebody",
                condition=Q(state="open", answered_at__isnull=True, answered_by__isnull=True, answer="")
                | ~Q(state="open") & Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(name="correction_declined_with_words", condition=~Q(state="declined", answer="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["pupil", "lesson", "asked_at"], name="correction_pupil_lesson"),
            models.Index(fields=["asked_by"], condition=Q(state="open"), name="correction_open_by"),
            models.Index(fields=["state", "asked_at"], name="correction_state"),
        ]
