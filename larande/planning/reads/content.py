"""What a plan may take up: the curriculum of its groups on its days, what was used last, what the groups have been through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, Subquery

from dexter.lib import days
from larande.planning.models import LessonPlan, PlanContent, PlanTeaching
from larande.planning.models.plans import PlanTeachingQuerySet
from larande.planning.models.scope import members_meanwhile
from larande.syllabus.models import CentralContentItem, Criterion, SubjectVersion
from larande.syllabus.reads import content_of, criteria_for, items_for, variant_of
from registry.models import Activity, Person, scope

from .plans import CriterionRow, by_thread
from .teaching import years_of

USED_LAST = 8  # points shown first
LATELY = 5  # plans of which they come


class Point(NamedTuple):
    """A point of the central content, with how often the groups have been through it, whatever version said it."""

    item: CentralContentItem
    times: int


class Section(NamedTuple):
    """What stands under one heading of one subject."""

    key: str
    subject: str
    span: str
    area: str
    points: list[Point]


class Offer(NamedTuple):
    """All that may be chosen for a plan."""

    sections: list[Section]
    criteria: list[CriterionRow]
    used_last: list[Point]
    kept: list[CentralContentItem]  # chosen before, of a version or span that is offered no more
    kept_criteria: list[CriterionRow]

    @property
    def items(self) -> dict[UUID, CentralContentItem]:
        offered = {point.item.pk: point.item for section in self.sections for point in section.points}
        return offered | {item.pk: item for item in self.kept}

    @property
    def threads(self) -> dict[UUID, CriterionRow]:
        """By the criterion that stands for the row on the page."""
        return {row.steps[0].pk: row for row in (*self.criteria, *self.kept_criteria)}

    @property
    def is_example(self) -> bool:
        rows = [*self.items.values(), *(row.steps[0] for row in self.threads.values())]
        return any(row.version.is_example for row in rows)


def offer_for(plan: LessonPlan, teachings: PlanTeachingQuerySet, chosen: Iterable[UUID], chosen_criteria: Iterable[UUID]) -> Offer:
    """What the plan's groups read on its days; `teachings` are those whose history the reader may see."""
    placed = list(PlanTeaching.objects.filter(plan=plan).select_related("activity__syllabus"))
    day = min((row.start_date for row in placed), default=days.day_of(plan.created_at))
    followed, years = followed_by([row.activity for row in placed], day), years_of([row.activity_id for row in placed], day)
    items, criteria = items_of(followed, years), criteria_of(followed, years)
    times = times_taken_up([row.activity for row in placed], teachings.exclude(plan=plan))
    sections = _sections(items, times)
    known = {item.pk for item in items}
    kept = CentralContentItem.objects.filter(pk__in=set(chosen) - known).select_related("version").order_by("version__name", "position")
    older = Criterion.objects.filter(pk__in=set(chosen_criteria) - {row.pk for row in criteria}).select_related("version")
    return Offer(
        sections,
        by_thread(criteria),
        _used_last(plan, items, times, teachings),
        list(kept),
        by_thread(list(older.order_by("version", "aspect", "position"))),
    )


class Followed(NamedTuple):
    """A version that some teaching follows, and of a language which variant."""

    version: SubjectVersion
    variant: str | None


def followed_by(activities: Iterable[Activity], day: date) -> list[Followed]:
    """What holds on `day` of the subjects and courses taught, each once."""
    syllabuses = {activity.syllabus_id: activity.syllabus for activity in activities if activity.syllabus}
    versions = [(syllabus, content_of(syllabus, day)) for syllabus in syllabuses.values()]
    return list(dict.fromkeys(Followed(version, variant_of(syllabus, version)) for syllabus, version in versions if version))


def items_of(followed: list[Followed], years: set[int]) -> list[CentralContentItem]:
    """The points of the spans that hold some of the years; of courses, and where no year is known, all."""
    rows = CentralContentItem.objects.none()
    for version, variant in followed:
        for year in _each(years):
            rows = rows | items_for(version, year, variant)
    return list(rows.select_related("version").order_by("version__name", "version", "start_year", "variant", "position"))


def criteria_of(followed: list[Followed], years: set[int]) -> list[Criterion]:
    """Those that the years work towards."""
    rows = Criterion.objects.none()
    for version, variant in followed:
        for year in _each(years):
            rows = rows | criteria_for(version, year, variant)
    return list(rows.select_related("version").order_by("version__name", "year", "variant", "aspect", "position"))


def _each(years: set[int]) -> list[int | None]:
    """One after the other; where none is known, once without."""
    return [*sorted(years)] or [None]


def been_through(activity: Activity, teachings: PlanTeachingQuerySet) -> PlanTeachingQuerySet:
    """Those of `teachings` in the same subject in which at least half of the activity's pupils of today took part.

    So a class keeps what it did under another name or teacher; who came later is not counted on.
    """
    subject = activity.syllabus.subject_code if activity.syllabus else ""
    latest = scope.memberships_on(days.today()).filter(group__activity_groups__activity=activity)
    pupils = Person.objects.filter(pk__in=latest.values("person")).order_by()
    there = members_meanwhile().filter(person__in=pupils.values("pk")).order_by()
    counted = there.values("group__activity_groups__activity").annotate(count=Count("person", distinct=True)).values("count")
    half = pupils.count() / 2
    same = teachings.filter(activity__syllabus__subject_code=subject).annotate(pupils=Subquery(counted[:1]))
    return same.filter(Q(activity=activity) | Q(pupils__gte=max(half, 1)))


def times_taken_up(activities: Iterable[Activity], teachings: PlanTeachingQuerySet) -> Counter[str]:
    """By subject and key of a point, in how many published plans that have begun one of the groups met it."""
    done: set[tuple[str, Any]] = set()
    for activity in activities:
        began = been_through(activity, teachings).published().filter(start_date__lte=days.today()).order_by()
        rows = PlanContent.objects.filter(plan__in=began.values("plan"))
        done |= {(identity(code, course, key), plan) for code, course, key, plan in rows.values_list(*IDENTITY, "plan_id")}
    return Counter(key for key, _plan in done)


IDENTITY = ("item__version__subject_code", "item__version__course_code", "item__key")


def identity(subject_code: str, course_code: str, key: str) -> str:
    """The same for a point in every version."""
    return f"{subject_code}/{course_code}/{key}"


def identity_of(item: CentralContentItem) -> str:
    return identity(item.version.subject_code, item.version.course_code, item.key)


def _sections(items: list[CentralContentItem], times: Counter[str]) -> list[Section]:
    found: dict[tuple[Any, ...], Section] = {}
    for item in items:
        place = (item.version_id, item.start_year, item.variant, item.area)
        if place not in found:
            span = f"{item.start_year}–{item.end_year}" if item.start_year else ""
            subject = f"{item.version.name} ({item.variant})" if item.variant else item.version.name
            found[place] = Section(f"s{len(found)}", subject, span, item.area, [])
        found[place].points.append(Point(item, times[identity_of(item)]))
    return list(found.values())


def _used_last(plan: LessonPlan, items: list[CentralContentItem], times: Counter[str], teachings: PlanTeachingQuerySet) -> list[Point]:
    """The offered points that the maker's latest plans took up, of those that the reader may see; the newest first."""
    offered = {identity_of(item): item for item in items}
    codes = {item.version.subject_code for item in items}
    subject = PlanContent.objects.filter(item__version__subject_code__in=codes, plan__created_by=plan.created_by_id).exclude(plan=plan)
    subject = subject.filter(plan__in=teachings.order_by().values("plan"))
    latest = list(subject.order_by("-plan__created_at").values_list("plan_id", flat=True).distinct()[:LATELY])
    rows = subject.filter(plan__in=latest).order_by("-plan__created_at", "item__position")
    keys = dict.fromkeys(identity(*row) for row in rows.values_list(*IDENTITY))
    return [Point(offered[key], times[key]) for key in keys if key in offered][:USED_LAST]
