"""Messages to homes, as they are written, told and read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from dexter.home import tasks
from dexter.home.models import MessageReceipt, SchoolMessage
from dexter.notices import sending
from dexter.notices.models import Delivery
from registry.models import NoticePreference, Person

SUBJECT, TEXT = "Friluftsdag på fredag", "Ta med matsäck.\nVi går klockan nio."


def path_to(target: Any) -> str:
    return f"/meddelanden/nytt/{'grupp' if target._meta.model_name == 'group' else 'lektion'}/{target.pk}/"


def form(**more: Any) -> dict[str, Any]:
    return {"subject": SUBJECT, "text": TEXT, "urgency": "routine", "submission": uuid.uuid4(), "step": "send", **more}


def send(browser: Any, target: Any, **more: Any) -> SchoolMessage:
    answer = browser.send(path_to(target), form(**more))
    assert answer.status_code == 302, answer.content.decode()
    return SchoolMessage.objects.get(pk=answer.url.split("/")[-2])


def work() -> None:
    """What the worker does: homes are told, what is due is sent."""
    tasks.tell_homes()
    for delivery in Delivery.objects.filter(state="queued").order_by("pk"):
        sending.send(delivery.pk)


def receipt(message: SchoolMessage, person: Person) -> MessageReceipt:
    return MessageReceipt.objects.get(message=message, person=person)


def choose(person: Person, **values: str) -> None:
    NoticePreference.objects.update_or_create(person=person, defaults=values)


def addresses(person: Person) -> set[str]:
    return {row.value for row in person.email_addresses.all()} | {row.value for row in person.phone_numbers.all()}


Sender = Callable[..., Any]
