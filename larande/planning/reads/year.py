"""The school year of one teaching: its plans along the months, and what of the central content has been taken up."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Count

from dexter.lib import days
from larande.planning.models import PlanContent, PlanState, PlanTeaching
from larande.planning.models.plans import PlanTeachingQuerySet
from larande.syllabus.models import CentralContentItem
from registry.models import Activity, SchoolYear

from .content import IDENTITY, been_through, followed_by, identity, identity_of, items_of
from .teaching import years_of

MONTHS = 12
MONTH = 100  # units of the drawing
DAYS_OF_MONTH = 31


class Bar(NamedTuple):
    """A plan along the year; `x` and `width` in hundredths of a month."""

    teaching: PlanTeaching
    x: int
    width: int
    weeks: str


class Covered(NamedTuple):
    """A point, how often it has been taken up, and whether a plan to come will."""

    item: CentralContentItem
    times: int
    planned: bool


class Area(NamedTuple):
    name: str
    span: str
    points: list[Covered]


class YearPlan(NamedTuple):
    months: list[date]
    bars: list[Bar]
    areas: list[Area]
    today: int | None  # where the day is on the drawing
    done: int
    points: int
    is_example: bool


def year_plan(activity: Activity, year: SchoolYear, teachings: PlanTeachingQuerySet) -> YearPlan:
    """`teachings` are those that the reader may see."""
    here = teachings.filter(activity=activity).between(year.start_date, year.end_date)
    rows = here.select_related("plan").annotate(points=Count("plan__contents")).order_by("start_date", "plan__title", "pk")
    areas, is_example = _areas(activity, teachings)
    points = [point for area in areas for point in area.points]
    day = days.today()
    return YearPlan(
        [_month(year, place) for place in range(MONTHS)],
        [_bar(row, year) for row in rows],
        areas,
        _at(day, year) if year.start_date <= day <= year.end_date else None,
        sum(1 for point in points if point.times),
        len(points),
        is_example,
    )


def _month(year: SchoolYear, place: int) -> date:
    month = year.start_date.month - 1 + place
    return date(year.start_date.year + month // MONTHS, month % MONTHS + 1, 1)


def _at(day: date, year: SchoolYear) -> int:
    """Where a day stands, each month as wide as the next; within the year."""
    held = min(max(day, year.start_date), year.end_date)
    months = (held.year - year.start_date.year) * MONTHS + held.month - year.start_date.month
    return months * MONTH + (held.day - 1) * MONTH // DAYS_OF_MONTH


def _bar(row: PlanTeaching, year: SchoolYear) -> Bar:
    first, last = _at(row.start_date, year), _at(row.end_date, year)
    week = [str(days.Week.of(day).number) for day in (row.start_date, row.end_date)]
    return Bar(row, first, max(last - first + MONTH // DAYS_OF_MONTH, 6), "–".join(dict.fromkeys(week)))


def _areas(activity: Activity, teachings: PlanTeachingQuerySet) -> tuple[list[Area], bool]:
    """The central content of the span that the group is in, under its headings."""
    day = days.today()
    items = items_of(followed_by([activity], day), years_of([activity.pk], day))
    taken_up, planned = _taken_up(activity, teachings)
    areas: dict[tuple[str, int | None, str], Area] = {}
    for item in items:
        span = f"{item.start_year}–{item.end_year}" if item.start_year else ""
        area = areas.setdefault((item.area, item.start_year, item.variant), Area(item.area, span, []))
        area.points.append(Covered(item, taken_up[identity_of(item)], identity_of(item) in planned))
    return list(areas.values()), any(item.version.is_example for item in items)


def _taken_up(activity: Activity, teachings: PlanTeachingQuerySet) -> tuple[Counter[str], set[str]]:
    """By point: in how many plans of the group that have begun and were published, and which stand in others (by key over versions)."""
    met = been_through(activity, teachings).exclude(plan__state=PlanState.DRAFT).order_by()
    today = days.today()
    began = set(met.published().filter(start_date__lte=today).values_list("plan_id", flat=True))
    others = set(teachings.filter(activity=activity).order_by().values_list("plan_id", flat=True)) | set(
        met.values_list("plan_id", flat=True)
    )
    rows = PlanContent.objects.filter(plan__in=began | others).values_list(*IDENTITY, "plan_id")
    pairs = {(identity(code, course, key), plan) for code, course, key, plan in rows}
    times = Counter(key for key, plan in pairs if plan in began)
    return times, {key for key, plan in pairs if plan not in began}
