"""Codes for a new address or number, as they are asked for and read."""

from __future__ import annotations

import re
from typing import Any

from dexter.notices import reads, sending
from dexter.notices.models import Delivery
from registry.models import EmailAddress, Person, PhoneNumber

MAIL, PHONE = "/mina-uppgifter/e-post/", "/mina-uppgifter/mobil/"


def outbox() -> list[reads.Kept]:
    """What the worker sends, the latest first."""
    for delivery in Delivery.objects.filter(state="queued").order_by("pk"):
        sending.send(delivery.pk)
    return reads.kept_messages(50)


def code_to(address: str) -> str:
    text = next(message.text for message in outbox() if message.address == address)
    return re.findall(r"\b\d{6}\b", text)[0]


def ask(browser: Any, value: str, path: str = MAIL) -> str:
    """Ask for a code and give the page where it is written."""
    answer = browser.send(path, {"value": value})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def emails(person: Person) -> list[tuple[str, bool]]:
    return [(row.value, row.verified_at is not None) for row in EmailAddress.objects.filter(person=person)]


def phones(person: Person) -> list[tuple[str, bool]]:
    return [(row.value, row.verified_at is not None) for row in PhoneNumber.objects.filter(person=person)]


def wrong(code: str) -> str:
    return str((int(code) + 1) % 10**6).zfill(6)
