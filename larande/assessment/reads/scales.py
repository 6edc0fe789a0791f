"""Which steps are offered to a pupil in a teaching on a day: by form of schooling, year, subject and cohort (domain 3.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from dexter.lib.models import period_holds
from larande.assessment.models import AssessmentScale, AssessmentStep
from larande.assessment.models.scales import AssessmentScaleQuerySet
from registry.models import Activity, Enrolment, PupilSyllabus, SchoolType

FIRST_MONTH = 7  # of a school year: from July on a year belongs to the autumn that comes
AFTERWARDS = (SchoolType.AFTER_SCHOOL,)  # places beside school, where nothing is judged


@dataclass(frozen=True)
class Scale:
    """A row of the scales with its steps, the lowest first."""

    row: AssessmentScale
    steps: tuple[AssessmentStep, ...]

    def step(self, code: str) -> AssessmentStep | None:
        return next((step for step in self.steps if step.code == code), None)


def scale_for(school_type: str, year: int | None, subject_code: str, cohort: int | None, day: date) -> Scale | None:
    """The scale of such a pupil on that day; None where nothing is judged by steps."""
    return _best(_scales_on(day), school_type, year, subject_code, cohort)


def scales_for(pupils: Iterable[UUID], activity: Activity, day: date) -> dict[UUID, Scale]:
    """Of each pupil's id in the teaching; two statements for any number. Who is judged by no steps is not in it.

    The pupil's own place decides, so that groups of several years and forms get each their own; a pupil who reads another
    syllabus there gets that one's form and subject. A pupil who has left keeps the scale of the last place.
    """
    subject = activity.syllabus.subject_code if activity.syllabus else ""
    places: dict[UUID, list[Enrolment]] = defaultdict(list)
    for place in _places(set(pupils), activity, day):
        places[place.pupil_id].append(place)
    offered = _scales_on(day)
    found = {pupil: _scale_at(rows, offered, activity, subject, day) for pupil, rows in places.items()}
    return {pupil: scale for pupil, scale in found.items() if scale}


def with_steps(scales: AssessmentScaleQuerySet) -> AssessmentScaleQuerySet:
    """Adds the steps to each, the lowest first, by one statement more."""
    return scales.prefetch_related("steps").order_by("school_type", "start_date", "start_year", "subject_prefix", "first_cohort")


def steps_of(scale: AssessmentScale) -> list[tuple[str, str, bool]]:
    """Of a row that came with `with_steps`: code, name and whether it reaches."""
    return [(step.code, step.name, step.reaches) for step in scale.steps.all()]


def school_year_of(day: date) -> int:
    """The year in whose autumn the school year of that day began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def cohort_of(place: Enrolment, day: date) -> int:
    """By the school year at the place; where there are none, by when the place began."""
    if not place.school_year:
        return school_year_of(place.start_date)
    return school_year_of(min(day, place.end_date) if place.end_date else day) - place.school_year + 1


def _places(pupils: set[UUID], activity: Activity, day: date) -> QuerySet[Enrolment]:
    own = PupilSyllabus.objects.filter(period_holds(day), pupil=OuterRef("pupil"), activity=activity)
    read = own.values(held=JSONObject(school_type="syllabus__school_type", subject_code="syllabus__subject_code"))[:1]
    rows = Enrolment.objects.filter(pupil__in=pupils, cancelled=False).exclude(school_type__in=AFTERWARDS)
    found: QuerySet[Enrolment] = rows.annotate(own_syllabus=Subquery(read)).order_by("start_date", "pk")
    return found


def _scale_at(places: list[Enrolment], offered: list[Scale], activity: Activity, subject: str, day: date) -> Scale | None:
    form = activity.syllabus.school_type if activity.syllabus else ""

    def nearness(place: Enrolment) -> tuple[Any, ...]:
        return (_days_off(place, day), place.school_unit_id != activity.school_unit_id, place.school_type != form)

    place = min(places, key=nearness)
    own = getattr(place, "own_syllabus", None) or {"school_type": place.school_type, "subject_code": subject}
    began = place if place.school_year else next(row for row in places if row.school_type == place.school_type)
    return _best(offered, own["school_type"], place.school_year, own["subject_code"], cohort_of(began, day))


def _days_off(place: Enrolment, day: date) -> int:
    """How far the place is from holding that day."""
    if place.end_date and place.end_date < day:
        return (day - place.end_date).days
    return max((place.start_date - day).days, 0)


def _scales_on(day: date) -> list[Scale]:
    rows: dict[UUID, tuple[AssessmentScale, list[AssessmentStep]]] = {}
    for step in AssessmentStep.objects.filter(period_holds(day, "scale__")).select_related("scale").order_by("scale", "position"):
        rows.setdefault(step.scale_id, (step.scale, []))[1].append(step)
    return [Scale(scale, tuple(steps)) for scale, steps in rows.values()]


def _best(offered: list[Scale], school_type: str, year: int | None, subject_code: str, cohort: int | None) -> Scale | None:
    fitting = [scale for scale in offered if _fits(scale.row, school_type, year, subject_code, cohort)]
    return max(fitting, key=lambda scale: (len(scale.row.subject_prefix), scale.row.first_cohort or 0, scale.row.start_date), default=None)


def _fits(row: AssessmentScale, school_type: str, year: int | None, subject_code: str, cohort: int | None) -> bool:
    if row.school_type != school_type or not subject_code.startswith(row.subject_prefix):
        return False
    return _between(year, row.start_year, row.end_year) and _between(cohort, row.first_cohort, row.last_cohort)


def _between(value: int | None, first: int | None, last: int | None) -> bool:
    if value is None:
        return first is None and last is None
    return (first is None or first <= value) and (last is None or value <= last)
