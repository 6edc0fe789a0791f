"""The page that a message leads to: who opens it, and what it says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from absence.actions import reports
from absence.actions.reports import Span
from absence.actions.roll_calls import Seen
from absence.models import Judgement, UnauthorisedDay, Verdict
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from registry.models import CalendarEvent, Guardianship, Person
from tests.conftest import OVERHEAD
from tests.notices.servers import Gateway, MailServer
from tests.pages import visible

from .same_day import AWAY, SchoolDay


@pytest.fixture
def day(cast: Any, gateway: Gateway, mail_server: MailServer) -> Iterator[SchoolDay]:
    played = SchoolDay(cast)
    yield played
    played.stop()


@pytest.fixture
def lessons(cast: Any) -> list[CalendarEvent]:
    return list(CalendarEvent.objects.filter(activity__groups__name="4A", day=days.today(), cancelled=False).order_by("starts_at"))


@pytest.fixture
def path(cast: Any, day: SchoolDay, lessons: Any) -> str:
    """Sami's day, told of at 8.25."""
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(8, 26)
    return f"/franvaro/dag/{UnauthorisedDay.objects.get().pk}/"


def test_a_guardian_sees_the_day_in_words_and_what_to_do(
    cast: Any, day: SchoolDay, lessons: Any, path: str, client_as: Callable[..., Any]
) -> None:
    day.at(lessons[1].ends_at.astimezone(days.STOCKHOLM).hour + 1).mark("anna", lessons[1], sami=Seen(late=10, other=5))
    amira = client_as("amira", Role.GUARDIAN)
    page = amira.get(path).content.decode()
    assert "Sami Haddad" in page
    assert f"Ogiltig frånvaro, {lessons[0].minutes} min" in page
    assert "Ogiltig frånvaro, 10 min" in page
    assert "Annan skolaktivitet, 5 min" in page
    assert "/franvaro/anmal/" in page
    assert page.count("Första beskedet") == 1  # one's own; not what the other guardian was told
    assert "Jonas" not in page
    assert "Skickat 08:25" in page
    number = cast.amira.phone_numbers.get().value
    assert number not in page
    assert not Entry.objects.filter(action="absence.absence_day").exists()


def test_what_came_after_is_there_too(cast: Any, day: SchoolDay, lessons: Any, path: str, client_as: Callable[..., Any]) -> None:
    guardian = Actor(cast.id("amira"), Role.GUARDIAN, Level.E_ID)
    reports.report_absence(actor=guardian, pupils=[cast.sami], span=Span(days.today(), days.today()), submission=uuid.uuid4())
    amira = client_as("amira", Role.GUARDIAN)
    page = amira.get(path).content.decode()
    assert f"Väntar på skolans bedömning, {lessons[0].minutes} min" in page
    assert "Anmäld frånvarande, närvaron är inte tagen" in page
    Judgement.objects.create(lesson=lessons[0], pupil=cast.sami, verdict=Verdict.VALID, judged_by=cast.anna, judged_at=days.now())
    day.mark("anna", lessons[1])
    page = amira.get(path).content.decode()
    assert f"Giltig frånvaro, {lessons[0].minutes} min" in page
    assert "Närvarande" in page


def test_the_school_sees_every_sending_and_its_reading_is_logged(cast: Any, path: str, client_as: Callable[..., Any]) -> None:
    for key in ("anna", "pekka", "ingrid"):
        page = client_as(key, Role.STAFF).get(path).content.decode()
        assert "Amira Haddad" in page
        assert "Jonas Haddad" in page
        assert page.count("Sms: Skickat 08:25") + page.count("Textmeddelande: Skickat 08:25") + page.count("SMS: Skickat 08:25") == 2
        assert page.count("E-post: Skickat 08:25") == 2
        assert "@example.org" not in page
        assert "070-" not in visible(page)
    assert list(Entry.objects.filter(action="absence.absence_day").values_list("subjects", flat=True)) == [[cast.id("sami")]] * 3


def test_who_opens_it(cast: Any, day: SchoolDay, path: str, client_as: Callable[..., Any]) -> None:
    opens = {("amira", Role.GUARDIAN): 200, ("jonas", Role.GUARDIAN): 200, ("sami", Role.PUPIL): 200, ("anna", Role.STAFF): 200,
             ("karin", Role.GUARDIAN): 404, ("elsa", Role.PUPIL): 404, ("maja", Role.STAFF): 404, ("lars", Role.STAFF): 404,
             ("hassan", Role.STAFF): 404, ("birgitta", Role.STAFF): 404}  # fmt: skip
    assert {who: client_as(*who).get(path).status_code for who in opens} == opens
    assert client_as("amira", Role.GUARDIAN).get(f"/franvaro/dag/{uuid.uuid4()}/").status_code == 404
    assert client_as("anna", Role.STAFF, Level.PASSWORD).get(path).url.startswith("/bekrafta/")


def test_it_closes_with_the_guardianship_and_with_a_protection(cast: Any, day: SchoolDay, path: str, client_as: Callable[..., Any]) -> None:
    jonas, amira, pekka = client_as("jonas", Role.GUARDIAN), client_as("amira", Role.GUARDIAN), client_as("pekka", Role.STAFF)
    Guardianship.objects.filter(guardian=cast.jonas, child=cast.sami).update(end_date=days.today() - timedelta(days=1))
    assert (jonas.get(path).status_code, amira.get(path).status_code) == (404, 200)
    Person.objects.filter(pk=cast.id("sami")).update(security_marking="Sekretessmarkering", agreed_name="Sam Ek")
    assert (amira.get(path).status_code, pekka.get(path).status_code) == (404, 404)


def test_a_pupil_reads_the_own_day_without_what_the_home_was_told(cast: Any, path: str, client_as: Callable[..., Any]) -> None:
    page = client_as("sami", Role.PUPIL).get(path).content.decode()
    assert "Ogiltig frånvaro" in page
    assert "Första beskedet" not in page


def test_a_name_with_script_stays_text(cast: Any, path: str, client_as: Callable[..., Any]) -> None:
    Person.objects.filter(pk=cast.id("sami")).update(given_name="<script>alert(1)</script>")
    assert "<script>alert" not in client_as("amira", Role.GUARDIAN).get(path).content.decode()


def test_it_takes_few_statements(
    cast: Any, day: SchoolDay, lessons: Any, path: str, client_as: Callable[..., Any], statements: Any
) -> None:
    amira = client_as("amira", Role.GUARDIAN)
    amira.get("/om-dexter/")
    assert statements(lambda: amira.get(path)) <= 9 + OVERHEAD
    before = statements(lambda: amira.get(path))
    day.mark("anna", lessons[1], sami=AWAY)
    day.mark("anna", lessons[2], sami=AWAY)
    assert statements(lambda: amira.get(path)) == before


def test_a_guardian_asks_for_a_correction_of_a_lesson(cast: Any, lessons: Any, path: str, client_as: Callable[..., Any]) -> None:
    amira = client_as("amira", Role.GUARDIAN)
    ask = f"/narvaro/lektion/{lessons[0].pk}/{cast.id('sami')}/ratta/"
    page = amira.get(path).content.decode()
    assert page.count(ask) == page.count("/ratta/") == 1  # none for lessons without roll-call
    assert amira.get(ask).status_code == 200
    assert "/ratta/" not in client_as("anna", Role.STAFF).get(path).content.decode()
