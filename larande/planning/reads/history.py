"""A pupil's plans through the years: in whichever group and with whichever teacher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.lib.models import period_holds
from larande.planning.models import PlanTeaching
from larande.planning.models.parts import TaskQuerySet
from larande.planning.models.plans import PlanTeachingQuerySet
from registry.models import GroupMembership, Person, scope

from .home_page import described
from .taught import Taught, taught
from .week import Due, due_of, published_between

DAYS_AHEAD = 28  # of tasks
EVER = (date(1900, 1, 1), date(2999, 12, 31))


@dataclass
class SubjectPlans:
    """A subject as the pupil has read it."""

    code: str
    names: list[str]  # of the syllabuses that the pupil has read in it, the latest last
    is_read_now: bool
    teachers: list[str]  # of today
    now: list[PlanTeaching]
    coming: list[PlanTeaching]
    earlier: list[PlanTeaching]  # the latest first

    @property
    def name(self) -> str:
        return self.names[-1]


def followed(pupil: Person, actor: Actor) -> list[Taught]:
    """The teachings, ever, of a pupil whom the caller has found by its scope, as far as they are the actor's business.

    The home and the mentor: all. A subject teacher: the subjects in which they teach the pupil, whoever taught them before.
    Who leads a school: what is taught there.
    """
    their = [one for one in taught([pupil.pk], *EVER, teachers_on=days.today()) if one.subject_code]
    if actor.role is not Role.STAFF or Person.objects.filter(pk=pupil.pk, pk__in=scope.mentored_by(actor)).exists():
        return their
    codes, led = set(_codes_taught(pupil, actor)), set(scope.units_led_by(actor).values_list("school_unit_id", flat=True))
    return [one for one in their if one.subject_code in codes or one.unit_id in led]


def subjects_of(their: list[Taught], teachings: PlanTeachingQuerySet) -> list[SubjectPlans]:
    """By subject, today's first, with what was published for the pupil's own groups, of what the caller may see. One statement."""
    activities = {one.activity_id for one in their}
    rows = list(described(teachings.published().filter(activity__in=activities)).order_by("start_date", "pk"))
    found: dict[str, list[Taught]] = {}
    for one in their:
        found.setdefault(one.subject_code, []).append(one)
    subjects = [_subject(code, ones, rows) for code, ones in found.items()]
    return sorted(subjects, key=lambda subject: (not subject.is_read_now, subject.name.casefold()))


def coming_tasks(their: list[Taught], teachings: PlanTeachingQuerySet, tasks: TaskQuerySet) -> list[Due]:
    """What the pupil has to do from today on, by day. Two statements."""
    first, last = days.today(), days.today() + timedelta(days=DAYS_AHEAD)
    plans = published_between({one.activity_id for one in their}, first, last, teachings, tasks)
    return due_of(their, plans, tasks.filter(plan__in={row.plan_id for row in plans}, day__range=(first, last)))


def _subject(code: str, their: list[Taught], rows: list[PlanTeaching]) -> SubjectPlans:
    today = days.today()
    their.sort(key=lambda one: max(start for start, _end in one.periods))
    own = [row for row in rows if any(one.takes_part_in(row) for one in their)]
    current = [one for one in their if one.is_there(today, today)]
    return SubjectPlans(
        code=code,
        names=list(dict.fromkeys(one.subject for one in their)),
        is_read_now=bool(current),
        teachers=list(dict.fromkeys(name for one in current for name in one.teachers)),
        now=[row for row in own if row.start_date <= today <= row.end_date],
        coming=[row for row in own if row.start_date > today],
        earlier=[row for row in reversed(own) if row.end_date < today],
    )


def _codes_taught(pupil: Person, actor: Actor) -> list[str]:
    """The subjects in which the actor teaches the pupil, some days before and after (the unit's setting)."""
    today, activity = days.today(), "group__activity_groups__activity__"
    rows = GroupMembership.objects.filter(
        scope.within_reach(today, "", "group__school_unit__"),
        scope.within_reach(today, f"{activity}duty_assignments__", "group__school_unit__"),
        period_holds(today, f"{activity}duty_assignments__duty__"),
        person=pupil,
        **{f"{activity}duty_assignments__duty__person": actor.person_id},
    )
    return list(rows.annotate(code=F(f"{activity}syllabus__subject_code")).exclude(code=None).values_list("code", flat=True))
