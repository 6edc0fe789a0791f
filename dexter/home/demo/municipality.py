"""The whole demo municipality, in one transaction: a run that is cut off leaves nothing behind."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from dexter.home.models import Municipality
from dexter.lib import days
from dexter.lib.copying import begin_bulk_load
from registry.models import Organisation, OrganisationType, Person

from . import history, schools, timetable
from .cast import BY_KEY, CAST, PASSWORD, TOTP_SECRET
from .curriculum import build_curriculum
from .seeded import Numbers, Seeded, Writer
from .town import Town

NAME = "Älvsunda kommun"


@transaction.atomic
def build(
    *, pupils: int, seed: int, weeks_ahead: int, weeks_back: int, quiet: bool, while_history: AbstractContextManager[None] | None = None
) -> Town:
    """Make the municipality with exactly `pupils` pupils (the cast among them); the same day and seed give the same rows.

    `while_history` is entered while what has passed is written, by far the most of it.
    """
    begin_bulk_load()
    town = _founded(seed, quiet)
    town.first_day = min(town.year_start, town.today - timedelta(weeks=weeks_back))
    schools.build_calendar(town)
    schools.build_schools(town, pupils)
    schools.build_cast(town)
    schools.build_pupils(town, pupils)
    schools.build_staff(town, pupils)
    timetable.build_activities(town, timetable.build_subjects(town))
    timetable.build_language_groups(town, timetable.build_spanish(town))
    timetable.build_after_school(town)
    timetable.build_lessons(town, town.today, town.today + timedelta(weeks=weeks_ahead))
    _accounts(town)
    town.rows.flush()  # with the database's checks and triggers, whatever is spared while the history is written
    with while_history or nullcontext():
        history.build_history(town, weeks_back)
        town.rows.close()
    build_curriculum()
    timetable.substitute_today(town.today)
    return town


def _founded(seed: int, quiet: bool) -> Town:
    rng, rows, today = Seeded(seed), Writer(quiet=quiet), days.today()
    Municipality.objects.get_or_create(
        defaults={
            "name": NAME,
            "contact_name": "Skolans servicecenter",
            "contact_email": "skola@example.org",
            "contact_phone": "08-465 004 00",
        }
    )
    body = Organisation(id=rng.uuid(), name=NAME, organisation_type=OrganisationType.RESPONSIBLE_BODY, municipality_code="9999")
    rows.add(body)
    start = date(today.year if today.month >= 7 else today.year - 1, 7, 1)
    return Town(rng, Numbers(), rows, today, start, date(start.year + 1, 6, 30), body)


def _accounts(town: Town) -> None:
    """Every pupil and the whole staff can sign in; they share one hash of the demo's password, since hashing is slow."""
    shared = make_password(PASSWORD)
    names = {town.people[role.key].id: role.username for role in CAST if role.username}
    pupils = [pupil for school_class in town.classes for pupil in school_class.pupils]
    teachers = [duty.person for duties in town.duties.values() for duty in duties]
    people: dict[object, Person] = {person.id: person for person in (*pupils, *teachers)}
    people |= {town.people[key].id: town.people[key] for key, role in BY_KEY.items() if role.username}
    for number, person in enumerate(people.values(), 1_000_000):
        user = User(id=town.rng.uuid(), person=person, username=names.get(person.id, f"a{number}"), password=shared)
        town.rows.add(user)
        if names.get(person.id) and any(BY_KEY[key].duty for key in BY_KEY if town.people[key].id == person.id):
            town.rows.add(Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(TOTP_SECRET)}))
