"""The demo's Lärande: plans and judgements that the pages of a home and of a class can show."""

from __future__ import annotations

from typing import Any

from dexter.home.demo.learning import build_learning
from dexter.lib.access import Role
from larande.assessment.models import Assessment, AssessmentChange
from larande.planning.models import LessonPlan, PlanContent, PlanState, PlanTeaching, Task


def test_every_class_has_plans_and_mathematics_is_judged(actor: Any, cast: Any) -> None:
    assert build_learning() > 1000
    amira = actor("amira", Role.GUARDIAN)
    shown = PlanTeaching.objects.visible_to(amira)
    assert {"1A", "4A", "8A"} <= set(shown.values_list("activity__groups__name", flat=True))
    assert not shown.filter(plan__state=PlanState.SHARED).exists()
    assert Task.objects.visible_to(amira).exists()
    assert PlanContent.objects.exists()
    assert Assessment.objects.visible_to(amira).filter(pupil=cast.sami).exists()
    assert AssessmentChange.objects.count() == Assessment.objects.count()
    assert LessonPlan.objects.values("school_unit").distinct().count() > 1
