"""The pages of one's own contact details: whose they are, the card on the start page, protected persons, what the office sees."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from dexter.notices.models import Delivery, Notice
from registry import tasks
from registry.models import ContactChange, EmailAddress, Person, PhoneNumber

from .contacts import MAIL, PHONE, ask, code_to, emails, outbox, wrong


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(days.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def karin(client_as: Callable[..., Any]) -> Any:
    return client_as("karin", Role.GUARDIAN)


def test_an_adult_pupil_keeps_the_own_and_a_minor_does_not(cast: Any, client_as: Callable[..., Any]) -> None:
    piera = client_as("piera", Role.PUPIL, Level.E_ID)
    assert "/mina-uppgifter/" in piera.get("/start/").content.decode()
    page = ask(piera, "piera@example.org")
    assert piera.send(page, {"code": code_to("piera@example.org")}).status_code == 302
    assert ("piera@example.org", True) in emails(cast.piera)
    oskar = client_as("oskar", Role.PUPIL, Level.E_ID)
    assert "/mina-uppgifter/" not in oskar.get("/start/").content.decode()
    assert {oskar.get(path).status_code for path in ("/mina-uppgifter/", MAIL, PHONE)} == {403}
    assert oskar.send(MAIL, {"value": "oskar@example.org"}).status_code == 403
    assert oskar.send("/mina-uppgifter/stammer/").status_code == 403


def protect(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(security_marking="Sekretessmarkering", agreed_name="Alex Ek")


def test_a_protected_person_is_sent_nothing_and_referred_to_the_school(cast: Any, guardian: Any) -> None:
    [(old, _verified)] = emails(cast.amira)
    protect(cast.amira)
    page = guardian.get("/mina-uppgifter/").content.decode()
    assert old not in page
    assert MAIL not in page
    assert "/kontakt/" in page
    assert "/mina-uppgifter/stammer/" not in guardian.get("/start/").content.decode()
    for path, value in ((MAIL, "ny@example.org"), (MAIL, old), (PHONE, "0701740605")):
        assert guardian.send(path, {"value": value}).status_code == 403
    assert not Notice.objects.exists()


def test_a_marking_stops_a_code_on_its_way_and_one_that_arrived(cast: Any, guardian: Any) -> None:
    page = ask(guardian, "ny@example.org")
    protect(cast.amira)
    assert outbox() == []
    assert Delivery.objects.get().state == "withdrawn"
    assert guardian.send(page, {"code": ContactChange.objects.get().code}).status_code == 403
    assert ("ny@example.org", True) not in emails(cast.amira)


def test_the_card_shows_until_somebody_says_that_they_are_right(cast: Any, guardian: Any) -> None:
    [(old, _verified)] = emails(cast.amira)
    start = guardian.get("/start/").content.decode()
    assert old in start
    assert "/mina-uppgifter/stammer/" in start
    assert guardian.send("/mina-uppgifter/stammer/").url == "/start/"
    assert old not in guardian.get("/start/").content.decode()
    assert emails(cast.amira) == [(old, False)]  # looked at, not confirmed
    assert Person.objects.get(pk=cast.id("amira")).school_owned == []
    assert Entry.objects.filter(action="registry.approve_contact", actor_id=cast.id("amira")).count() == 1


def test_with_nothing_registered_there_is_nothing_to_call_right(cast: Any, guardian: Any) -> None:
    EmailAddress.objects.filter(person=cast.amira).delete()
    PhoneNumber.objects.filter(person=cast.amira).delete()
    start = guardian.get("/start/").content.decode()
    assert "/mina-uppgifter/stammer/" not in start
    assert "/mina-uppgifter/" in start


def test_the_card_takes_no_statement_of_its_own(cast: Any, guardian: Any, statements: Callable[..., int]) -> None:
    guardian.get("/start/")
    with_card = statements(lambda: guardian.get("/start/"))
    guardian.send("/mina-uppgifter/stammer/")
    guardian.get("/start/")
    assert with_card == statements(lambda: guardian.get("/start/"))


def test_the_page_takes_the_same_statements_for_one_code_and_for_two(cast: Any, guardian: Any, statements: Callable[..., int]) -> None:
    for path, value in ((MAIL, "ny@example.org"), (PHONE, "0701740605")):
        ask(guardian, value, path)
        assert statements(lambda: guardian.get("/mina-uppgifter/")) == 3 + 6


def test_the_office_sees_what_is_confirmed_and_a_change_by_hand_is_not(cast: Any, guardian: Any, client_as: Callable[..., Any]) -> None:
    office, path = client_as("pekka", Role.STAFF), f"/personer/{cast.id('amira')}/"
    confirmed = f"{days.today():%Y-%m-%d}</span>"
    before = office.get(path).content.decode().count(confirmed)
    page = ask(guardian, "ny@example.org")
    assert "ny@example.org" not in office.get(path).content.decode()
    guardian.send(page, {"code": code_to("ny@example.org")})
    shown = office.get(path).content.decode()
    assert "ny@example.org" in shown
    assert shown.count(confirmed) == before + 1
    fields = {"email": "kontoret@example.org", "phone": "", "street_address": "", "postal_code": "", "locality": ""}
    assert office.send(f"{path}kontakt/", fields).status_code == 302
    assert emails(cast.amira) == [("kontoret@example.org", False)]


def test_nothing_of_a_code_or_an_address_is_logged_or_stands_in_an_address(cast: Any, guardian: Any, log: io.StringIO) -> None:
    page = ask(guardian, "ny@example.org")
    code = code_to("ny@example.org")
    guardian.send(page, {"code": wrong(code)})
    guardian.send(page, {"code": code})
    written = log.getvalue()
    assert "registry:confirm_contact" in written
    assert "example.org" not in written + page
    assert code not in written + page
    lines = Entry.objects.filter(subjects__contains=[cast.id("amira")])
    assert {"registry.change_contact", "registry.confirm_contact", "notices.send_notice"} <= set(lines.values_list("action", flat=True))
    assert "example" not in str(list(lines.values()))
    assert code not in str(list(lines.values("details", "action")))
    notice = Notice.objects.get()
    assert notice.ids == {"change": str(ContactChange.objects.get().pk)}
    assert "example" not in str(list(ProcrastinateJob.objects.values("args")))


def test_codes_are_forgotten_after_a_day(cast: Any, guardian: Any, clock: time_machine.Traveller) -> None:
    ask(guardian, "ny@example.org")
    tasks.forget_contact_changes(timestamp=0)
    assert ContactChange.objects.count() == 1
    clock.shift(timedelta(hours=25))
    tasks.forget_contact_changes(timestamp=0)
    assert not ContactChange.objects.exists()


def test_codes_differ_and_are_six_digits(cast: Any) -> None:
    changes = [ContactChange(person=cast.amira) for _number in range(200)]
    assert all(re.fullmatch(r"\d{6}", change.code) for change in changes)
    assert len({change.code for change in changes}) > 190


def test_script_in_an_address_stays_text(cast: Any, guardian: Any) -> None:
    ContactChange.objects.create(
        person=cast.amira, kind="email", value="<script>alert(1)</script>", expires_at=days.now() + timedelta(minutes=5)
    )
    page = guardian.get("/mina-uppgifter/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
