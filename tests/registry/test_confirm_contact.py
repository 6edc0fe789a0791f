"""A new address counts when a code that was sent there comes back; guesses, old codes and the codes of others count nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from dexter.notices.models import Delivery, Notice
from registry.actions import contact
from registry.models import ContactChange, EmailAddress, EmailType, Person, PhoneNumber

from .contacts import MAIL, PHONE, ask, code_to, emails, outbox, phones, wrong


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(days.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def karin(client_as: Callable[..., Any]) -> Any:
    return client_as("karin", Role.GUARDIAN)


def test_a_new_address_counts_when_its_code_comes_back(cast: Any, guardian: Any) -> None:
    [(old, _verified)] = emails(cast.amira)
    page = ask(guardian, "Ny.Amira@example.org")
    assert emails(cast.amira) == [(old, False)]
    code = code_to("Ny.Amira@example.org")
    assert guardian.send(page, {"code": f" {code[:3]} {code[3:]} "}).url == "/mina-uppgifter/"
    assert emails(cast.amira) == [("Ny.Amira@example.org", True)]
    amira = Person.objects.get(pk=cast.id("amira"))
    assert amira.school_owned == ["email"]
    assert amira.contact_checked_at is not None
    page = guardian.get("/mina-uppgifter/").content.decode()
    assert "Bekräftad" in page or "Confirmed" in page


def test_a_new_mobile_number_takes_the_place_of_the_old(cast: Any, guardian: Any) -> None:
    PhoneNumber.objects.create(person=cast.amira, value="0911-123 45", mobile=False)
    PhoneNumber.objects.create(person=cast.amira, value="070-999 88 77", phone_type="Arbete")
    page = ask(guardian, "070-174 06 05", PHONE)
    [message] = outbox()
    assert (message.address, message.subject != "", "1740605" in message.text.replace(" ", "")) == ("+46701740605", True, False)
    guardian.send(page, {"code": code_to("+46701740605")})
    assert sorted(phones(cast.amira)) == [("+46701740605", True), ("070-999 88 77", False), ("0911-123 45", False)]
    assert Person.objects.get(pk=cast.id("amira")).school_owned == ["phone"]


def test_the_present_address_can_be_confirmed_in_any_case_of_letters(cast: Any, guardian: Any) -> None:
    [(old, _verified)] = emails(cast.amira)
    page = ask(guardian, old.upper())
    guardian.send(page, {"code": code_to(old.upper())})
    assert emails(cast.amira) == [(old.upper(), True)]


@pytest.mark.parametrize(("path", "value"), [(MAIL, "amira"), (MAIL, ""), (MAIL, "a@b.se\nBcc: c@d.se"), (MAIL, "<script>@example.org"),
                                             (PHONE, "0911-123 45"), (PHONE, "112"), (PHONE, "070' OR 1=1"), (PHONE, "")])  # fmt: skip
def test_what_is_no_address_or_mobile_is_refused(cast: Any, guardian: Any, path: str, value: str) -> None:
    assert guardian.send(path, {"value": value}).status_code == 422
    assert not ContactChange.objects.exists()
    assert not Notice.objects.exists()


def test_an_address_at_work_is_not_made_private(cast: Any, client_as: Callable[..., Any]) -> None:
    EmailAddress.objects.create(person=cast.erik, value="erik@skolan.example.org", email_type=EmailType.STAFF)
    erik = client_as("erik", Role.GUARDIAN)
    assert erik.send(MAIL, {"value": "Erik@skolan.example.org"}).status_code == 422
    assert not Notice.objects.exists()


def test_a_code_is_used_once(cast: Any, guardian: Any) -> None:
    page = ask(guardian, "ny@example.org")
    code = code_to("ny@example.org")
    guardian.send(page, {"code": code})
    EmailAddress.objects.filter(person=cast.amira).update(value="senare@example.org")
    assert guardian.send(page, {"code": code}).status_code == 422
    assert emails(cast.amira) == [("senare@example.org", True)]


def test_guesses_end_the_code(cast: Any, guardian: Any) -> None:
    page = ask(guardian, "ny@example.org")
    code = code_to("ny@example.org")
    for _guess in range(5):
        assert guardian.send(page, {"code": wrong(code)}).status_code == 422
    assert guardian.send(page, {"code": code}).status_code == 422
    assert ("ny@example.org", True) not in emails(cast.amira)
    tries = Entry.objects.filter(action="registry.confirm_contact", subjects=[cast.id("amira")])
    assert [entry.details for entry in tries] == [{"kind": "email", "right": False}] * 5


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "123.45"])
def test_what_is_no_code_is_no_try(cast: Any, guardian: Any, code: str) -> None:
    page = ask(guardian, "ny@example.org")
    assert guardian.send(page, {"code": code}).status_code == 422
    assert ContactChange.objects.get().tries == 0


def test_a_right_code_after_wrong_ones_still_counts(cast: Any, guardian: Any) -> None:
    page = ask(guardian, "ny@example.org")
    code = code_to("ny@example.org")
    for _guess in range(4):
        guardian.send(page, {"code": wrong(code)})
    assert guardian.send(page, {"code": code}).status_code == 302


def test_a_code_lasts_a_quarter_of_an_hour(cast: Any, guardian: Any, clock: time_machine.Traveller) -> None:
    page = ask(guardian, "ny@example.org")
    code = code_to("ny@example.org")
    clock.shift(timedelta(minutes=15))
    assert guardian.send(page, {"code": code}).status_code == 422
    late = ask(guardian, "ny@example.org")
    clock.shift(timedelta(minutes=14, seconds=59))
    assert guardian.send(late, {"code": ContactChange.objects.get(ended_at=None).code}).status_code == 302


def test_a_code_that_could_not_be_sent_in_time_is_not_sent(cast: Any, guardian: Any, clock: time_machine.Traveller) -> None:
    ask(guardian, "ny@example.org")
    clock.shift(timedelta(minutes=16))
    assert outbox() == []
    assert Delivery.objects.get().state == "withdrawn"


def test_two_tabs_the_later_address_counts_alone(cast: Any, guardian: Any) -> None:
    first = ask(guardian, "forsta@example.org")
    one = code_to("forsta@example.org")
    second = ask(guardian, "andra@example.org")
    two = code_to("andra@example.org")
    assert guardian.send(first, {"code": one}).status_code == 422  # the code for the address before
    assert guardian.send(second, {"code": one}).status_code == 422
    assert guardian.send(first, {"code": two}).status_code == 422
    assert ("forsta@example.org", True) not in emails(cast.amira)
    assert guardian.send(second, {"code": two}).status_code == 302
    assert emails(cast.amira) == [("andra@example.org", True)]


def test_the_code_for_an_address_before_the_second_change_is_never_sent(cast: Any, guardian: Any) -> None:
    ask(guardian, "forsta@example.org")
    ask(guardian, "andra@example.org")
    assert [message.address for message in outbox()] == ["andra@example.org"]


def test_mail_and_mobile_wait_for_their_codes_side_by_side(cast: Any, guardian: Any) -> None:
    mail, mobile = ask(guardian, "ny@example.org"), ask(guardian, "0701740605", PHONE)
    page = guardian.get("/mina-uppgifter/").content.decode()
    assert mail in page
    assert mobile in page
    assert guardian.send(mail, {"code": code_to("+46701740605")}).status_code == 422
    assert guardian.send(mobile, {"code": code_to("+46701740605")}).status_code == 302
    assert guardian.send(mail, {"code": code_to("ny@example.org")}).status_code == 302


def test_five_codes_an_hour_and_no_more(cast: Any, guardian: Any, karin: Any, clock: time_machine.Traveller) -> None:
    for number in range(5):
        ask(guardian, f"nr{number}@example.org" if number % 2 else f"07017406{number:02}", MAIL if number % 2 else PHONE)
    for path, value in ((MAIL, "sista@example.org"), (PHONE, "0701740699")):
        assert guardian.send(path, {"value": value}).status_code == 422
    assert Notice.objects.count() == 5
    ask(karin, "karin.ny@example.org")  # counted by person
    clock.shift(timedelta(minutes=59))
    assert guardian.send(MAIL, {"value": "sista@example.org"}).status_code == 422
    clock.shift(timedelta(minutes=2))
    ask(guardian, "sista@example.org")


def test_another_persons_code_page_does_not_exist(
    cast: Any, guardian: Any, karin: Any, client_as: Callable[..., Any], actor: Callable[..., Actor]
) -> None:
    page = ask(guardian, "ny@example.org")
    code = code_to("ny@example.org")
    for browser in (karin, client_as("piera", Role.PUPIL, Level.E_ID), client_as("pekka", Role.STAFF), client_as("anna", Role.STAFF)):
        assert browser.get(page).status_code == 404
        assert browser.send(page, {"code": code}).status_code == 404
    change = ContactChange.objects.get()
    with pytest.raises(Exception, match=r"no longer valid|gäller inte"):
        contact.confirm_contact(actor=actor("karin", Role.GUARDIAN), change=change, code=code)
    assert ("ny@example.org", True) not in emails(cast.karin) + emails(cast.amira)
    assert ContactChange.objects.get().tries == 0
