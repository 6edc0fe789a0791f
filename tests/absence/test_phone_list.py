"""Whom the office phones because no channel got through, and what is written down of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from absence.models import PhoneCall
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import CalendarEvent, Person, PhoneNumber, ProtectedAccess
from tests.notices.servers import Gateway, MailServer
from tests.pages import visible

from .same_day import AWAY, SchoolDay

PATH = "/franvaro/ringlista/"


@pytest.fixture
def day(cast: Any, gateway: Gateway, mail_server: MailServer) -> Iterator[SchoolDay]:
    """Nothing gets through: the gateway refuses, the mail server knows nobody."""
    gateway.answers, mail_server.replies = [(400, {})] * 99, ["550 nobody here"] * 99
    played = SchoolDay(cast)
    yield played
    played.stop()


@pytest.fixture
def lessons(cast: Any) -> list[CalendarEvent]:
    return list(CalendarEvent.objects.filter(activity__groups__name="4A", day=days.today(), cancelled=False).order_by("starts_at"))


@pytest.fixture
def office(client_as: Callable[..., Any], day: SchoolDay) -> Any:
    return client_as("pekka", Role.STAFF)


def call_path(page: str) -> str:
    return page.split(f'action="{PATH}')[1].split('"')[0]


def test_what_no_channel_delivered_is_phoned_and_written_down(cast: Any, day: SchoolDay, lessons: Any, office: Any) -> None:
    assert "Ingen att ringa" in office.get(PATH).content.decode()
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    page = office.get(PATH).content.decode()
    assert "Elsa Sandström" in page
    assert "Karin Sandström" in page
    assert "Mikael" not in page
    assert PhoneNumber.objects.get(person=cast.karin).value in page
    assert page.count("Inte skickat") == 2
    assert Entry.objects.filter(action="absence.phone_list").latest("at").subjects
    form = {"outcome": "no_answer", "submission": str(uuid.uuid4())}
    path = PATH + call_path(page)
    day.at(8, 30)
    for _twice in range(2):
        page = office.send(path, form, follow=True).content.decode()
    assert page.count("Inget svar 08:30, Pekka Niemi") == 1
    assert "Underrättad" not in page
    page = office.send(path, {"outcome": "reached", "submission": str(uuid.uuid4())}, follow=True).content.decode()
    assert "Underrättad" in page
    page = office.send(path, {"outcome": "wrong_number", "submission": str(uuid.uuid4())}, follow=True).content.decode()
    assert "Underrättad" not in page  # the latest outcome holds
    assert Entry.objects.filter(action="absence.record_call").count() == 3


def test_a_gateway_that_may_have_sent_puts_the_home_on_the_list(
    cast: Any, day: SchoolDay, lessons: Any, office: Any, gateway: Gateway
) -> None:
    gateway.answers = [(500, {})]
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    page = office.get(PATH).content.decode()
    assert "Kanske skickat" in page
    assert len(gateway.requests) == 1


def test_one_way_that_went_through_is_enough(
    cast: Any, day: SchoolDay, lessons: Any, office: Any, gateway: Gateway, mail_server: MailServer
) -> None:
    gateway.answers = []
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    assert "Ingen att ringa" in office.get(PATH).content.decode()


def test_what_is_mended_meanwhile_is_phoned_no_more(cast: Any, day: SchoolDay, lessons: Any, office: Any) -> None:
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    day.mark("anna", lessons[0])
    day.at(8, 30)
    assert "Ingen att ringa" in office.get(PATH).content.decode()


def test_who_was_told_by_phone_is_phoned_about_the_correction(cast: Any, day: SchoolDay, lessons: Any, office: Any) -> None:
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    path = PATH + call_path(office.get(PATH).content.decode())
    office.send(path, {"outcome": "reached", "submission": str(uuid.uuid4())})
    day.at(9).mark("anna", lessons[0])
    day.at(9, 1)
    page = office.get(PATH).content.decode()
    assert "Rättelse 09:00" in page
    assert "Underrättad" not in page


def test_the_phones_of_other_schools_and_other_days_are_not_shown(
    cast: Any, day: SchoolDay, lessons: Any, office: Any, client_as: Callable[..., Any]
) -> None:
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    path = PATH + call_path(office.get(PATH).content.decode())
    call = {"outcome": "reached", "submission": str(uuid.uuid4())}
    hassan = client_as("hassan", Role.STAFF)
    assert "Elsa" not in visible(hassan.get(PATH))
    assert hassan.send(path, call).status_code == 404
    for key, status in (("anna", 403), ("lars", 403), ("birgitta", 403)):
        assert client_as(key, Role.STAFF).get(PATH).status_code == status
        assert client_as(key, Role.STAFF).send(path, call).status_code == 404
    for key, role in (("karin", Role.GUARDIAN), ("sami", Role.PUPIL)):
        assert client_as(key, role).get(PATH).status_code == client_as(key, role).send(path, call).status_code == 404
    assert client_as("pekka", Role.STAFF, Level.PASSWORD).get(PATH).url.startswith("/bekrafta/")
    assert office.send(f"{PATH}{uuid.uuid4()}/", call).status_code == 404
    assert not PhoneCall.objects.exists()


def test_what_is_not_an_outcome_is_refused(cast: Any, day: SchoolDay, lessons: Any, office: Any) -> None:
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    path = PATH + call_path(office.get(PATH).content.decode())
    for form in ({"outcome": "<script>", "submission": str(uuid.uuid4())}, {"outcome": "reached", "submission": "x"}, {}):
        assert "Försök igen" in office.send(path, form, follow=True).content.decode()
    assert office.get(path).status_code == 405
    assert not PhoneCall.objects.exists()


def test_a_protected_pupil_is_phoned_by_who_is_named_and_nobody_else(
    cast: Any, day: SchoolDay, lessons: Any, office: Any, client_as: Callable[..., Any]
) -> None:
    PhoneNumber.objects.create(person=cast.petra, value="070-174 06 99")
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.sunna, granted_by=cast.ingrid, reason="stöd")
    day.at(8, 10).mark("anna", lessons[0], kim=AWAY)
    day.at(8, 26)
    for key in ("pekka", "ingrid"):
        page = client_as(key, Role.STAFF).get(PATH).content.decode()
        assert "Ingen att ringa" in page
        assert "070-174 06 99" not in page
    sunna = client_as("sunna", Role.STAFF)
    page = sunna.get(PATH).content.decode()
    assert "Kim Ek" in page
    assert "Robin" not in page
    assert "070-174 06 99" in page
    path = PATH + call_path(page)
    assert office.send(path, {"outcome": "reached", "submission": str(uuid.uuid4())}).status_code == 404
    assert "Underrättad" in sunna.send(path, {"outcome": "reached", "submission": str(uuid.uuid4())}, follow=True).content.decode()


def test_a_protection_set_on_the_way_moves_the_home_to_who_is_named(
    cast: Any, day: SchoolDay, lessons: Any, office: Any, client_as: Callable[..., Any], gateway: Gateway, mail_server: MailServer
) -> None:
    gateway.answers, mail_server.replies = [(503, {})] * 9, ["451 later"] * 9
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 25)
    Person.objects.filter(pk=cast.id("elsa")).update(security_marking="Sekretessmarkering", agreed_name="Eva Ek")
    ProtectedAccess.objects.create(person=cast.elsa, grantee=cast.ingrid, granted_by=cast.ingrid, reason="ansvarig")
    day.at(9)
    assert "Ingen att ringa" in office.get(PATH).content.decode()
    page = client_as("ingrid", Role.STAFF).get(PATH).content.decode()
    assert "Eva Ek" in page
    assert "Elsa" not in visible(page)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_statements_for_any_number(
    cast: Any, day: SchoolDay, lessons: Any, office: Any, statements: Any, count: int
) -> None:
    keys = ["elsa", "sami", *[str(n) for n in range(9)]][:count]
    group = cast.group("4A")
    members = Person.objects.members_of(group, days.today()).exclude(pk__in=[cast.id("kim")])[:count]
    day.cast._keys = {**day.cast._keys, **{f"m{n}": str(person.pk) for n, person in enumerate(members)}}
    day.at(8, 10).mark("anna", lessons[0], **{f"m{n}": AWAY for n in range(len(keys))})
    day.at(8, 26)
    office.get("/om-dexter/")
    assert statements(lambda: office.get(PATH)) == 11
