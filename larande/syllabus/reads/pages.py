"""A version laid out for reading: spans of years with their areas, and criteria by year."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from larande.syllabus.models import Ability, CentralContentItem, Criterion, SubjectVersion

from .content import Thread, threads


@dataclass(frozen=True)
class Area:
    name: str
    items: list[CentralContentItem]


@dataclass(frozen=True)
class Span:
    """The content for some school years, in one variant; of a course, without years."""

    years: str
    variant: str
    areas: list[Area]


@dataclass(frozen=True)
class CriteriaOfYear:
    year: int | None
    variant: str
    rows: list[Thread]

    @property
    def steps(self) -> list[str]:
        """The steps that some row has, in the order in which they are reached; one without a name where no grade is set."""
        return list(dict.fromkeys(step for row in self.rows for step in row.steps))

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """For each statement its text at each of `steps`, with the step's name."""
        names = {step: criterion.step_name for row in self.rows for step, criterion in row.steps.items()}
        return [[(names[step], row.texts.get(step, "")) for step in self.steps] for row in self.rows]


def abilities_of(version: SubjectVersion) -> QuerySet[Ability]:
    return version.abilities.all()


def criteria_of(version: SubjectVersion) -> QuerySet[Criterion]:
    return version.criteria.all()


def with_former(versions: Iterable[SubjectVersion]) -> list[tuple[SubjectVersion, SubjectVersion | None]]:
    """Each of `versions` (newest first) with the one before it."""
    rows = list(versions)
    return list(zip(rows, [*rows[1:], None], strict=True))


def replaced_by(
    version: SubjectVersion, versions: Iterable[tuple[SubjectVersion, SubjectVersion | None]], day: datetime.date
) -> SubjectVersion | None:
    """The newest of `versions` (newest first) that has begun to hold since, if one has."""
    return next((one for one, _former in versions if one.number > version.number and one.valid_from <= day), None)


def with_sums(versions: QuerySet[SubjectVersion]) -> QuerySet[SubjectVersion]:
    """`versions` with `item_count` and `criterion_count`, the latest read first."""
    return versions.annotate(item_count=_count(CentralContentItem), criterion_count=_count(Criterion)).order_by(
        TruncDate("created_at").desc(), "name", "-number"
    )


def _count(model: type[CentralContentItem] | type[Criterion]) -> Func:
    rows = model.objects.filter(version=OuterRef("pk")).order_by().values("version").annotate(sum=Count("pk")).values("sum")
    return Coalesce(Subquery(rows), 0)


def spans(items: Iterable[CentralContentItem]) -> list[Span]:
    """`items` in the order of the source, a span in one place however often the source comes back to it."""
    found: dict[tuple[str, str], list[CentralContentItem]] = {}
    for item in items:
        found.setdefault((item.years, item.variant), []).append(item)
    return [Span(years, variant, _areas(rows)) for (years, variant), rows in found.items()]


def _areas(items: list[CentralContentItem]) -> list[Area]:
    return [Area(name, list(rows)) for name, rows in groupby(items, key=lambda item: item.area)]


def criteria_by_year(criteria: Iterable[Criterion]) -> list[CriteriaOfYear]:
    grouped = groupby(threads(criteria), key=lambda row: (row.year, row.variant))
    return [CriteriaOfYear(year, variant, list(rows)) for (year, variant), rows in grouped]


def searched(versions: QuerySet[SubjectVersion], words: str = "", school_type: str = "") -> QuerySet[SubjectVersion]:
    """Those of a form of school, if it is given, that `words` name, or that say them in a point of their content."""
    of_form = versions.filter(school_type=school_type) if school_type else versions
    if not words:
        return of_form
    points = CentralContentItem.objects.filter(version=OuterRef("pk"), text__icontains=words)
    named = Q(name__icontains=words) | Q(subject_code__iexact=words) | Q(course_code__iexact=words) | Q(designation__iexact=words)
    return of_form.filter(named | Q(Exists(points)))
