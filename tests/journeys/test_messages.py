"""A teacher writes to the homes of a class, looks once more and sends; a guardian reads; the teacher takes it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .test_every_page import inspect

pytestmark = pytest.mark.journey
SUBJECT = "Friluftsdag på fredag"


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_a_message_reaches_a_home_and_is_taken_back(visitor: Callable[..., Any], size: str, scheme: str) -> None:
    look = f"{size}-{scheme}"
    anna, amira = visitor(size, scheme).identify("Anna Lindqvist"), visitor(size, scheme).identify("Amira Haddad – vårdnadshavare")
    sent = write(anna, look)
    assert inspect(anna, sent, f"sent_message-{look}") == []
    assert inspect(anna, "/meddelanden/", f"sent_messages-{look}") == []
    assert inspect(amira, "/start/", f"unread_message-{look}") == []
    assert "1 oläst meddelande" in amira.text
    assert inspect(amira, "/meddelanden/", f"messages-{look}") == []
    amira.press(SUBJECT, "link")
    assert amira.heading == SUBJECT
    assert "Ta med matsäck." in amira.text
    assert inspect(amira, amira.path, f"message-{look}") == []
    reached(amira)
    assert "Läst av 1" in anna.open("/meddelanden/").text
    anna.open(sent).press("Återkalla", "link")
    assert inspect(anna, anna.path, f"recall_message-{look}") == []
    anna.press("Återkalla")
    anna.page.wait_for_url(f"**{sent}")
    assert "Återkallat" in anna.text
    assert "Återkallat meddelande" in amira.open(sent).heading
    assert SUBJECT not in amira.text
    assert inspect(amira, sent, f"recalled_message-{look}") == []
    assert inspect(amira, "/mina-uppgifter/meddelanden/", f"notice_preference-{look}") == []


def write(anna: Any, look: str) -> str:
    """From the group's page to the page of the sent message, whose path it gives."""
    anna.open("/grupper/").page.locator(".ds-table td a", has_text=re.compile("^4A$")).click()
    anna.press("Meddelande till vårdnadshavare", "link")
    form = anna.path
    assert inspect(anna, form, f"write_message-{look}") == []
    anna.page.get_by_label("Rubrik", exact=True).fill(SUBJECT)
    anna.page.get_by_label("Text", exact=True).fill("Ta med matsäck.\n\nVi går klockan nio.")
    anna.page.locator("input[value=urgent]").check()
    anna.press("Granska innan det skickas")
    assert anna.heading == "Granska innan det skickas"
    anna.page.screenshot(path=f"var/screenshots/preview_message-{look}.png", full_page=True)
    anna.press("Ändra")
    assert anna.page.get_by_label("Rubrik", exact=True).input_value() == SUBJECT
    anna.press("Granska innan det skickas")
    anna.page.locator("main").get_by_role("button", name=re.compile("^Skicka till")).dblclick()
    anna.page.wait_for_url(re.compile(r"/meddelanden/[0-9a-f-]{36}/$"))
    assert anna.open("/meddelanden/").page.locator("main .list > li", has_text=SUBJECT).count() == 1  # pressed twice
    anna.press(SUBJECT, "link")
    return str(anna.path)


def reached(amira: Any) -> None:
    """The worker has told the home; the demo's page shows the text message, which holds nothing of it but the school."""
    texts = amira.open("/demo/meddelanden/").page.locator("main article", has_text="Nytt brådskande meddelande från Granskolan")
    for _second in range(30):
        if texts.count():
            break
        amira.page.wait_for_timeout(1000)
        amira.open("/demo/meddelanden/")
    assert texts.count()
