"""Confirming: the second factor counts once, lasts, refuses others, and nothing typed is lost."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.models import EnrolmentCode, User
from dexter.audit.models import Entry
from dexter.home.demo.cast import PASSWORD, TOTP_SECRET
from dexter.lib.access import Level, Role
from tests.pages import visible


class Weaker(Argon2PasswordHasher):
    """What an earlier version may have stored."""

    time_cost = 1


def code_now(secret: str = TOTP_SECRET, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


@pytest.fixture
def weak(client_as: Callable[..., Any]) -> Any:
    return client_as("anna", Role.STAFF, Level.PASSWORD)


def test_a_code_opens_the_page_and_counts_once(cast: Any, weak: Any, client_as: Callable[..., Any]) -> None:
    assert weak.get("/grupper/").url == "/bekrafta/?next=/grupper/"
    code = code_now()
    assert weak.send("/bekrafta/", {"code": code, "next": "/grupper/"}).url == "/grupper/"
    assert weak.get("/grupper/").status_code == 200
    again = client_as("anna", Role.STAFF, Level.PASSWORD).send("/bekrafta/", {"code": code})
    assert again.status_code == 422
    assert "redan använd" in again.content.decode()


def test_wrong_codes_are_refused_and_slowed_down(cast: Any, weak: Any) -> None:
    for guess in ("000000", "", "x" * 20, "000 000"):
        assert weak.send("/bekrafta/", {"code": guess}).status_code == 422
    for number in range(10):
        weak.send("/bekrafta/", {"code": f"{number:06d}"})
    assert weak.send("/bekrafta/", {"code": code_now()}).status_code == 422
    assert weak.get("/grupper/").url.startswith("/bekrafta/")


def test_another_persons_code_opens_nothing(cast: Any, weak: Any) -> None:
    Authenticator.objects.filter(user__person=cast.id("anna")).delete()
    assert weak.send("/bekrafta/", {"code": code_now()}).status_code == 422


def test_what_was_typed_is_kept_and_sent_once_confirmed(cast: Any, weak: Any) -> None:
    assert weak.send("/personer/", {"text": "Sami Haddad"}).url == "/bekrafta/"
    assert weak.send("/bekrafta/", {"code": code_now()}).url == "/bekrafta/skicka/"
    page = weak.get("/bekrafta/skicka/").content.decode()
    assert 'action="/personer/"' in page
    assert 'name="text" value="Sami Haddad"' in page
    assert weak.get("/bekrafta/skicka/").url == "/start/"
    assert "Sami Haddad" in weak.send("/personer/", {"text": "Sami Haddad"}).content.decode()


def test_a_fresh_confirmation_lasts_fifteen_minutes(cast: Any, client_as: Callable[..., Any]) -> None:
    browser = client_as("pekka", Role.STAFF)
    path = "/installningar/kontakt/"
    assert browser.get(path).status_code == 200
    session = browser.session
    session["identified_at"] = int(time.time()) - 15 * 60 - 1
    session.save()
    assert browser.get(path).url == f"/bekrafta/?next={path}"
    assert browser.get("/grupper/").status_code == 200


def test_a_first_factor_needs_a_code_from_the_administrator(cast: Any, client_as: Callable[..., Any]) -> None:
    user = User.objects.get(person=cast.id("anna"))
    Authenticator.objects.filter(user=user).delete()
    anna = client_as("anna", Role.STAFF, Level.PASSWORD)
    assert anna.get("/konto/sakerhet/app/").url == "/konto/sakerhet/"
    slip = client_as("pekka", Role.STAFF).send(f"/personal/{cast.id('anna')}/engangskod/").content.decode()
    code = slip.split('class="code">')[1].split("<")[0]
    assert code not in str(EnrolmentCode.objects.values_list("code_hash", flat=True).get())
    assert anna.send("/konto/sakerhet/kod/", {"code": "FEL"}).status_code == 422
    assert anna.send("/konto/sakerhet/kod/", {"code": code}).url == "/konto/sakerhet/app/"
    assert anna.send("/konto/sakerhet/kod/", {"code": code}).status_code == 422
    page = anna.get("/konto/sakerhet/app/").content.decode()
    secret = page.split('class="code">')[1].split("<")[0]
    assert anna.send("/konto/sakerhet/app/", {"code": "000000"}).status_code == 422
    codes = anna.send("/konto/sakerhet/app/", {"code": code_now(secret)}).content.decode()
    assert "Dina återställningskoder" in codes
    assert secret not in str(Authenticator.objects.filter(user=user).values_list("data", flat=True))
    recovery = codes.split('class="code">')[1].split("<")[0]
    assert anna.send("/bekrafta/", {"code": recovery}).url == "/start/"
    assert Entry.objects.filter(action="accounts.add_totp", subjects=[cast.id("anna")]).exists()


def test_a_passkey_answer_that_is_none_is_refused(cast: Any, weak: Any, client_as: Callable[..., Any]) -> None:
    for credential in ("{}", "x", '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}'):
        assert weak.send("/bekrafta/", {"credential": credential}).status_code == 422
        assert client_as("anna", Role.STAFF).send("/konto/sakerhet/nyckel/", {"credential": credential}).status_code == 422


def test_a_pupils_password_is_reset_on_a_slip_and_the_old_sessions_end(cast: Any, client_as: Callable[..., Any], client: Any) -> None:
    sami, path = client_as("sami", Role.PUPIL), f"/elever/{cast.id('sami')}/losenord/"
    teacher = client_as("anna", Role.STAFF)
    assert "Det gamla lösenordet slutar gälla" in teacher.get(path).content.decode()
    slip = teacher.send(path).content.decode()
    username, passphrase = (part.split("<")[0] for part in slip.split('class="code">')[1:3])
    assert (username, len(passphrase.split("-"))) == ("sami", 4)
    sami.idle = True
    assert sami.get("/start/").url == "/"
    assert client.post("/logga-in/elev/", {"username": "sami", "password": PASSWORD}).status_code == 422
    assert client.post("/logga-in/elev/", {"username": "sami", "password": passphrase}).url == "/start/"
    for key, role in (("lars", Role.STAFF), ("maja", Role.STAFF), ("amira", Role.GUARDIAN), ("elsa", Role.PUPIL)):
        assert client_as(key, role).send(path).status_code == 404
    assert teacher.send(f"/elever/{cast.id('kim')}/losenord/").status_code == 404


def test_changing_the_own_password(cast: Any, client_as: Callable[..., Any]) -> None:
    browser, path = client_as("noor", Role.PUPIL), "/konto/losenord/"
    new = "tre blå elefanter"
    for old, wanted in ((PASSWORD, "kort"), ("fel", new), (PASSWORD, "password123")):
        assert browser.send(path, {"old_password": old, "new_password": wanted}).status_code == 422
    assert browser.send(path, {"old_password": PASSWORD, "new_password": new}).url == "/konto/sakerhet/"
    assert browser.get("/start/").status_code == 200
    assert User.objects.get(person=cast.id("noor")).check_password(new)


def test_what_is_sent_after_the_session_has_ended_is_kept_for_who_wrote_it(cast: Any, teacher: Any, client_as: Any, at: Any) -> None:
    at(8, 5)
    path = f"/lektioner/{cast.lesson('4A').pk}/narvaro/"
    who = re.search(r'name="_who" value="([^"]+)"', teacher.get(path).content.decode()).group(1)  # type: ignore[union-attr]
    sent = {"_role": "staff", "_who": who, "absent": [str(cast.id("sami"))], "version": 0, "submission": str(uuid.uuid4())}
    for key, expected in (("anna", True), ("pekka", False)):
        browser = client_as(key, Role.STAFF)
        browser.idle = True
        browser.logout()
        assert browser.post(path, sent).status_code == 302
        held = browser.session["held_form"]
        browser.enter()
        session = browser.session
        session["held_form"] = held
        session.save()
        page = browser.get("/bekrafta/skicka/", follow=True).content.decode()
        assert (f'name="absent" value="{cast.id("sami")}"' in page) is expected
    browser.logout()
    browser.post(path, {**sent, "_who": "forged"})
    assert "held_form" not in browser.session


def test_a_held_form_is_not_sent_in_another_role(cast: Any, client_as: Any) -> None:
    """Who is pupil of age and guardian: leave written for the child never becomes leave of one's own."""
    path = "/ledighet/ansok/"
    sent = {"_role": "guardian", "first": "2026-12-01", "purpose": "Resa", "submission": str(uuid.uuid4())}
    fadumo = client_as("fadumo", Role.PUPIL, Level.E_ID)
    session = fadumo.session
    session["held_form"] = {"path": path, "fields": list(sent.items()), "owner": str(cast.id("fadumo"))}
    session.save()
    page = fadumo.get("/bekrafta/skicka/").content.decode()
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.split(f'action="{path}"')[1].split("</form>")[0])
    assert [value for name, value in fields if name == "_role"] == ["pupil", "guardian"]
    refused = fadumo.post(path, {name: [value for each, value in fields if each == name] for name, _value in fields})
    assert refused.status_code == 409
    assert "Resa" in visible(refused)


def test_a_slip_while_changing_an_old_password_signs_nobody_out(cast: Any, client_as: Callable[..., Any]) -> None:
    """A hash from before the hashing was made stronger is renewed by what sets or accepts a password, not by a refused form."""
    user = User.objects.get(person=cast.id("noor"))
    user.password = Weaker().encode(PASSWORD, Weaker().salt())
    user.save()
    browser, path = client_as("noor", Role.PUPIL), "/konto/losenord/"
    browser.idle = True
    assert browser.send(path, {"old_password": PASSWORD, "new_password": "kort"}).status_code == 422
    assert browser.get("/start/").status_code == 200
    assert browser.send(path, {"old_password": PASSWORD, "new_password": "tre blå elefanter"}).url == "/konto/sakerhet/"
    assert browser.get("/start/").status_code == 200
