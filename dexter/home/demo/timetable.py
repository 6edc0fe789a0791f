"""The timetable of the demo: every class has lessons from 08 to 22 on all days, odd and even classes on odd and even hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import F, Max

from dexter.lib import days
from registry.models import (
    Activity,
    ActivityGroup,
    ActivityType,
    CalendarEvent,
    Duty,
    DutyAssignment,
    Group,
    GroupMembership,
    GroupType,
    Room,
    SchoolType,
    SchoolYear,
    Syllabus,
    TeacherException,
    Term,
)

from .cast import CAST
from .seeded import Seeded, Writer
from .town import SchoolClass, Town

SUBJECTS = [
    ("GRGRSVE01", "SV", "Svenska"),
    ("GRGRMAT01", "MA", "Matematik"),
    ("GRGRENG01", "EN", "Engelska"),
    ("GRGRIDR01", "IDH", "Idrott och hälsa"),
    ("GRGRBIL01", "BL", "Bild"),
    ("GRGRMUS01", "MU", "Musik"),
    ("GRGRTEK01", "TK", "Teknik"),
]
FIRST_HOUR, SLOTS, LESSON_MINUTES = 8, 7, 50
LANGUAGE_FROM_YEAR, LANGUAGE_HOUR = 6, 20
EXTEND_DAYS = 60


def build_subjects(town: Town) -> list[Syllabus]:
    subjects = [
        Syllabus(
            id=town.rng.uuid(),
            school_type=SchoolType.COMPULSORY,
            subject_code=code,
            subject_designation=short,
            subject_name=name,
            start_school_year=1,
            end_school_year=9,
            curriculum="Lgr22",
        )
        for code, short, name in SUBJECTS
    ]
    town.rows.add_all(subjects)
    return subjects


def build_spanish(town: Town) -> Syllabus:
    spanish = Syllabus(
        id=town.rng.uuid(),
        school_type=SchoolType.COMPULSORY,
        subject_code="GRGRMSP01",
        subject_designation="M2SPA",
        subject_name="Spanska",
        start_school_year=6,
        end_school_year=9,
        curriculum="Lgr22",
        language_code="spa",
    )
    town.rows.add(spanish)
    return spanish


def build_activities(town: Town, subjects: list[Syllabus]) -> None:
    """Each class has each subject, held by one teacher; the cast's teachers hold all lessons of their classes."""
    whole = {class_name: town.cast_duties[role.key] for role in CAST for class_name in role.teaches}
    for index, school_class in enumerate(town.classes):
        teachers = town.duties[school_class.unit.id]
        school_class.room = Room(id=town.rng.uuid(), school_unit=school_class.unit, name=f"Sal {index + 101}", seats=32)
        school_class.first_slot = index % 2
        town.rows.add(school_class.room)
        shared = school_class.year is not None and school_class.year >= LANGUAGE_FROM_YEAR
        for slot, subject in enumerate(subjects[:-1] if shared else subjects):
            activity = Activity(
                id=town.rng.uuid(),
                name=f"{subject.subject_name} {school_class.group.name}",
                school_unit=school_class.unit,
                syllabus=subject,
                start_date=town.first_day,
            )
            duty = whole.get(school_class.name) or teachers[(index // 2 * SLOTS + slot) % len(teachers)]
            town.rows.add(
                activity,
                ActivityGroup(activity=activity, group=school_class.group),
                DutyAssignment(id=town.rng.uuid(), activity=activity, duty=duty, grader=True, start_date=town.first_day),
            )
            school_class.activities.append(activity)


def build_language_groups(town: Town, language: Syllabus) -> None:
    """From year 6 half of two parallel classes meet in a teaching group at 20, when both are free."""
    for first, second in zip(town.classes[::2], town.classes[1::2], strict=True):
        if first.year is None or first.year < LANGUAGE_FROM_YEAR:
            continue
        group = Group(
            id=town.rng.uuid(),
            name=f"Spanska {first.group.name[:-1]}",
            group_type=GroupType.TEACHING,
            school_type=SchoolType.COMPULSORY,
            school_unit=first.unit,
            start_date=town.first_day,
        )
        activity = Activity(id=town.rng.uuid(), name=group.name, school_unit=first.unit, syllabus=language, start_date=town.first_day)
        teacher = town.duties[first.unit.id][0]
        town.rows.add(
            group,
            activity,
            ActivityGroup(activity=activity, group=group),
            DutyAssignment(id=town.rng.uuid(), activity=activity, duty=teacher, grader=True, start_date=town.first_day),
        )
        for pupil in (first.pupils + second.pupils)[::2]:
            town.rows.add(GroupMembership(id=town.rng.uuid(), group=group, person=pupil, start_date=town.first_day))
        town.language_groups.append(
            SchoolClass(
                group.name,
                first.year,
                group,
                first.unit,
                (first.pupils + second.pupils)[::2],
                [activity],
                first_slot=LANGUAGE_HOUR - FIRST_HOUR,
                is_language=True,
            )
        )


def build_after_school(town: Town) -> None:
    """An after-school group for the first years of the cast's school, held by the cast's leisure teacher, without lessons."""
    young = [school_class for school_class in town.classes if school_class.name in {"1A", "2A", "3A"}]
    group = Group(
        id=town.rng.uuid(),
        name="Fritids Norrskenet",
        group_type=GroupType.OTHER,
        school_type=SchoolType.AFTER_SCHOOL,
        school_unit=young[0].unit,
        start_date=town.year_start,
    )
    activity = Activity(
        id=town.rng.uuid(), name=group.name, school_unit=group.school_unit, activity_type=ActivityType.OTHER, start_date=town.year_start
    )
    assigned = DutyAssignment(id=town.rng.uuid(), activity=activity, duty=town.cast_duties["tove"], start_date=town.year_start)
    town.rows.add(group, activity, ActivityGroup(activity=activity, group=group), assigned)
    for school_class in young:
        for pupil in school_class.pupils[:8]:
            town.rows.add(GroupMembership(id=town.rng.uuid(), group=group, person=pupil, start_date=town.year_start))


def build_lessons(town: Town, first: date, last: date) -> None:
    for group in (*town.classes, *town.language_groups):
        town.rows.add_all(_lessons(town.rng, group.activities, group.room, group.first_slot, first, last))


def slots_of(group: SchoolClass, day: date) -> Iterator[tuple[int, Activity, datetime]]:
    """The lessons of a day: every other hour from 08 or 09; the subjects wander over the hours from day to day."""
    return _slots(group.activities, group.first_slot, day)


def _slots(activities: list[Activity], first_slot: int, day: date) -> Iterator[tuple[int, Activity, datetime]]:
    for slot in range(len(activities)):
        starts_at = days.moment(day, time(FIRST_HOUR + first_slot + 2 * slot))
        yield slot, activities[(slot + day.toordinal()) % len(activities)], starts_at


def _lessons(
    rng: Seeded, activities: list[Activity], room: Room | None, first_slot: int, first: date, last: date
) -> Iterable[CalendarEvent]:
    for day in days.days_between(first, last):
        for _slot, activity, starts_at in _slots(activities, first_slot, day):
            ends_at = starts_at + timedelta(minutes=LESSON_MINUTES)
            yield CalendarEvent(id=rng.uuid(), activity=activity, starts_at=starts_at, ends_at=ends_at, room=room)


def substitute_today(today: date) -> None:
    """Maja stands in for Anna in 4A's first lesson of the day, once a day."""
    lesson = CalendarEvent.objects.filter(day=today, activity__groups__name="4A").order_by("starts_at").first()
    substitute = Duty.objects.filter(person__account__username="maja").first()
    if lesson and substitute:
        TeacherException.objects.get_or_create(calendar_event=lesson, duty=substitute, defaults={"participates": True})


def extend() -> int:
    """Lessons for the coming two months, where they lack: each class goes on in its own rhythm. Gives how many were made.

    Twice on one day changes nothing the second time.
    """
    until = days.today() + timedelta(days=EXTEND_DAYS)
    _extend_calendar(until)
    last = CalendarEvent.objects.aggregate(last=Max("day"))["last"]
    if last is None or last >= until:
        return 0
    rows, rng = Writer(quiet=True), Seeded(last.toordinal())
    for activities, room, parity in _rhythms(last):
        rows.add_all(_lessons(rng, activities, room, parity, last + timedelta(days=1), until))
    rows.close()
    return rows.written


def _rhythms(last: date) -> Iterable[tuple[list[Activity], Room | None, int]]:
    """For each class its activities in their order and whether it has odd or even hours, read from its last day."""
    classes: dict[str, list[CalendarEvent]] = {}
    lessons = CalendarEvent.objects.filter(day=last).order_by("starts_at").select_related("activity", "room")
    for lesson in lessons.annotate(group_id=F("activity__groups")):
        classes.setdefault(str(lesson.group_id), []).append(lesson)
    for lessons_of_day in classes.values():
        hour = lessons_of_day[0].starts_at.astimezone(days.STOCKHOLM).hour
        shift = last.toordinal() % len(lessons_of_day)
        activities = [lesson.activity for lesson in lessons_of_day]
        yield activities[-shift:] + activities[:-shift] if shift else activities, lessons_of_day[0].room, hour - FIRST_HOUR


def _extend_calendar(until: date) -> None:
    """The demo's school year reaches as far as its lessons."""
    for model in (SchoolYear, Term):
        newest = model._default_manager.order_by("-end_date").first()
        if newest and newest.end_date < until:
            model._default_manager.filter(pk=newest.pk).update(end_date=until)
