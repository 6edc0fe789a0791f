"""Plans with what belongs to them, for lists and pages. The rows come scoped from the view."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Max, Min, Prefetch, Q, QuerySet

from larande.planning.models import LessonPlan, PlanContent, PlanCriterion, PlanFile, PlanGoal, PlanLink, PlanState, PlanTeaching, Task
from larande.planning.models.plans import LessonPlanQuerySet, PlanTeachingQuerySet
from larande.syllabus.models import CentralContentItem, Criterion
from registry.models import Activity

from .teaching import with_groups


def in_full(plans: LessonPlanQuerySet) -> LessonPlanQuerySet:
    return plans.select_related("school_unit", "created_by", "copied_from")


def listed(plans: LessonPlanQuerySet, teachings: PlanTeachingQuerySet) -> LessonPlanQuerySet:
    """For a table: `placed` (the teachings, of those given) and `first`, `last`; three statements besides the plans'."""
    rows = teachings.prefetch_related(Prefetch("activity", queryset=with_groups(Activity.objects.all()))).order_by("start_date", "pk")
    placed = Prefetch("teachings", queryset=rows, to_attr="placed")
    spans = {"first": Min("teachings__start_date"), "last": Max("teachings__end_date")}
    return plans.select_related("school_unit", "created_by").annotate(**spans).prefetch_related(placed)


def of_colleagues(plans: LessonPlanQuerySet, person_id: Any) -> LessonPlanQuerySet:
    return plans.exclude(created_by=person_id).exclude(state=PlanState.DRAFT)


def found(plans: LessonPlanQuerySet, words: str) -> LessonPlanQuerySet:
    """Those that hold every word in what is written or in the content chosen."""
    for word in words.split()[:8]:
        texts = Q(title__icontains=word) | Q(what__icontains=word) | Q(why__icontains=word)
        plans = plans.filter(texts | Q(pk__in=PlanContent.objects.filter(item__text__icontains=word).values("plan")))
    return plans


def with_days_in(plans: LessonPlanQuerySet, first: date, last: date) -> LessonPlanQuerySet:
    return plans.filter(pk__in=PlanTeaching.objects.between(first, last).order_by().values("plan"))


def in_subject(plans: LessonPlanQuerySet, subject_code: str) -> LessonPlanQuerySet:
    return plans.filter(pk__in=PlanTeaching.objects.filter(activity__syllabus__subject_code=subject_code).order_by().values("plan"))


def subjects_of(plans: LessonPlanQuerySet) -> list[tuple[str, str]]:
    """Codes and names of the subjects in which they are taught, by name."""
    rows = PlanTeaching.objects.filter(plan__in=plans.order_by().values("pk"), activity__syllabus__isnull=False).order_by()
    names = rows.values("activity__syllabus__subject_code").annotate(name=Max("activity__syllabus__subject_name"))
    return sorted(((row["activity__syllabus__subject_code"], row["name"]) for row in names), key=lambda pair: pair[1])


def goals_of(plan: LessonPlan) -> list[str]:
    return list(PlanGoal.objects.filter(plan=plan).values_list("text", flat=True))


class CriterionRow(NamedTuple):
    """What is judged, and how it reads at each step."""

    subject: str
    year: int | None
    steps: list[Criterion]


class Parts(NamedTuple):
    """All that belongs to a plan."""

    goals: list[str]
    content: list[CentralContentItem]
    criteria: list[CriterionRow]
    tasks: list[Task]
    links: list[PlanLink]
    files: list[PlanFile]
    is_example: bool

    @property
    def is_empty(self) -> bool:
        return not (self.goals or self.content or self.criteria or self.tasks or self.links or self.files)


def parts_of(plan: LessonPlan, tasks: QuerySet[Task]) -> Parts:
    """`tasks` are those that the reader may see; six statements."""
    content = list(chosen_items(plan))
    criteria = list(chosen_criteria(plan))
    own = tasks.filter(plan=plan).prefetch_related(Prefetch("teaching__activity", queryset=with_groups(Activity.objects.all())))
    return Parts(
        goals_of(plan),
        content,
        by_thread(criteria),
        list(own.select_related("teaching")),
        list(PlanLink.objects.filter(plan=plan).order_by("created_at", "pk")),
        list(PlanFile.objects.filter(plan=plan).select_related("stored").defer("stored__content").order_by("created_at", "pk")),
        any(part.version.is_example for part in (*content, *criteria)),
    )


def chosen_items(plan: LessonPlan) -> QuerySet[CentralContentItem]:
    rows = CentralContentItem.objects.filter(pk__in=PlanContent.objects.filter(plan=plan).values("item")).select_related("version")
    return rows.order_by("version__name", "start_year", "position")


def chosen_criteria(plan: LessonPlan) -> QuerySet[Criterion]:
    rows = Criterion.objects.filter(pk__in=PlanCriterion.objects.filter(plan=plan).values("criterion")).select_related("version")
    return rows.order_by("version__name", "year", "variant", "aspect", "position")


def by_thread(criteria: list[Criterion]) -> list[CriterionRow]:
    """What is about the same at whatever step stands together."""
    rows: dict[tuple[Any, str], list[Criterion]] = {}
    for criterion in criteria:
        rows.setdefault((criterion.version_id, criterion.thread), []).append(criterion)
    return [CriterionRow(steps[0].version.name, steps[0].year, steps) for steps in rows.values()]


def published_between(first: Any, last: Any) -> PlanTeachingQuerySet:
    """What was opened for homes from moment `first` until before `last` and still is: what a digest tells of."""
    return PlanTeaching.objects.published().filter(published_at__gte=first, published_at__lt=last).select_related("plan", "activity")
