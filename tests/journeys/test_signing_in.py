"""Signing in against the real provider, and every way in which it fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from dexter.home.demo.cast import PASSWORD, TOTP_SECRET

pytestmark = pytest.mark.journey


def test_from_the_front_page_to_the_children(visitor: Callable[..., Any]) -> None:
    guardian = visitor().open("/")
    guardian.press("Grundskola: närvaro, betyg och omdömen", role="link")
    guardian.press("Starta e-tjänsten", role="link")
    expect(guardian.page.get_by_text("För test").first).to_be_visible()
    guardian.identify("Amira Haddad – vårdnadshavare", guardian.path)
    assert guardian.path == "/start/"


@pytest.mark.parametrize(
    ("who", "heading"),
    [
        ("Mikael Sandström", "Du kommer inte vidare här"),
        ("Okänd Person", "Du kommer inte vidare här"),
        ("Amira Haddad – med för låg", "Du blev inte inloggad"),
    ],
)
def test_who_is_not_let_in_learns_nothing(visitor: Callable[..., Any], who: str, heading: str) -> None:
    stranger = visitor().identify(who)
    assert stranger.heading == heading
    stranger.open("/start/")
    assert stranger.path == "/"


def test_a_cancelled_identification(visitor: Callable[..., Any]) -> None:
    guardian = visitor().open("/logga-in/e-legitimation/")
    guardian.page.locator("main button.door").first.click()
    guardian.page.get_by_role("button", name="Deny").click()
    expect(guardian.page.get_by_text("Du avbröt legitimeringen")).to_be_visible()


def test_a_used_answer_opens_nothing_again(visitor: Callable[..., Any]) -> None:
    guardian, answers = visitor(), []
    guardian.page.on("request", lambda request: answers.append(request.url) if "/svar/" in request.url else None)
    guardian.identify("Karin Sandström")
    thief = visitor()
    for victim in (guardian, thief):
        victim.page.goto(answers[0])
        assert victim.heading == "Du blev inte inloggad"
    assert thief.open("/start/").path == "/"


def test_a_provider_that_is_down(visitor: Callable[..., Any]) -> None:
    guardian = visitor().open("/logga-in/e-legitimation/")
    guardian.press("away")
    assert guardian.heading == "E-legitimationen svarar inte"


def test_a_pupil_with_a_password(visitor: Callable[..., Any]) -> None:
    noor = visitor().open("/")
    noor.press("Dexter: inloggning för elever", role="link")
    noor.page.get_by_label("Användarnamn").fill("noor")
    noor.page.get_by_label("Lösenord").fill("fel")
    noor.press("Logga in")
    expect(noor.page.get_by_text("Användarnamnet eller lösenordet är fel")).to_be_visible()
    noor.page.get_by_label("Lösenord").fill(PASSWORD)
    noor.press("Logga in")
    assert "Mina lektioner idag" in noor.text


def test_staff_with_a_password_and_a_code(visitor: Callable[..., Any]) -> None:
    lars = visitor("desk").open("/logga-in/personal/")
    lars.page.get_by_label("Användarnamn").fill("lars")
    lars.page.get_by_label("Lösenord").fill(PASSWORD)
    lars.press("Logga in")
    assert lars.heading == "Bekräfta att det är du"
    lars.page.get_by_label("Kod").fill(format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30)))
    lars.press("Bekräfta")
    lars.open("/grupper/")
    assert "8A" in lars.text


def test_switching_role_and_another_person_at_the_confirmation(visitor: Callable[..., Any]) -> None:
    fadumo = visitor().open("/logga-in/elev/")
    fadumo.page.get_by_label("Användarnamn").fill("fadumo")
    fadumo.page.get_by_label("Lösenord").fill(PASSWORD)
    fadumo.press("Logga in")
    fadumo.page.locator(".menu summary").click()
    fadumo.page.get_by_role("button", name="Byt till Medborgare").click()
    assert fadumo.heading == "Legitimera dig"
    url = fadumo.page.url
    fadumo.page.locator("main button.door").first.click()
    fadumo.page.get_by_role("button", name="Karin Sandström").click()
    assert fadumo.heading == "Det var en annan person"
    assert "Ayaan" not in fadumo.open("/start/").text
    assert url.endswith("/roll/")
    fadumo.page.locator(".menu summary").click()
    fadumo.page.get_by_role("button", name="Byt till Medborgare").click()
    fadumo.page.locator("main button.door").first.click()
    fadumo.page.get_by_role("button", name="Fadumo Warsame").click()
    expect(fadumo.page.locator("main")).to_contain_text("Ayaan Warsame")


def test_signing_out_leaves_nothing_behind_the_back_button(visitor: Callable[..., Any]) -> None:
    amira = visitor().identify("Amira Haddad – vårdnadshavare")
    amira.page.locator(".menu summary").click()
    amira.page.get_by_role("button", name="Logga ut").click()
    assert amira.heading == "Du är utloggad"
    amira.page.go_back()
    amira.page.wait_for_load_state()
    assert "Haddad" not in amira.page.content()


def test_the_language_follows_the_choice(visitor: Callable[..., Any]) -> None:
    reader = visitor().open("/")
    reader.page.get_by_role("button", name="English").click()
    assert reader.heading == "Your school, gathered in one place"
    reader.open("/om-dexter/")
    assert reader.heading == "About Dexter and Lärande"
