"""Every state of an assessment is kept by the database itself, and nobody rewrites what was kept."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.models import Assessment, AssessmentChange, SelfAssessment, SelfAssessmentChange
from tests.conftest import Cast
from tests.larande import made


def test_each_change_is_kept_and_the_activity_follows_the_grid(cast: Cast) -> None:
    use, steps = made.grid(cast.anna), made.scale()
    row = use.matrix.rows.first()
    assessment = Assessment.objects.create(
        use=use, row=row, activity=made.activity("4B"), pupil=cast.sami, step=steps[1], assessed_by=cast.anna, assessed_at=days.now()
    )
    Assessment.objects.filter(pk=assessment.pk).update(step=steps[2], version=2)
    kept = AssessmentChange.objects.filter(pgh_obj=assessment.pk).order_by("pgh_id")
    assert [change.step_id for change in kept] == [steps[1].pk, steps[2].pk]
    assessment.refresh_from_db()
    assert assessment.activity_id == use.activity_id


@pytest.mark.parametrize("act", ["delete", "update"])
def test_the_web_role_cannot_rewrite_history(cast: Cast, act: str) -> None:
    use = made.grid(cast.anna)
    Assessment.objects.create(
        use=use, row=use.matrix.rows.first(), activity=use.activity, pupil=cast.sami, assessed_by=cast.anna, assessed_at=days.now()
    )
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AssessmentChange.objects.all().delete() if act == "delete" else AssessmentChange.objects.update(comment="")


def test_only_the_relation_opens_an_assessment(cast: Cast, actor) -> None:
    use, steps = made.grid(cast.anna), made.scale()
    given = Assessment.objects.create(
        use=use,
        row=use.matrix.rows.first(),
        activity=use.activity,
        pupil=cast.sami,
        step=steps[1],
        assessed_by=cast.anna,
        assessed_at=days.now(),
    )
    everyone = [("anna", Role.STAFF), ("ingrid", Role.STAFF), ("erik", Role.STAFF), ("maja", Role.STAFF), ("lars", Role.STAFF)]
    homes = [("amira", Role.GUARDIAN), ("karin", Role.GUARDIAN), ("sami", Role.PUPIL), ("leila", Role.PUPIL)]
    seen = [key for key, role in [*everyone, *homes] if Assessment.objects.visible_to(actor(key, role)).exists()]
    assert seen == ["anna", "ingrid"]
    Assessment.objects.filter(pk=given.pk).update(published_at=days.now(), published_step=steps[1])
    assert [key for key, role in homes if Assessment.objects.visible_to(actor(key, role)).exists()] == ["amira", "sami"]


def test_what_the_pupil_thought_before_is_kept_too(cast: Cast) -> None:
    use, steps = made.grid(cast.anna), made.scale()
    view = SelfAssessment.objects.create(use=use, row=use.matrix.rows.first(), activity=use.activity, pupil=cast.sami, step=steps[1])
    SelfAssessment.objects.filter(pk=view.pk).update(step=steps[2], comment="Nu kan jag.", version=2)
    kept = SelfAssessmentChange.objects.filter(pgh_obj=view.pk).order_by("pgh_id")
    assert [(change.step_id, change.comment) for change in kept] == [(steps[1].pk, ""), (steps[2].pk, "Nu kan jag.")]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        SelfAssessmentChange.objects.all().delete()
