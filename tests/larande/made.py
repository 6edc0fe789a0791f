"""Plans and matrices of the tests: in the teaching of Anna, who has 4A in all subjects."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dexter.lib import days
from dexter.lib.models import uuid7
from larande.assessment.models import (
    AssessmentMatrix,
    AssessmentScale,
    AssessmentStep,
    MatrixLevel,
    MatrixRow,
    MatrixUse,
)
from larande.planning.models import LessonPlan, PlanState, PlanTeaching
from registry.models import Activity, Person


def activity(class_name: str = "4A", subject: str = "GRGRMAT01") -> Activity:
    """The teaching of a subject to a class."""
    return Activity.objects.select_related("school_unit", "syllabus").get(groups__name=class_name, syllabus__subject_code=subject)


def plan(maker: Person, teaching: Activity | None = None, *, published: bool = False, **values: Any) -> LessonPlan:
    """A plan of Anna's for three weeks around today, published or still a draft."""
    given = teaching or activity()
    state = PlanState.PUBLISHED if published else PlanState.DRAFT
    made = {"title": "Bråk i vardagen", "what": "Vi delar och jämför.", "why": "För att kunna dela rättvist.", "state": state}
    new = LessonPlan.objects.create(school_unit=given.school_unit, created_by=maker, submission=uuid7(), **{**made, **values})
    place(new, given, maker, published=published)
    return new


def place(
    made: LessonPlan, given: Activity, maker: Person, *, published: bool = False, first: date | None = None, last: date | None = None
) -> PlanTeaching:
    today = days.today()
    by = {"published_at": days.now(), "published_by": maker} if published else {}
    period = {"start_date": first or today - timedelta(days=7), "end_date": last or today + timedelta(days=14)}
    return PlanTeaching.objects.create(plan=made, activity=given, **period, **by)


def scale(*codes: str) -> list[AssessmentStep]:
    """A scale of the tests' own, by default F-ish, E, C and A."""
    new, _made = AssessmentScale.objects.get_or_create(
        code="test", defaults={"name": "Prov", "school_type": "GR", "start_date": date(2022, 7, 1)}
    )
    steps = codes or ("-", "E", "C", "A")
    return [
        AssessmentStep.objects.get_or_create(scale=new, code=code, defaults={"name": code, "position": place, "reaches": place > 0})[0]
        for place, code in enumerate(steps)
    ]


def grid(maker: Person, given: Activity | None = None, rows: int = 2, plan: LessonPlan | None = None) -> MatrixUse:
    """A matrix in use in a teaching, with so many rows."""
    teaching = given or activity()
    assert teaching.syllabus is not None
    matrix = AssessmentMatrix.objects.create(
        school_unit=teaching.school_unit,
        created_by=maker,
        level=MatrixLevel.TEACHER,
        is_template=False,
        title="Bråk",
        school_type=teaching.syllabus.school_type,
        subject_code=teaching.syllabus.subject_code,
        year=6,
        submission=uuid7(),
    )
    MatrixRow.objects.bulk_create(
        MatrixRow(matrix=matrix, position=place, title=f"Rad {place + 1}", thread=f"6--{place}") for place in range(rows)
    )
    return MatrixUse.objects.create(matrix=matrix, activity=teaching, plan=plan)
