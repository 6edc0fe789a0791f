"""Who judges in a grid, and who publishes what was judged there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import period_holds
from registry.models import DutyAssignment

if TYPE_CHECKING:
    from dexter.lib.access import Actor
    from larande.assessment.models import MatrixUse


@rules.predicate
def teaches_here(actor: Actor, use: MatrixUse) -> bool:
    """Teaches the activity today; who leads the school reads and does not judge."""
    if actor.role is not Role.STAFF:
        return False
    if getattr(use, "asked_by", None) == actor.person_id:
        return bool(use.is_teacher)
    today = days.today()
    assigned = DutyAssignment.objects.filter(period_holds(today), period_holds(today, "duty__"), activity=use.activity_id)
    return assigned.filter(duty__person=actor.person_id).exists()


@rules.predicate
def grid_is_open(_actor: Actor, use: MatrixUse) -> bool:
    return use.ended_at is None


rules.add_rule("assessment.assess", teaches_here & grid_is_open)
rules.add_rule("assessment.publish_grid", teaches_here)
