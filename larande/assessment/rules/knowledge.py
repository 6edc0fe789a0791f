"""Who writes of a pupil's knowledge, who looks for what is lacking, and when pupils assess themselves."""

from __future__ import annotations

import rules

from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.models import period_holds
from larande.assessment.models import MatrixUse
from registry.models import Activity, DutyAssignment
from registry.rules import is_staff

from .matrices import assesses


@rules.predicate
def teaches(actor: Actor, activity: Activity) -> bool:
    """Today; who leads the school reads and does not judge."""
    today = days.today()
    assigned = DutyAssignment.objects.filter(period_holds(today), period_holds(today, "duty__"), activity=activity.pk)
    return assigned.filter(duty__person=actor.person_id).exists()


@rules.predicate
def is_own_grid(actor: Actor, use: MatrixUse) -> bool:
    return MatrixUse.objects.self_assessed_by(actor).filter(pk=use.pk).exists()


rules.add_rule("assessment.write_summary", is_staff & teaches)
rules.add_rule("assessment.list_basis", is_staff & assesses)
rules.add_rule("assessment.assess_oneself", is_own_grid)
