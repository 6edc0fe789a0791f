"""A work area: a plan, when and with whom it is taught, and what was changed after the home could read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dexter.lib.models import Entity, uuid7
from registry.models import Activity, Person, SchoolUnit

from .scope import plans_open_to, teachings_open_to

if TYPE_CHECKING:
    import datetime

    from dexter.lib.access import Actor


class PlanState(models.TextChoices):
    """Domain 5.3. A draft is its maker's alone; what is shared is read by colleagues; published, by pupils and homes."""

    DRAFT = "draft", _("Draft")
    SHARED = "shared", _("Shared with colleagues")
    PUBLISHED = "published", _("Published")
    COMPLETED = "completed", _("Completed")
    ARCHIVED = "archived", _("Archived")


BANK_STATES = (PlanState.SHARED, PlanState.PUBLISHED, PlanState.COMPLETED, PlanState.ARCHIVED)  # what colleagues may copy


class LessonPlanQuerySet(models.QuerySet["LessonPlan"]):
    def visible_to(self, actor: Actor) -> LessonPlanQuerySet:
        return self.filter(plans_open_to(actor))


class LessonPlan(Entity):
    """A plan for a stretch of teaching (pedagogisk planering), for several subjects and groups. It names no pupil."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="plans")
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    what = models.TextField(_("what we will do"), max_length=4000, blank=True)
    why = models.TextField(_("why"), max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    in_bank = models.BooleanField(default=False, help_text="offered to the colleagues of the school to copy")
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    submission = models.UUIDField(unique=True, help_text="of the form that made it: sent twice, it makes one")
    version = models.PositiveIntegerField(default=1)
    activities: models.ManyToManyField[Activity, PlanTeaching] = models.ManyToManyField(
        Activity, through="PlanTeaching", related_name="plans"
    )

    objects = LessonPlanQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [models.CheckConstraint(name="plan_in_bank_is_shared", condition=Q(in_bank=False) | ~Q(state="draft"))]
        indexes: ClassVar = [
            models.Index(fields=["school_unit", "state", "-created_at"], name="plan_unit_state"),
            models.Index(fields=["created_by", "-created_at"], name="plan_creator"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanTeachingQuerySet(models.QuerySet["PlanTeaching"]):
    def visible_to(self, actor: Actor) -> PlanTeachingQuerySet:
        return self.filter(teachings_open_to(actor))

    def between(self, first: datetime.date, last: datetime.date) -> PlanTeachingQuerySet:
        """Those that share a day with the period."""
        return self.filter(start_date__lte=last, end_date__gte=first)

    def published(self) -> PlanTeachingQuerySet:
        return self.filter(published_at__isnull=False)


class PlanTeaching(Entity):
    """A plan in the teaching of one subject to its groups, with days of its own; published to one group before another."""

    plan = models.ForeignKey(LessonPlan, models.CASCADE, related_name="teachings")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="plan_teachings")
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"))
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    is_own: bool  # what reads add; never stored
    points: int

    objects = PlanTeachingQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["start_date", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "activity"], name="plan_teaching_once"),
            models.CheckConstraint(name="plan_teaching_period", condition=Q(end_date__gte=F("start_date"))),
            models.CheckConstraint(
                name="plan_teaching_published_by_somebody", condition=Q(published_at__isnull=True) | Q(published_by__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["activity", "start_date", "end_date"], name="plan_teaching_days")]


CHANGED = {
    "title": _("Title"),
    "what": _("What we will do"),
    "why": _("Why"),
    "goals": _("Goals"),
    "groups": _("For whom and when"),
    "content": _("Central content"),
    "criteria": _("Criteria"),
    "tasks": _("Tasks"),
    "links": _("Links"),
    "files": _("Files"),
}  # what `PlanChange.before` may hold


class PlanChangeQuerySet(models.QuerySet["PlanChange"]):
    def visible_to(self, actor: Actor) -> PlanChangeQuerySet:
        return self.filter(plan__in=LessonPlan.objects.visible_to(actor).order_by().values("pk"))


class PlanChange(models.Model):
    """How a published plan read before a change, who changed it, and the note that the home reads. Never rewritten."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(LessonPlan, models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(help_text="of the plan after the change")
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    note = models.CharField(max_length=300)
    before = models.JSONField(help_text="the fields that changed, as they were")

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "version"], name="plan_change_once_a_version")]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What changed, in words, and how it read."""
        return [(str(CHANGED.get(name, name)), _as_text(value)) for name, value in self.before.items()]


def _as_text(value: object) -> str:
    return "\n".join(str(line) for line in value) if isinstance(value, list) else str(value)
