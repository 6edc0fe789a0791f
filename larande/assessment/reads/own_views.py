"""The grids that a pupil may fill in for oneself, and what stands in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dexter.lib.access import Actor
from larande.assessment.models import MatrixRow, MatrixUse, SelfAssessment
from larande.assessment.models.matrices import MatrixUseQuerySet

from .grid import day_of
from .scales import Scale, scales_for


def own_grids(actor: Actor) -> MatrixUseQuerySet:
    """Of pupils, today, where the school has it on; nobody else's."""
    rows: MatrixUseQuerySet = MatrixUse.objects.self_assessed_by(actor)
    return rows.select_related("matrix", "activity__syllabus", "activity__school_unit")


def own_view(use: MatrixUse, pupil: UUID) -> dict[str, Any]:
    """The rows to judge, and what the pupil has said of them."""
    stored = SelfAssessment.objects.filter(use=use, pupil=pupil).select_related("step")
    rows = MatrixRow.objects.filter(matrix=use.matrix_id, retired_at=None)
    return {"rows": list(rows), "stored": {view.row_id: view for view in stored}}


def own_scale(use: MatrixUse, pupil: UUID) -> Scale | None:
    return scales_for([pupil], use.activity, day_of(use)).get(pupil)
