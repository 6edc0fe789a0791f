"""A pupil on a row at a step; the pupil's own view of it; and the teacher's summary of the subject. All changes are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from dexter.lib.access import Role
from dexter.lib.models import Entity
from registry.models import Activity, Person

from .matrices import MatrixRow, MatrixUse
from .scales import AssessmentStep
from .scope import assessed_open_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from dexter.lib.access import Actor

KNOWS_ITS_ACTIVITY = pgtrigger.Trigger(
    name="knows_its_activity",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="NEW.activity_id = (SELECT activity_id FROM assessment_matrixuse WHERE id = NEW.use_id); RETURN NEW;",
)


class HistoryQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> HistoryQuerySet:
        """The school's alone, by the same relation: the home reads what was published."""
        return self.filter(assessed_open_to(actor)) if actor.role is Role.STAFF else self.none()


def with_history(name: str) -> Callable[[type[models.Model]], type[models.Model]]:
    """Every state of a row is kept by a trigger, in a table that only grows."""
    tracked: Callable[[type[models.Model]], type[models.Model]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        model_name=name,
        context_field=None,  # type: ignore[arg-type]
        exclude=["created_at", "modified_at"],
        attrs={"append_only": True, "objects": HistoryQuerySet.as_manager()},
    )
    return tracked


class OfPupilQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OfPupilQuerySet:
        """By the relation to the pupil in that subject; pupils and homes read what is published."""
        rows = self.filter(assessed_open_to(actor))
        return rows if actor.role is Role.STAFF else rows.filter(published_at__isnull=False)


@with_history("AssessmentChange")
class Assessment(Entity):
    """A pupil's standing on one row of a grid; an emptied one stays, with neither step nor words.

    The home reads `published_step` and `published_comment`: a change after publishing is a draft until published anew.
    """

    use = models.ForeignKey(MatrixUse, models.PROTECT, related_name="assessments")
    row = models.ForeignKey(MatrixRow, models.PROTECT, related_name="assessments")
    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="assessments", editable=False, help_text="of the use; kept by a trigger"
    )
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="assessments")
    step = models.ForeignKey(AssessmentStep, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(max_length=2000, blank=True)
    assessed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    published_step = models.ForeignKey(AssessmentStep, models.PROTECT, null=True, blank=True, related_name="+")
    published_comment = models.TextField(max_length=2000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfPupilQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["use", "row", "pupil"], name="assessment_once")]
        triggers: ClassVar = [*Entity.Meta.triggers, KNOWS_ITS_ACTIVITY]
        indexes: ClassVar = [
            models.Index(fields=["pupil", "activity"], name="assessment_pupil"),
            models.Index(fields=["activity", "pupil"], name="assessment_activity"),
        ]

    @property
    def is_published(self) -> bool:
        """Whether the home reads it as it stands now."""
        return self.published_at is not None and (self.published_step_id, self.published_comment) == (self.step_id, self.comment)


class SelfAssessmentQuerySet(models.QuerySet["SelfAssessment"]):
    def visible_to(self, actor: Actor) -> SelfAssessmentQuerySet:
        return self.filter(assessed_open_to(actor))


@with_history("SelfAssessmentChange")
class SelfAssessment(Entity):
    """Where the pupil thinks to stand on a row; it decides nothing."""

    use = models.ForeignKey(MatrixUse, models.PROTECT, related_name="self_assessments")
    row = models.ForeignKey(MatrixRow, models.PROTECT, related_name="self_assessments")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="self_assessments", editable=False)
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="self_assessments")
    step = models.ForeignKey(AssessmentStep, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["use", "row", "pupil"], name="self_assessment_once")]
        triggers: ClassVar = [*Entity.Meta.triggers, KNOWS_ITS_ACTIVITY]
        indexes: ClassVar = [models.Index(fields=["pupil", "activity"], name="self_assessment_pupil")]


@with_history("SubjectSummaryChange")
class SubjectSummary(Entity):
    """The teacher's own words on where a pupil stands in a subject, one a teaching; never worked out from the rows."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="summaries")
    pupil = models.ForeignKey(Person, models.PROTECT, related_name="subject_summaries")
    text = models.TextField(max_length=4000)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_text = models.TextField(max_length=4000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfPupilQuerySet.as_manager()

    class Meta(Entity.Meta):
        verbose_name_plural = "subject summaries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "pupil"], name="subject_summary_once"),
            models.CheckConstraint(name="subject_summary_published", condition=Q(published_at__isnull=False) | Q(published_text="")),
        ]
        triggers: ClassVar = [*Entity.Meta.triggers]  # a list of its own: history adds to it
        indexes: ClassVar = [models.Index(fields=["pupil", "activity"], name="subject_summary_pupil")]


AssessmentChange: Any = Assessment.pgh_event_models["insert"]  # type: ignore[attr-defined]
SelfAssessmentChange: Any = SelfAssessment.pgh_event_models["insert"]  # type: ignore[attr-defined]
SubjectSummaryChange: Any = SubjectSummary.pgh_event_models["insert"]  # type: ignore[attr-defined]
