"""What a page of statistics offers to choose from, and what its lines are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.template.defaultfilters import date as format_date
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dexter.lib import days
from dexter.lib.access import Actor
from dexter.lib.models import period_holds
from registry import reads as registry
from registry.models import Activity, AssignmentRole, Duty, DutyRole, Group, GroupType, Person, SchoolUnit, Term, scope

from .statistics import OF_PUPILS, By, Line, Statistics, Wanted
from .sums import Sums

FEW = 5  # pupils, below which a line may tell of somebody
Subjects = dict[str, tuple[str, list[UUID]]]  # name and activities by code


def classes_followed(actor: Actor) -> QuerySet[AssignmentRole]:
    """The actor's assignments in classes, for as long as their pupils are seen: mentor, special educator, pupil health."""
    today = days.today()
    held = AssignmentRole.objects.filter(scope.within_reach(today, "", "group__school_unit__"), period_holds(today, "duty__"))
    rows: QuerySet[AssignmentRole] = held.filter(duty__person_id=actor.person_id, group__group_type=GroupType.CLASS)
    return rows


def open_for_statistics(units: QuerySet[SchoolUnit], actor: Actor) -> QuerySet[SchoolUnit]:
    """Of `units` those that the actor leads, or follows a class of; adds `is_led`, `may_export` and `may_sum`."""
    led = ExpressionWrapper(Q(pk__in=scope.units_led_by(actor)), output_field=BooleanField())
    exported = ExpressionWrapper(Q(pk__in=scope.units_exported_by(actor)), output_field=BooleanField())
    held = Duty.objects.on(days.today()).filter(person_id=actor.person_id, duty_role=DutyRole.PRINCIPAL, school_unit=OuterRef("pk"))
    followed = Exists(classes_followed(actor).filter(group__school_unit=OuterRef("pk")))
    return units.annotate(is_led=led, may_export=exported, may_sum=Exists(held)).filter(Q(is_led=True) | followed).order_by("name", "pk")


def classes_to_choose(groups: QuerySet[Group], unit: Any, actor: Actor) -> list[Group]:
    """The classes of a unit from `open_for_statistics`: all of them to who leads it, else those followed."""
    classes = groups.filter(school_unit=unit, group_type=GroupType.CLASS)
    open_to_actor = classes if unit.is_led else classes.filter(pk__in=classes_followed(actor).values("group"))
    return list(open_to_actor)


def subjects_of(unit: SchoolUnit) -> Subjects:
    """What is taught at the unit, by the subject's code, in the order of names."""
    rows = Activity.objects.filter(school_unit=unit).exclude(syllabus=None).order_by("syllabus__subject_name", "pk")
    found: Subjects = {}
    for code, name, activity in rows.values_list("syllabus__subject_code", "syllabus__subject_name", "pk"):
        found.setdefault(code, (name, []))[1].append(activity)
    return found


@dataclass(frozen=True)
class Period:
    """A term, a school year or days of one's own, under the key by which an address names it."""

    key: str
    name: str
    first: date
    last: date


def periods_of(terms: Sequence[Term], unit: SchoolUnit) -> list[Period]:
    """School years and their terms as they hold for the unit, the newest first; nothing that has not begun."""
    held = [term for term, _schools in registry.terms_that_hold(terms, [unit])]
    years = {term.school_year_id: term.school_year for term in held}.values()
    found = [Period(f"lasar-{year.pk}", _("School year") + f" {year.name}", year.start_date, year.end_date) for year in years]
    for term in held:
        name = f"{term.get_semester_display()} {term.start_date.year}"
        found.append(Period(f"termin-{term.pk}", name, term.start_date, term.end_date))
    begun = [period for period in found if period.first <= days.today()]
    return sorted(begun, key=lambda period: (period.last, period.last - period.first), reverse=True)


@dataclass(frozen=True)
class NamedLine:
    """A line with its name; `order` puts it where people look for it."""

    key: str
    name: str
    order: Any
    pupils: int
    sums: Sums
    hidden: bool = False  # too few pupils for what is handed on

    @property
    def reported(self) -> int:
        return self.sums.offered

    @property
    def present(self) -> float:
        return self.sums.share(self.sums.present)

    @property
    def absent(self) -> float:
        return self.sums.share(self.sums.absent)

    @property
    def valid(self) -> float:
        return self.sums.share(self.sums.valid)

    @property
    def unauthorised(self) -> float:
        return self.sums.share(self.sums.unauthorised)

    @property
    def unauthorised_minutes(self) -> int:
        return self.sums.unauthorised

    @property
    def other(self) -> float:
        return self.sums.share(self.sums.other)


def rows_of(found: Statistics, wanted: Wanted, classes: Iterable[Group], subjects: Subjects, persons: QuerySet[Person]) -> list[NamedLine]:
    """The lines under their names, in their natural order. Pupils who are not among `persons` any more stand in one line."""
    if wanted.by is By.MONTH:
        shown = [(first, sums) for first, sums in found.months if sums.offered]
        return [NamedLine(str(first), month_name(first), first, 0, sums) for first, sums in shown]
    if wanted.by is By.LESSON:
        named = ((int(line.key), line) for line in found.lines)
        return [
            NamedLine(line.key, _("Lesson %(place)s") % {"place": place}, place, line.pupils, line.sums)
            for place, line in sorted(named, key=itemgetter(0))
        ]
    if wanted.by is By.SUBJECT:
        codes = {str(activity): code for code, (_name, activities) in subjects.items() for activity in activities}
        return _named(_merged(found.lines, codes), {code: name for code, (name, _activities) in subjects.items()}, _("No subject"))
    if wanted.by is By.PUPIL:
        keys = ",".join(line.key for line in found.lines)
        listed = RawSQL("SELECT unnest(%s::uuid[])", [f"{{{keys}}}"])  # one argument: to write a thousand takes longer than to find them
        known = persons.filter(pk__in=listed).order_by().values_list("pk", "shown_name", "sort_key")
        names = {str(key): (name, order) for key, name, order in known}
        rows = [NamedLine(line.key, *names[line.key], 1, line.sums) for line in found.lines if line.key in names]
        left = _merged((line for line in found.lines if line.key not in names), {})
        gone = [NamedLine("", _("Pupils who have left"), "~", line.pupils, line.sums) for line in left]
        return sorted(rows, key=lambda row: row.order) + gone
    names_of = {
        By.CLASS: ({str(group.pk): group.name for group in classes}, _("No class")),
        By.YEAR: ({str(year): _("Year %(year)d") % {"year": year} if year else _("Preschool class") for year in range(11)}, _("No year")),
        By.WEEKDAY: ({str(place + 1): capfirst(str(name)) for place, name in WEEKDAYS.items()}, ""),
    }
    return _named(found.lines, *names_of[wanted.by])


def _merged(lines: Iterable[Line], keys: dict[str, str]) -> list[Line]:
    """Lines with the same key as one; those without any under the empty key."""
    sums: dict[str, Sums] = defaultdict(Sums)
    pupils: dict[str, int] = defaultdict(int)
    for line in lines:
        key = keys.get(line.key, "")
        sums[key] += line.sums
        pupils[key] += line.pupils
    return [Line(key, total, pupils[key]) for key, total in sums.items()]


def _named(lines: Iterable[Line], names: dict[str, str], nameless: str) -> list[NamedLine]:
    """In the order of `names`; a key that has none is a line of its own at the end."""
    order = {key: place for place, key in enumerate(names)}
    rows = [NamedLine(line.key, names.get(line.key, nameless), order.get(line.key, len(order)), line.pupils, line.sums) for line in lines]
    return sorted(rows, key=lambda row: row.order)


def without_small(rows: Sequence[NamedLine]) -> list[NamedLine]:
    """For what is handed on: lines of fewer than five pupils lose their figures, and so many of the next smallest that what
    is hidden, which anybody can reckon from the sum of all, is of five pupils or more."""
    by_size = sorted((row for row in rows if row.pupils), key=lambda row: row.pupils)
    heads = list(accumulate(row.pupils for row in by_size))
    small = sum(row.pupils < FEW for row in by_size)
    while 0 < small < len(by_size) and heads[small - 1] < FEW:
        small += 1
    hidden = {row.key for row in by_size[:small]}
    return [replace(row, sums=Sums(), hidden=True) if row.key in hidden else row for row in rows]


def is_of_few(found: Statistics, by: By) -> bool:
    """Whether all of it together may be of fewer than five pupils: then sum and months tell as much as a line."""
    sizes = [line.pupils for line in found.lines]
    return (sum(sizes) if by in OF_PUPILS else max(sizes, default=0)) < FEW


def all_hidden(rows: Sequence[NamedLine]) -> list[NamedLine]:
    return [replace(row, sums=Sums(), hidden=True) for row in rows]


def month_name(first: date) -> str:
    return capfirst(format_date(first, "F Y"))
