"""Homes are told outside Dexter: at once or gathered, by the ways they have, and only of what is still theirs to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dexter.audit.models import Entry
from dexter.home import tasks
from dexter.home.actions.messages import write_message
from dexter.home.models import TellingState, Words
from dexter.home.models.message import last_gathering
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from dexter.notices.models import Delivery, Notice
from registry.models import EmailAddress, Guardianship, Person, PhoneNumber, ProtectedAccess
from tests.notices.servers import Gateway, MailServer

from .school_messages import SUBJECT, TEXT, choose, receipt, send, work

FRIDAY = days.today() + timedelta(days=(4 - days.today().weekday()) % 7 + 7)


@pytest.fixture
def karin(cast: Any) -> Person:
    """Elsa's mother, alone of the class to have addresses."""
    for model in (EmailAddress, PhoneNumber):
        model.objects.exclude(person=cast.karin).delete()
    EmailAddress.objects.filter(person=cast.karin).update(value="karin@example.org")
    PhoneNumber.objects.filter(person=cast.karin).update(value="070-174 06 05")
    return cast.karin


def test_an_urgent_one_goes_at_once_by_text_and_letter(
    cast: Any, karin: Person, teacher: Any, mail_server: MailServer, gateway: Gateway
) -> None:
    message = send(teacher, cast.group("4A"), urgency="urgent")
    work()
    [letter], [text] = mail_server.letters, gateway.requests
    assert letter["Subject"] == f"Granskolan: {SUBJECT}"
    assert "Ta med matsäck." in letter.get_content()
    assert "Anna Lindqvist, Granskolan" in letter.get_content()
    assert mail_server.recipients == ["karin@example.org"]
    assert text["text"] == f"Nytt brådskande meddelande från Granskolan. Läs i Dexter: http://localhost/meddelanden/{message.pk}/"
    for personal in ("Elsa", "Karin", SUBJECT, "matsäck", "Anna"):
        assert personal not in text["text"]
    assert receipt(message, karin).state == TellingState.TOLD
    page = teacher.get(f"/meddelanden/{message.pk}/").content.decode()
    assert "<dt>Har fått e-post eller sms</dt><dd>1</dd>" in page
    assert f"<dd>{message.receipts.filter(state='no_way').count()} <span" in page
    work()
    assert len(mail_server.letters) == len(gateway.requests) == 1


@pytest.mark.parametrize(("wish", "letters", "texts"), [("", 1, 1), ("sms", 0, 1), ("email", 1, 0)])
def test_the_urgent_channel_is_the_persons_choice(
    cast: Any, karin: Person, teacher: Any, mail_server: MailServer, gateway: Gateway, wish: str, letters: int, texts: int
) -> None:
    choose(karin, urgent_channel=wish)
    send(teacher, cast.group("4A"), urgency="urgent")
    work()
    assert (len(mail_server.letters), len(gateway.requests)) == (letters, texts)


def test_the_ordinary_ones_of_a_day_make_one_letter(
    cast: Any, karin: Person, teacher: Any, mail_server: MailServer, gateway: Gateway, at: Any
) -> None:
    at(9, 0)
    for number in range(3):
        send(teacher, cast.group("4A"), subject=f"Nummer {number}")
    at(15, 59)
    work()
    assert mail_server.letters == []
    at(16, 0)
    work()
    [letter] = mail_server.letters
    assert letter["Subject"] == "3 nya meddelanden från skolan"
    assert [letter.get_content().count(f"Nummer {number}") for number in range(3)] == [1, 1, 1]
    assert gateway.requests == []
    assert Notice.objects.count() == 1
    at(16, 15)
    send(teacher, cast.group("4A"), subject="Nummer 4")
    work()
    assert len(mail_server.letters) == 1  # it waits for tomorrow
    at(16, 0, day=days.today() + timedelta(days=1))
    work()
    assert mail_server.letters[1]["Subject"] == "Granskolan: Nummer 4"


def test_the_weekly_letter_comes_on_friday(cast: Any, karin: Person, teacher: Any, mail_server: MailServer, at: Any) -> None:
    choose(karin, digest="weekly")
    at(9, 0, day=FRIDAY - timedelta(days=4))
    send(teacher, cast.group("4A"))
    for day in range(4):
        at(16, 30, day=FRIDAY - timedelta(days=4 - day))
        work()
    assert mail_server.letters == []
    at(16, 0, day=FRIDAY)
    work()
    assert len(mail_server.letters) == 1


def test_at_once_means_at_once_each_by_itself(cast: Any, karin: Person, teacher: Any, mail_server: MailServer, at: Any) -> None:
    choose(karin, digest="at_once")
    at(9, 0)
    for _number in range(2):
        send(teacher, cast.group("4A"))
        work()
    assert [letter["Subject"] for letter in mail_server.letters] == [f"Granskolan: {SUBJECT}"] * 2


def test_what_was_read_or_is_another_choice_by_then_follows(
    cast: Any, karin: Person, teacher: Any, client_as: Callable[..., Any], mail_server: MailServer, at: Any
) -> None:
    at(9, 0)
    first, _second = (send(teacher, cast.group("4A"), subject=f"Nummer {number}") for number in range(2))
    client_as("karin", Role.GUARDIAN).get(f"/meddelanden/{first.pk}/")
    choose(karin, digest="at_once")
    tasks.tell_homes_in_time(timestamp=0)
    work()
    [letter] = mail_server.letters
    assert letter["Subject"] == "Granskolan: Nummer 1"


def test_one_read_or_recalled_between_gathering_and_sending_is_left_out(
    cast: Any, karin: Person, teacher: Any, client_as: Callable[..., Any], mail_server: MailServer, at: Any
) -> None:
    at(9, 0)
    first, second, _third = (send(teacher, cast.group("4A"), subject=f"Nummer {number}") for number in range(3))
    at(16, 0)
    tasks.tell_homes()
    client_as("karin", Role.GUARDIAN).get(f"/meddelanden/{first.pk}/")
    teacher.send(f"/meddelanden/{second.pk}/aterkalla/")
    work()
    [letter] = mail_server.letters
    assert letter["Subject"] == "Granskolan: Nummer 2"


def test_without_an_e_mail_address_a_text_says_that_there_is_something(
    cast: Any, karin: Person, teacher: Any, mail_server: MailServer, gateway: Gateway, at: Any
) -> None:
    EmailAddress.objects.filter(person=karin).delete()
    at(9, 0)
    for _number in range(2):
        send(teacher, cast.group("4A"))
    at(16, 0)
    work()
    assert [text["text"] for text in gateway.requests] == ["2 nya meddelanden från skolan. Läs i Dexter: http://localhost/meddelanden/"]
    assert mail_server.letters == []


def test_the_letter_comes_in_the_persons_language(cast: Any, karin: Person, teacher: Any, mail_server: MailServer) -> None:
    choose(karin, language="en", urgent_channel="email")
    send(teacher, cast.group("4A"), urgency="urgent", subject_en="Outdoor day", text_en="Bring lunch.")
    send(teacher, cast.group("4A"), urgency="urgent")
    work()
    first, second = mail_server.letters
    assert first["Subject"] == "Granskolan: Outdoor day"
    assert "Bring lunch." in first.get_content()
    assert "Read it in Dexter" in first.get_content()
    assert "Ta med matsäck." in second.get_content()  # not written in English: the site's language


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: Guardianship.objects.filter(guardian=cast.karin).update(revoked_at=days.now()),
        lambda cast: Guardianship.objects.filter(guardian=cast.karin).update(end_date=days.today() - timedelta(days=1)),
        lambda cast: Person.objects.filter(pk=cast.id("karin")).update(security_marking="Sekretessmarkering", agreed_name="Alex Ek"),
        lambda cast: Person.objects.filter(pk=cast.id("elsa")).update(security_marking="Sekretessmarkering", agreed_name="Lo Ek"),
        lambda cast: Person.objects.filter(pk=cast.id("karin")).update(person_status="Avliden"),
        lambda cast: Person.objects.filter(pk=cast.id("elsa")).update(birth_date=days.years_before(days.today(), 18)),
    ],
    ids=["revoked", "ended", "guardian protected", "child protected", "deceased", "of age"],
)
@pytest.mark.parametrize("queued", [True, False])
def test_what_changed_since_holds_when_it_is_sent(
    cast: Any, karin: Person, teacher: Any, mail_server: MailServer, gateway: Gateway, change: Any, queued: bool
) -> None:
    send(teacher, cast.group("4A"), urgency="urgent")
    if queued:
        tasks.tell_homes()
    change(cast)
    work()
    assert (mail_server.letters, gateway.requests) == ([], [])
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"withdrawn"}


def test_a_protected_home_is_told_by_hand_by_who_is_named(
    cast: Any, teacher: Any, client_as: Callable[..., Any], mail_server: MailServer, gateway: Gateway
) -> None:
    EmailAddress.objects.create(person=cast.petra, value="petra@example.org")
    message = send(teacher, cast.group("4A"), urgency="urgent")
    work()
    assert "petra@example.org" not in mail_server.recipients
    assert receipt(message, cast.petra).state == TellingState.BY_HAND
    ingrid, path = client_as("ingrid", Role.STAFF), f"/meddelanden/{message.pk}/"
    for browser in (ingrid, teacher):
        assert "Kim Ek" not in browser.get(path).content.decode()
        assert browser.send(f"/meddelanden/hem/{receipt(message, cast.petra).pk}/berattat/").status_code == 404
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.ingrid, granted_by=cast.ingrid, reason="kontakt")
    assert "Berätta på annat sätt" in ingrid.get("/meddelanden/").content.decode()
    page = ingrid.get(path).content.decode()
    assert "Kim Ek" in page
    assert "Petra" not in page
    line = Entry.objects.get(action="home.message_detail")
    assert set(line.subjects) == {cast.id("kim"), cast.id("petra")}
    assert ingrid.send(f"/meddelanden/hem/{receipt(message, cast.petra).pk}/berattat/").status_code == 302
    told = receipt(message, cast.petra)
    assert (told.told_by_id, told.state) == (cast.id("ingrid"), TellingState.BY_HAND)
    assert "Kim Ek" not in ingrid.get(path).content.decode()
    assert "Kim Ek" not in teacher.get(path).content.decode()


def test_one_marked_before_the_letter_is_made_goes_to_those_who_tell_by_hand(cast: Any, karin: Person, teacher: Any, at: Any) -> None:
    at(9, 0)
    message = send(teacher, cast.group("4A"))
    Person.objects.filter(pk=karin.pk).update(security_marking="Sekretessmarkering", agreed_name="Alex Ek")
    at(16, 0)
    work()
    assert receipt(message, karin).state == TellingState.BY_HAND


def test_what_got_nowhere_is_told_to_the_sender_as_a_number(cast: Any, karin: Person, teacher: Any, mail_server: MailServer) -> None:
    choose(karin, urgent_channel="email")
    PhoneNumber.objects.filter(person=karin).delete()
    mail_server.replies = ["550 no such mailbox"]
    message = send(teacher, cast.group("4A"), urgency="urgent")
    work()
    nobody = message.receipts.filter(state="no_way").count()
    assert f"<dd>{nobody + 1} <span" in teacher.get(f"/meddelanden/{message.pk}/").content.decode()


def test_a_lost_job_loses_no_message_and_two_workers_make_one_letter(
    cast: Any, karin: Person, teacher: Any, mail_server: MailServer, gateway: Gateway
) -> None:
    send(teacher, cast.group("4A"), urgency="urgent")
    tasks.tell_homes_in_time(timestamp=0)  # the job of the sending was lost
    tasks.tell_homes()
    work()
    assert (len(mail_server.letters), len(gateway.requests)) == (1, 1)


def test_telling_takes_the_same_statements_for_three_homes_and_for_many(
    cast: Any, teacher: Any, statements: Callable[..., int], at: Any
) -> None:
    at(9, 0)
    send(teacher, cast.group("4A"))
    at(16, 0)
    few = statements(tasks.tell_homes)
    at(16, 5)
    for name in ("1A", "2A", "3A", "5A", "6A", "4A"):
        pekka_sends(cast, name)
    at(16, 0, day=days.today() + timedelta(days=1))
    many = statements(tasks.tell_homes)
    assert Notice.objects.count() > 20
    assert few == many == 10


def pekka_sends(cast: Any, name: str) -> None:

    pekka = Actor(cast.id("pekka"), Role.STAFF, Level.TWO_FACTOR)
    write_message(actor=pekka, target=cast.group(name), words=Words("sv", SUBJECT, TEXT), others=[], urgency="routine", submission=uuid4())


@pytest.mark.parametrize(
    ("moment", "daily", "weekly"),
    [
        ((date(2026, 11, 25), 15, 59), date(2026, 11, 24), date(2026, 11, 20)),
        ((date(2026, 11, 25), 16, 0), date(2026, 11, 25), date(2026, 11, 20)),
        ((date(2026, 11, 27), 15, 59), date(2026, 11, 26), date(2026, 11, 20)),
        ((date(2026, 11, 27), 16, 0), date(2026, 11, 27), date(2026, 11, 27)),
        ((date(2026, 11, 28), 3, 0), date(2026, 11, 27), date(2026, 11, 27)),
        ((date(2026, 3, 29), 16, 0), date(2026, 3, 29), date(2026, 3, 27)),  # summer time begins
        ((date(2026, 10, 25), 15, 59), date(2026, 10, 24), date(2026, 10, 23)),  # and ends
    ],
)
def test_four_o_clock_is_the_schools(moment: Any, daily: date, weekly: date) -> None:
    day, hour, minute = moment
    now = days.moment(day, time(hour, minute)).astimezone(days.UTC)
    assert last_gathering(now) == days.moment(daily, time(16))
    assert last_gathering(now, weekly=True) == days.moment(weekly, time(16))
