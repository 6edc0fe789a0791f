"""A passkey, enrolled and used in the browser with a virtual authenticator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from dexter.home.demo.cast import PASSWORD

pytestmark = pytest.mark.journey
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_after_e_identification_and_opens_after_a_password(visitor: Callable[..., Any]) -> None:
    nina = visitor("desk").identify("Nina Björk")
    device = nina.page.context.new_cdp_session(nina.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    nina.open("/konto/sakerhet/nyckel/").press("Lägg till en passnyckel")
    expect(nina.page.get_by_text("Passnyckeln är tillagd")).to_be_visible()
    nina.page.locator(".menu summary").click()
    nina.page.get_by_role("button", name="Logga ut").click()
    nina.open("/logga-in/personal/")
    nina.page.get_by_label("Användarnamn").fill("nina")
    nina.page.get_by_label("Lösenord").fill(PASSWORD)
    nina.press("Logga in")
    nina.press("Använd passnyckeln")
    nina.page.wait_for_url("**/start/")
    nina.open("/grupper/")
    assert nina.heading == "Grupper"
