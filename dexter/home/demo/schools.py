"""Units, classes, pupils, homes and staff of the demo."""

from __future__ import annotations

from datetime import date, timedelta

from registry.models import (
    AssignmentRole,
    AssignmentRoleType,
    CalendarDay,
    CalendarKind,
    Duty,
    DutyRole,
    Enrolment,
    Group,
    GroupMembership,
    GroupType,
    Person,
    Room,
    SchoolType,
    SchoolUnit,
    SchoolYear,
    Semester,
    Term,
)

from .cast import ADULT, CAST, F6, SEVEN_NINE
from .names import FAMILY, TREES
from .town import SchoolClass, Town

CLASSES: dict[str, list[tuple[str, int | None]]] = {
    F6: [(f"{year or 'F'}{letter}", year) for year in range(7) for letter in "AB"],
    SEVEN_NINE: [(f"{year}{letter}", year) for year in (7, 8, 9) for letter in "AB"],
    ADULT: [(f"Vux {number}", None) for number in (1, 2, 3, 4)],
}
CLASSES_A_SET = sum(len(names) for names in CLASSES.values())  # 24
FULL_CLASS = 25
PUPILS_A_SET = CLASSES_A_SET * FULL_CLASS
PUPILS_A_TEACHER = 12
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]  # the demo has school on all days, so that there is always something to see


def build_calendar(town: Town) -> None:
    """The school year July to June with two terms without gap, and a study day in the past as an example."""
    year = SchoolYear(
        id=town.rng.uuid(),
        organisation=town.body,
        name=f"{town.year_start.year}/{town.year_end.year}",
        start_date=town.year_start,
        end_date=town.year_end,
    )
    middle = town.year_start.replace(month=12, day=31)
    for start in range(town.first_day.year - (town.first_day.month < 7), town.year_end.year + 1):
        if start != town.year_start.year:
            _another_year(town, date(start, 7, 1), date(start + 1, 6, 30))
    town.rows.add(
        year,
        Term(id=town.rng.uuid(), school_year=year, semester=Semester.AUTUMN, start_date=town.year_start, end_date=middle),
        Term(id=town.rng.uuid(), school_year=year, semester=Semester.SPRING, start_date=middle + timedelta(days=1), end_date=town.year_end),
        CalendarDay(
            id=town.rng.uuid(),
            organisation=town.body,
            kind=CalendarKind.STAFF_DAY,
            name="Studiedag",
            start_date=town.today - timedelta(days=40),
            end_date=town.today - timedelta(days=40),
        ),
    )


def _another_year(town: Town, first: date, last: date) -> None:
    """The school year to come, with its terms, so that the change to it can be prepared; and those that history reaches into."""
    year = SchoolYear(id=town.rng.uuid(), organisation=town.body, name=f"{first.year}/{last.year}", start_date=first, end_date=last)
    middle = first.replace(month=12, day=31)
    town.rows.add(
        year,
        Term(id=town.rng.uuid(), school_year=year, semester=Semester.AUTUMN, start_date=first, end_date=middle),
        Term(id=town.rng.uuid(), school_year=year, semester=Semester.SPRING, start_date=middle + timedelta(days=1), end_date=last),
    )


def build_schools(town: Town, pupils: int) -> None:
    """As many units as `pupils` need, in sets of three; the cast is in the first."""
    for number in range(-(-pupils // PUPILS_A_SET)):
        for kind, (suffix, school_type) in {
            F6: ("skolan", SchoolType.COMPULSORY),
            SEVEN_NINE: ("skolan 7–9", SchoolType.COMPULSORY),
            ADULT: ("s vuxenutbildning", SchoolType.ADULT_BASIC),
        }.items():
            _unit(town, kind, number, suffix, school_type)


def _unit(town: Town, kind: str, number: int, suffix: str, school_type: SchoolType) -> None:
    first = {F6: "Gran", SEVEN_NINE: "Åsen", ADULT: "Älvsunda"}[kind]
    name = f"{first}{suffix}" if number == 0 else f"{TREES[number % len(TREES)]}{suffix} {number + 1}"
    unit = SchoolUnit(
        id=town.rng.uuid(),
        organisation=town.body,
        name=name.replace("skolan 7–9", "skolan") if number == 0 else name,
        school_unit_code=f"{90_000_000 + len(town.units)}",
        school_types=[school_type],
        phone="08-465 004 00",
        weekdays=EVERY_DAY,
    )
    town.rows.add(unit)
    town.units.append(unit)
    town.duties[unit.id] = []
    for class_name, year in CLASSES[kind]:
        group = Group(
            id=town.rng.uuid(),
            name=class_name,
            group_type=GroupType.CLASS,
            school_type=school_type,
            school_unit=unit,
            start_date=town.first_day,
        )
        town.rows.add(group, Room(id=town.rng.uuid(), school_unit=unit, name=f"Sal {class_name}"))
        town.classes.append(SchoolClass(class_name if number == 0 else f"{class_name}#{number}", year, group, unit))


def build_pupils(town: Town, pupils: int) -> None:
    """Exactly `pupils` pupils, each with a home: full classes, and in the last set's what is left, spread evenly.

    The first schools thus are as large in every municipality, which makes their pages comparable.
    """
    for index, school_class in enumerate(town.classes):
        number, place = divmod(index, CLASSES_A_SET)
        left = min(PUPILS_A_SET, pupils - number * PUPILS_A_SET)
        share = left * (place + 1) // CLASSES_A_SET - left * place // CLASSES_A_SET
        cast = town.cast_in(school_class.name)
        for role in cast:
            _enrol(town, school_class, town.people[role.key])
        for _pupil in range(max(0, share - len(cast))):
            _pupil_with_home(town, school_class)


def _enrol(town: Town, school_class: SchoolClass, pupil: Person) -> None:
    town.rows.add(
        Enrolment(
            id=town.rng.uuid(),
            pupil=pupil,
            school_unit=school_class.unit,
            school_type=school_class.group.school_type,
            school_year=school_class.year,
            start_date=town.first_day,
        ),
        GroupMembership(id=town.rng.uuid(), group=school_class.group, person=pupil, start_date=town.first_day),
    )
    school_class.pupils.append(pupil)


def _pupil_with_home(town: Town, school_class: SchoolClass) -> None:
    """92 of 100 children have two guardians, 7 one, 1 none (an assumption, since no statistic was found)."""
    rng, family = town.rng, town.rng.choice(FAMILY)
    age = rng.randrange(20, 55) if school_class.year is None else school_class.year + 6
    pupil = town.person(age, male=rng.random() < 0.5, family=family)
    _enrol(town, school_class, pupil)
    if age >= 18:
        return
    chance = rng.random()
    for number in range(2 if chance < 0.92 else 1 if chance < 0.99 else 0):
        shared = family if rng.random() < 0.7 else ""
        guardian = town.person(rng.randrange(30, 50), male=number == 1, family=shared)
        town.guardianship(guardian, pupil)
        town.homes.setdefault(pupil.id, guardian.id)


def build_cast(town: Town) -> None:
    """The cast comes first, so that they have official test numbers; then their homes."""
    for role in CAST:
        town.person(role.age, male=role.male, given=role.given, family=role.family, role=role)
    for role in CAST:
        for key in (*role.guards, *role.ended):
            town.guardianship(town.people[role.key], town.people[key], ended=key in role.ended)


def build_staff(town: Town, pupils: int) -> None:
    """The cast's duties, then a teacher for every twelve pupils, a mentor for every class."""
    units = {F6: town.units[0], SEVEN_NINE: town.units[1], ADULT: town.units[2]}
    for role in CAST:
        if role.duty:
            unit = units.get(role.duty[0])
            duty = _duty(town, town.people[role.key], unit, role.duty[1])
            town.cast_duties[role.key] = duty
    for unit in town.units:
        for _teacher in range(max(2, pupils // len(town.units) // PUPILS_A_TEACHER)):
            teacher = town.person(town.rng.randrange(25, 65), male=town.rng.random() < 0.25)
            town.duties[unit.id].append(_duty(town, teacher, unit, DutyRole.TEACHER))
    _mentors(town)


def _duty(town: Town, person: Person, unit: SchoolUnit | None, role: DutyRole) -> Duty:
    duty = Duty(
        id=town.rng.uuid(),
        person=person,
        school_unit=unit,
        organisation=None if unit else town.body,
        duty_role=role,
        signature=(person.given_name[:2] + person.family_name[:2]).upper(),
        start_date=town.first_day - timedelta(days=365),
    )
    town.rows.add(duty)
    return duty


def _mentors(town: Town) -> None:
    mentors = {role.mentors: town.cast_duties[role.key] for role in CAST if role.mentors}
    for index, school_class in enumerate(town.classes):
        teachers = town.duties[school_class.unit.id]
        _assign(town, mentors.get(school_class.name) or teachers[index % len(teachers)], school_class, AssignmentRoleType.MENTOR)
        if school_class.name == "4A":
            _assign(town, town.cast_duties["sunna"], school_class, AssignmentRoleType.SPECIAL_EDUCATOR)


def _assign(town: Town, duty: Duty, school_class: SchoolClass, kind: AssignmentRoleType) -> None:
    town.rows.add(
        AssignmentRole(id=town.rng.uuid(), duty=duty, group=school_class.group, assignment_role_type=kind, start_date=town.first_day)
    )
