"""Who reads what is written on a plan, by role and group, from its state; told beside each field before anything is saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from larande.planning.models import LessonPlan, PlanState, PlanTeaching

from .teaching import groups_in_order, groups_in_words


class Readers(NamedTuple):
    """Sentences: who reads it now, and who will when it is published."""

    now: str
    later: str = ""


def readers_of(plan: LessonPlan | None, teachings: Sequence[PlanTeaching] = ()) -> Readers:
    """`teachings` with their groups (see `teachings_of`); no plan: one that is about to be made."""
    if plan is None:
        return Readers(_("Read by: you alone, until you share or publish it."), _("Then by colleagues, pupils and guardians."))
    open_to = _groups(row for row in teachings if row.published_at)
    waiting = _groups(row for row in teachings if not row.published_at)
    colleagues = _("colleagues at %(school)s") % {"school": plan.school_unit.name}
    later = _("Once published also by: pupils and guardians of %(groups)s.") % {"groups": waiting} if waiting else ""
    if plan.state == PlanState.DRAFT:
        return Readers(_("Read by: you alone, until you share or publish it."), later)
    if not open_to:
        return Readers(_("Read by: %(colleagues)s.") % {"colleagues": colleagues}, later)
    words = {"groups": open_to, "colleagues": colleagues}
    return Readers(_("Read by: pupils and guardians of %(groups)s; %(colleagues)s.") % words, later)


def _groups(rows: Iterable[PlanTeaching]) -> str:
    """Names of groups, each once, in order."""
    activities = sorted((row.activity for row in rows), key=groups_in_order)
    return ", ".join(dict.fromkeys(map(groups_in_words, activities)))
