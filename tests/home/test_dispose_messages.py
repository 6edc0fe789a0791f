"""Messages go when their time has come, with texts and receipts; those of protected homes are weeded by hand. They stand in extracts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.home.extract.gathering import gather
from dexter.home.models import MessageReceipt, MessageText, SchoolMessage
from dexter.home.retention.due import due
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import GroupMembership

from .school_messages import SUBJECT, send

LABELS = ["home.MessageReceipt", "home.SchoolMessage", "home.MessageText"]


@pytest.fixture
def old(cast: Any, teacher: Any) -> SchoolMessage:
    message = send(teacher, cast.group("4A"), subject_en="Outdoor day", text_en="Bring lunch.")
    SchoolMessage.objects.update(sent_at=days.now() - timedelta(days=800))
    return message


def test_an_old_message_of_a_protected_home_stays_until_somebody_weeds_it(old: SchoolMessage) -> None:
    assert [part.count() for part in due("message", days.today())] == [0, 0, 0]


def test_an_old_message_goes_with_texts_and_receipts(cast: Any, old: SchoolMessage, client_as: Callable[..., Any]) -> None:
    old.receipts.filter(children__contains=[cast.id("kim")]).delete()
    GroupMembership.objects.filter(person=cast.kim).delete()
    fresh = send(client_as("pekka", Role.STAFF), cast.group("4A"))
    parts = due("message", days.today() - timedelta(days=730))
    assert [part.model for part in parts] == [MessageReceipt, MessageText, SchoolMessage]
    assert list(parts[2]) == [old]
    assert set(parts[0]) == set(old.receipts.all())
    assert not set(fresh.receipts.all()) & set(parts[0])


@pytest.mark.parametrize(
    ("key", "sections"), [("amira", {"home.MessageReceipt"}), ("sami", {"home.MessageReceipt"}), ("anna", {"home.SchoolMessage"})]
)
def test_a_register_extract_holds_what_was_sent_and_to_whom_it_came(cast: Any, old: SchoolMessage, key: str, sections: set[str]) -> None:
    found = {section["section"]: section["rows"] for section in gather(getattr(cast, key), LABELS, to_others=False)}
    assert sections <= set(found)
    assert SUBJECT in str(found)
