"""Matrices with their rows, where they are at work, and what they may be made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, When

from dexter.lib import days
from dexter.lib.access import Actor
from larande.assessment.models import Assessment, AssessmentMatrix, MatrixRow, SelfAssessment
from larande.assessment.models.matrices import AssessmentMatrixQuerySet, MatrixUseQuerySet
from larande.assessment.models.scope import activities_assessed_by
from larande.planning.models import LessonPlan, PlanCriterion
from registry.models import Activity, Enrolment, GroupMembership, Module, SchoolUnit, Syllabus, units_with
from registry.models.teaching import ActivityQuerySet

from .scales import Scale, scale_for, school_year_of

UNKNOWN_YEAR = 1  # of a matrix for no year, to find a scale that asks for none


@dataclass(frozen=True)
class Source:
    """What a matrix is made from: a subject for a year at a school, for one's teaching or not, for a plan or not."""

    school_unit: SchoolUnit
    syllabus: Syllabus
    year: int | None
    activity: Activity | None = None
    plan: LessonPlan | None = None


def templates(matrices: AssessmentMatrixQuerySet) -> AssessmentMatrixQuerySet:
    """Those to copy, with `row_count`, school and maker."""
    count = Count("rows", filter=Q(rows__retired_at__isnull=True))
    return matrices.filter(is_template=True).annotate(row_count=count).select_related("school_unit", "created_by")


def with_rows(matrices: AssessmentMatrixQuerySet) -> AssessmentMatrixQuerySet:
    """Adds the rows with their cells, and whether anything has been judged on each; three statements in all."""
    judged = Exists(Assessment.objects.filter(row=OuterRef("pk"))) | Exists(SelfAssessment.objects.filter(row=OuterRef("pk")))
    rows = MatrixRow.objects.annotate(is_judged=judged).prefetch_related("cells")
    return matrices.select_related("school_unit", "created_by").prefetch_related(Prefetch("rows", queryset=rows))


def uses_of(uses: MatrixUseQuerySet, matrix: AssessmentMatrix | None = None) -> MatrixUseQuerySet:
    """At work still, the newest first, with teaching and matrix; of one matrix, or of its copies."""
    rows = uses.filter(ended_at__isnull=True).select_related("activity__syllabus", "matrix")
    return rows.filter(Q(matrix=matrix) | Q(matrix__copied_from=matrix)) if matrix else rows


def teachings_to_assess(actor: Actor) -> ActivityQuerySet:
    """What the actor assesses now or soon, of some subject, in the order of names."""
    rows: ActivityQuerySet = Activity.objects.filter(activities_assessed_by(actor), syllabus__isnull=False)
    lasting = rows.on_or_after(days.today()).select_related("syllabus", "school_unit")
    found: ActivityQuerySet = lasting.order_by("name", "pk")
    return found


def subject_first(teachings: ActivityQuerySet, subject_code: str) -> ActivityQuerySet:
    """Those of the subject before the others."""
    other = Case(When(syllabus__subject_code=subject_code, then=0), default=1, output_field=IntegerField())
    ordered: ActivityQuerySet = teachings.annotate(is_other=other).order_by("is_other", "name", "pk")
    return ordered


def subjects_taught_at(units: Iterable[UUID]) -> QuerySet[Syllabus]:
    """The subjects that the units teach from today on."""
    taught = Activity.objects.on_or_after(days.today()).filter(school_unit__in=list(units)).order_by().values("syllabus")
    return Syllabus.objects.filter(pk__in=taught).order_by("subject_name", "school_type", "pk")


def subject_names_of(matrices: AssessmentMatrixQuerySet) -> list[tuple[str, str]]:
    """Code and name of the subjects that matrices are for."""
    codes = matrices.order_by().values("subject_code")
    named = Syllabus.objects.filter(subject_code__in=codes).order_by("subject_name").values_list("subject_code", "subject_name")
    return list(dict(named).items())


def units_with_assessment(units: QuerySet[SchoolUnit]) -> QuerySet[SchoolUnit]:
    """Of the schools those that use assessment."""
    return units.filter(pk__in=units_with(Module.ASSESSMENT).values("pk")).order_by("name")


def year_taught(activity: Activity) -> int | None:
    """The school year of most of the pupils taught, the lower of two; none in forms without years."""
    members = GroupMembership.objects.on(days.today()).filter(group__activity_groups__activity=activity).values("person_id")
    places = Enrolment.objects.on(days.today()).filter(pupil__in=members, school_unit=activity.school_unit_id, cancelled=False)
    years = Counter(places.exclude(school_year=None).order_by().values_list("school_year", flat=True))
    return min(years, key=lambda year: (-years[year], year), default=None)


def threads_of_plan(plan: LessonPlan) -> set[str]:
    """The threads that the plan judges by."""
    return {row.criterion.thread for row in PlanCriterion.objects.filter(plan=plan).select_related("criterion")}


def plans_for(plans: QuerySet[LessonPlan], teachings: ActivityQuerySet) -> QuerySet[LessonPlan]:
    """Of the plans, those of the teachings that are not put away."""
    return plans.filter(teachings__activity__in=teachings.order_by().values("pk")).exclude(state="archived").distinct()


def scale_of_matrix(school_type: str, year: int | None, subject_code: str) -> Scale | None:
    """The scale of a pupil of that year today."""
    autumn = school_year_of(days.today())
    return scale_for(school_type, year, subject_code, autumn - (year or UNKNOWN_YEAR) + 1, days.today())


def columns_of(matrix: AssessmentMatrix) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Code and name of the steps of the matrix's year, and of others that it has texts for (as of the criteria it aims at)."""
    scale = scale_of_matrix(matrix.school_type, matrix.year, matrix.subject_code)
    named = {step.code: step.name for step in scale.steps} if scale else {}
    texts = {cell.step_code: cell.step_code for row in matrix.rows.all() for cell in row.cells.all()}
    order = {code: place for place, code in enumerate(["-", "E", "D", "C", "B", "A"])}
    others = sorted((code for code in texts if code not in named), key=lambda code: (order.get(code, len(order)), code))
    return list(named.items()), [(code, code) for code in others]


def rows_with_texts(matrix: AssessmentMatrix) -> list[tuple[MatrixRow, dict[str, str]]]:
    """Each row of a matrix that came with `with_rows`, with its texts by step."""
    return [(row, {cell.step_code: cell.text for cell in row.cells.all()}) for row in matrix.rows.all()]


def rows_of(matrix: AssessmentMatrix, columns: list[tuple[str, str]]) -> list[tuple[MatrixRow, list[str]]]:
    """The same with the text in each column."""
    return [(row, [texts.get(code, "") for code, _name in columns]) for row, texts in rows_with_texts(matrix)]
