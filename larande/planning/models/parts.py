"""What belongs to a plan: points of the curriculum, goals, tasks, links and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dexter.files.models import StoredFile
from dexter.lib.models import Entity
from larande.syllabus.models import CentralContentItem, Criterion
from registry.models import Person

from .plans import LessonPlan, PlanTeaching

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class OfPlanQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OfPlanQuerySet:
        """As the plan is."""
        return self.filter(plan__in=LessonPlan.objects.visible_to(actor).order_by().values("pk"))


class PlanContent(models.Model):
    """A point of the central content that the plan takes up."""

    plan = models.ForeignKey(LessonPlan, models.CASCADE, related_name="contents")
    item = models.ForeignKey(CentralContentItem, models.PROTECT, related_name="plan_contents")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "item"], name="plan_content_once")]


class PlanCriterion(models.Model):
    """A criterion by which the work is judged."""

    plan = models.ForeignKey(LessonPlan, models.CASCADE, related_name="plan_criteria")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="plan_criteria")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "criterion"], name="plan_criterion_once")]


class PlanGoal(Entity):
    """A concrete goal in words a pupil understands."""

    plan = models.ForeignKey(LessonPlan, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("goal"), max_length=300)

    objects = OfPlanQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["position", "id"]


class TaskKind(models.TextChoices):
    TASK = "task", _("Task")
    HOMEWORK = "homework", _("Homework")
    TEST = "test", _("Test")
    SUBMISSION = "submission", _("To hand in")


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """By its teaching where it is for one, else by any of the plan's."""
        open_teachings = PlanTeaching.objects.visible_to(actor).order_by()
        of_one = Q(teaching__in=open_teachings.values("pk"))
        return self.filter(of_one | Q(teaching=None, plan__in=LessonPlan.objects.visible_to(actor).order_by().values("pk")))


class Task(Entity):
    """Something to do by a day: for all whom the plan is for, or for one of its teachings."""

    plan = models.ForeignKey(LessonPlan, models.CASCADE, related_name="tasks")
    teaching = models.ForeignKey(PlanTeaching, models.CASCADE, null=True, blank=True, related_name="tasks")
    kind = models.CharField(_("kind"), max_length=12, choices=TaskKind.choices, default=TaskKind.TASK)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what to do"), max_length=2000, blank=True)
    day = models.DateField(_("day"), help_text=_("When it is due, or held."))
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["day", "id"]
        indexes: ClassVar = [models.Index(fields=["plan", "day"], name="task_plan_day")]


class PlanLink(Entity):
    plan = models.ForeignKey(LessonPlan, models.CASCADE, related_name="links")
    title = models.CharField(_("title"), max_length=120)
    url = models.URLField(_("address"), max_length=500)

    objects = OfPlanQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="plan_link_is_web", condition=Q(url__startswith="https://") | Q(url__startswith="http://"))
        ]


class PlanFile(Entity):
    """A file of the plan; its bytes are served through the plan's scoped page alone."""

    plan = models.ForeignKey(LessonPlan, models.CASCADE, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = OfPlanQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["stored"], name="plan_file_owns_its_bytes")]
