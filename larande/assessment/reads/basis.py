"""Who lacks a basis for judgement in a subject: how many rows have been judged since the term or the school year began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Max

from dexter.lib import days
from dexter.lib.access import Actor
from larande.assessment.models import Assessment
from registry.models import Activity, Person, SchoolYear, Term

from .knowledge import roster_of_teaching
from .scales import FIRST_MONTH, school_year_of

TERM, YEAR = "term", "year"


@dataclass(frozen=True)
class Basis:
    pupil: Person
    rows: int
    latest: datetime | None
    least: int

    @property
    def is_lacking(self) -> bool:
        return self.rows < self.least


def bases_of(actor: Actor, activity: Activity, *, since: str, least: int) -> list[Basis]:
    """The pupils of the teaching, those who lack a basis first; three statements. Judgements of other teachers in the subject count."""
    pupils = list(roster_of_teaching(activity, actor))
    subject = activity.syllabus.subject_code if activity.syllabus else ""
    judged = Assessment.objects.visible_to(actor).filter(
        pupil__in=[pupil.pk for pupil in pupils],
        activity__syllabus__subject_code=subject,
        step__isnull=False,
        assessed_at__gte=days.moment(first_day(activity, since), time()),
    )
    counts = judged.order_by().values("pupil").annotate(rows=Count("row", distinct=True), latest=Max("assessed_at"))
    found = {row["pupil"]: (row["rows"], row["latest"]) for row in counts}
    bases = [Basis(pupil, *found.get(pupil.pk, (0, None)), least) for pupil in pupils]
    return sorted(bases, key=lambda basis: not basis.is_lacking)


def first_day(activity: Activity, since: str) -> date:
    """Of the unit's term or school year; where none is entered, of the ordinary one."""
    today = days.today()
    if since == TERM:
        own_first = Term.objects.on(today).filter(school_year__organisation=activity.school_unit.organisation_id)
        terms = own_first.filter(school_unit=None) | own_first.filter(school_unit=activity.school_unit_id)
        day = terms.order_by("school_unit").values_list("start_date", flat=True).first()
    else:
        years = SchoolYear.objects.on(today).filter(organisation=activity.school_unit.organisation_id)
        day = years.values_list("start_date", flat=True).first()
    return day or date(school_year_of(today), FIRST_MONTH, 1)
