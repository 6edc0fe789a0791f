"""What the parts of the demo share while it is built: chance, numbers, rows, and what has been made so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid5

from dexter.lib import civic
from registry.models import (
    Activity,
    CivicNumber,
    Duty,
    EmailAddress,
    EmailType,
    Group,
    Guardianship,
    Organisation,
    Person,
    PhoneNumber,
    Room,
    SchoolUnit,
    SecurityMarking,
    Sex,
)

from .cast import BY_KEY, Role
from .names import FAMILY, GIVEN
from .seeded import Numbers, Seeded, Writer


@dataclass
class SchoolClass:
    """A class while the demo is built, with the pupils and the activities by slot of the day."""

    name: str
    year: int | None
    group: Group
    unit: SchoolUnit
    pupils: list[Person] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    room: Room | None = None
    first_slot: int = 0  # hours after the day's first
    is_language: bool = False  # half of two classes, beside their own lessons


@dataclass
class Town:
    rng: Seeded
    numbers: Numbers
    rows: Writer
    today: date
    year_start: date
    year_end: date
    body: Organisation
    units: list[SchoolUnit] = field(default_factory=list)
    classes: list[SchoolClass] = field(default_factory=list)
    duties: dict[UUID, list[Duty]] = field(default_factory=dict)  # teachers by school unit
    language_groups: list[SchoolClass] = field(default_factory=list)
    homes: dict[UUID, UUID] = field(default_factory=dict)  # of the made-up pupils outside the cast: one guardian of each
    registry_numbers: dict[int, int] = field(default_factory=dict)  # given so far, by year
    first_day: date = date.min  # when places, groups and teaching began
    people: dict[str, Person] = field(default_factory=dict)  # the cast by key
    civic_numbers: dict[str, civic.CivicNo] = field(default_factory=dict)
    cast_duties: dict[str, Duty] = field(default_factory=dict)

    def born(self, age: int) -> date:
        """A birth date that makes somebody `age` years old today, some time into the year."""
        return self.today - timedelta(days=age * 365 + age // 4 + 60 + self.rng.randrange(200))

    def person(self, age: int, *, male: bool, given: str = "", family: str = "", role: Role | None = None) -> Person:
        """A person with a number and, if grown up, contact details (numbers and domains made for fiction)."""
        sex = Sex.MALE if male else Sex.FEMALE
        born = self.born(age)
        number = self.numbers.take(born.year, male=male)
        person = Person(
            id=self.rng.uuid(),
            given_name=given or self.rng.choice(GIVEN[sex.value]),
            family_name=family or self.rng.choice(FAMILY),
            agreed_name=role.agreed_name if role else "",
            security_marking=role.marking if role else SecurityMarking.NONE,
            birth_date=number.birth_date if role is None and number.kind is civic.Kind.PERSONAL else born,
            sex=sex,
        )
        self.rows.add(person, self._number(person, number))
        if role:
            self.people[role.key], self.civic_numbers[role.key] = person, number
        if age >= 18 and not (role and role.agreed_name):
            self._contact(person, role)
        return person

    def _number(self, person: Person, number: civic.CivicNo) -> CivicNumber:
        hashed, encrypted = civic.keyed_hash(number.value), civic.encrypt(number.value)
        return CivicNumber(id=self.rng.uuid(), person=person, kind=number.kind, encrypted=encrypted, keyed_hash=hashed)

    def _contact(self, person: Person, role: Role | None) -> None:
        phone = f"070-174 06 {self.rng.randrange(5, 100):02d}"  # of the series that is kept for books and films
        self.rows.add(
            PhoneNumber(id=self.rng.uuid(), person=person, value=phone),
            EmailAddress(id=self.rng.uuid(), person=person, value=f"{person.id.hex[-8:]}@example.org"),
        )
        if role and role.duty:
            work = f"{role.username}@skola.example.org"
            self.rows.add(EmailAddress(id=uuid5(person.id, work), person=person, value=work, email_type=EmailType.STAFF))

    def guardianship(self, guardian: Person, child: Person, *, ended: bool = False) -> None:
        yesterday = self.today - timedelta(days=1)
        start = self.today - timedelta(days=800)
        self.rows.add(
            Guardianship(id=self.rng.uuid(), guardian=guardian, child=child, start_date=start, end_date=yesterday if ended else None)
        )

    def classes_of(self, unit: SchoolUnit) -> list[SchoolClass]:
        return [school_class for school_class in self.classes if school_class.unit is unit]

    def languages_of(self, unit: SchoolUnit) -> list[SchoolClass]:
        return [group for group in self.language_groups if group.unit is unit]

    def cast_in(self, class_name: str) -> list[Role]:
        return [role for role in BY_KEY.values() if role.cls == class_name]
