"""What of the curriculum holds for a teaching and a pupil: the version in force, its points and its criteria."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max, Min, Q, QuerySet

from larande.syllabus.models import CentralContentItem, Criterion, SubjectVersion

if TYPE_CHECKING:
    import datetime

    from registry.models import Syllabus

STEP_ORDER = ("", "G", "F", "E", "D", "C", "B", "A")


def content_of(syllabus: Syllabus, day: datetime.date) -> SubjectVersion | None:
    """The version in force of the subject or course that `syllabus` names; for a course without one, that of its subject."""
    kin = SubjectVersion.objects.in_force(day).filter(school_type=syllabus.school_type, subject_code=syllabus.subject_code)
    by_course = {version.course_code: version for version in kin.filter(course_code__in={"", syllabus.course_code})}
    return by_course.get(syllabus.course_code) or by_course.get("")


def variant_of(syllabus: Syllabus, version: SubjectVersion) -> str | None:
    """Which variant of a language subject a teaching follows; None where the version has none, or none that fits.

    Designations of modern languages say whose choice it is (M1 the pupil's or the school's, M2 the language choice).
    """
    there = set(version.content_items.order_by().values_list("variant", flat=True).distinct()) - {""}
    first = ("elevens val", "skolans val") if syllabus.subject_designation.startswith("M1") else ("språkval",)
    ending = ", kinesiska" if syllabus.language_code in {"zho", "chi"} else ""
    return next((name for choice in first for name in (f"{choice}{ending}", choice) if name in there), None)


def items_for(version: SubjectVersion, school_year: int | None, variant: str | None = None) -> QuerySet[CentralContentItem]:
    """The points of the span that holds `school_year`, all of a course's; of one variant, or of all when none is named."""
    rows = version.content_items.all()
    if school_year is not None:
        rows = rows.filter(Q(start_year__isnull=True) | Q(start_year__lte=school_year, end_year__gte=school_year))
    return rows if variant is None else rows.filter(variant__in={"", variant})


def criteria_for(version: SubjectVersion, school_year: int | None, variant: str | None = None) -> QuerySet[Criterion]:
    """The criteria that teaching in `school_year` aims at: those of the nearest year at or above, past the last the last.

    Without a year, those of a course; a subject whose criteria all have years gives the last.
    """
    rows = version.criteria.all() if variant is None else version.criteria.filter(variant__in={"", variant})
    years = rows.aggregate(nearest=Min("year", filter=Q(year__gte=school_year or 99)), last=Max("year"))
    aimed_at = years["nearest"] or years["last"]
    return rows.filter(Q(year=aimed_at) | Q(year__isnull=True)) if aimed_at else rows


@dataclass
class Thread:
    """What one statement is about: the same aspect at each step. `key` is Criterion.thread, the key of matrix rows."""

    key: str
    year: int | None
    variant: str
    steps: dict[str, Criterion] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """The text of each step, the lowest first."""
        return {step: criterion.text for step, criterion in self.steps.items()}

    @property
    def first(self) -> Criterion:
        """The statement at its lowest step."""
        return next(iter(self.steps.values()))


def threads(criteria: Iterable[Criterion]) -> list[Thread]:
    """`criteria` grouped by what they are about, in the order of the source."""
    found: dict[str, Thread] = {}
    for criterion in sorted(criteria, key=lambda one: (one.year or 0, one.variant, _height(one.step))):
        thread = found.setdefault(criterion.thread, Thread(criterion.thread, criterion.year, criterion.variant))
        thread.steps[criterion.step] = criterion
    return sorted(found.values(), key=lambda one: (one.year or 0, one.variant, one.first.position))


def _height(step: str) -> int:
    return STEP_ORDER.index(step) if step in STEP_ORDER else len(STEP_ORDER)
