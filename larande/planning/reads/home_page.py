"""A plan as those read it whom it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from dexter.lib import days
from larande.planning.models import (
    LessonPlan,
    PlanChange,
    PlanContent,
    PlanCriterion,
    PlanFile,
    PlanGoal,
    PlanLink,
    PlanState,
    PlanTeaching,
    Task,
)
from larande.planning.models.plans import PlanTeachingQuerySet
from registry.models import ActivityGroup, DutyAssignment, SecurityMarking


@dataclass
class HomePage:
    """What belongs to a plan in one teaching."""

    goals: list[PlanGoal]
    contents: list[PlanContent]
    criteria: list[PlanCriterion]
    tasks: list[Task]  # without those of the plan's other teachings
    links: list[PlanLink]
    files: list[PlanFile]
    changes: list[PlanChange]  # with a note, since it was published here, the latest first

    @property
    def has_example(self) -> bool:
        """Some text of the curriculum here is made up for demonstration."""
        versions = [row.item.version for row in self.contents] + [row.criterion.version for row in self.criteria]
        return any(version.is_example for version in versions)


def home_page(teaching: PlanTeaching) -> HomePage:
    """Seven statements, for a teaching that the caller has found by its scope."""
    plan: LessonPlan = teaching.plan
    contents = PlanContent.objects.filter(plan=plan).select_related("item__version").order_by("item__version", "item__position")
    criteria = PlanCriterion.objects.filter(plan=plan).select_related("criterion__version")
    changes = PlanChange.objects.filter(plan=plan).exclude(note="").select_related("changed_by")
    return HomePage(
        goals=list(PlanGoal.objects.filter(plan=plan)),
        contents=list(contents),
        criteria=list(criteria.order_by("criterion__version", "criterion__position")),
        tasks=list(Task.objects.filter(Q(teaching=None) | Q(teaching=teaching), plan=plan)),
        links=list(PlanLink.objects.filter(plan=plan).order_by("created_at", "pk")),
        files=list(PlanFile.objects.filter(plan=plan).select_related("stored").order_by("created_at", "pk")),
        changes=list(changes.filter(changed_at__gte=teaching.published_at)) if teaching.published_at else [],
    )


def described(teachings: PlanTeachingQuerySet) -> PlanTeachingQuerySet:
    """With plan and subject; adds `group_names` and `teacher_names`: who teaches it meanwhile, without the protected."""
    groups = ActivityGroup.objects.filter(activity=OuterRef("activity")).order_by("group__sort_key").values("group__name")
    meanwhile = Q(end_date__isnull=True) | Q(end_date__gte=OuterRef("start_date"))
    teachers = DutyAssignment.objects.filter(
        meanwhile,
        activity=OuterRef("activity"),
        start_date__lte=OuterRef("end_date"),
        duty__person__security_marking=SecurityMarking.NONE,
    )
    return teachings.select_related("plan", "activity__syllabus", "activity__school_unit").annotate(
        group_names=ArraySubquery(groups),
        teacher_names=ArraySubquery(teachers.order_by("duty__person__sort_key").values("duty__person__shown_name")),
    )


def stage_of(teaching: PlanTeaching) -> str:
    """Where the plan stands for its readers on the day: `coming`, `now`, `over` or (nobody reads it yet) `unpublished`."""
    today: date = days.today()
    if teaching.published_at is None:
        return "unpublished"
    if teaching.plan.state in (PlanState.COMPLETED, PlanState.ARCHIVED) or teaching.end_date < today:
        return "over"
    return "coming" if teaching.start_date > today else "now"
