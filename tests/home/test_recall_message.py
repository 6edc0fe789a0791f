"""A message taken back: nobody reads it, what waits is not sent, and only who answers for it may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.home import tasks
from dexter.home.models import SchoolMessage
from dexter.lib.access import Role
from dexter.notices import reads, sending
from dexter.notices.models import Delivery

from .school_messages import SUBJECT, choose, send, work

RECALLED = "Återkallat meddelande"


@pytest.fixture
def urgent(cast: Any, teacher: Any) -> SchoolMessage:
    return send(teacher, cast.group("4A"), urgency="urgent", subject_en="Outdoor day", text_en="Bring lunch.")


def recall(browser: Any, message: SchoolMessage) -> Any:
    return browser.send(f"/meddelanden/{message.pk}/aterkalla/")


def test_its_text_is_gone_for_everybody_who_got_it(cast: Any, teacher: Any, guardian: Any, urgent: SchoolMessage) -> None:
    guardian.get(f"/meddelanden/{urgent.pk}/")
    assert recall(teacher, urgent).status_code == 302
    for path in ("/meddelanden/", f"/meddelanden/{urgent.pk}/", f"/meddelanden/{urgent.pk}/?sprak=en"):
        page = guardian.get(path).content.decode()
        assert RECALLED in page
        for gone in (SUBJECT, "matsäck", "Outdoor day", "Bring lunch"):
            assert gone not in page
    assert SUBJECT not in guardian.get("/start/").content.decode()
    kept = teacher.get(f"/meddelanden/{urgent.pk}/").content.decode()
    assert SUBJECT in kept
    assert "Återkallat idag" in kept
    assert f"{urgent.pk}/aterkalla/" not in kept


def test_what_waits_is_not_sent_and_what_is_queued_is_withdrawn(cast: Any, teacher: Any, urgent: SchoolMessage) -> None:
    routine = send(teacher, cast.group("4A"))
    choose(cast.karin, digest="at_once")
    tasks.tell_homes()
    assert Delivery.objects.filter(state="queued").count() > 2
    recall(teacher, urgent)
    recall(teacher, routine)
    work()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert reads.kept_messages(9) == []
    late = send(teacher, cast.group("4A"), urgency="urgent")
    recall(teacher, late)
    work()
    assert reads.kept_messages(9) == []


def test_one_taken_back_between_two_letters_is_in_no_later_one(cast: Any, teacher: Any, urgent: SchoolMessage) -> None:
    tasks.tell_homes()
    first, *rest = Delivery.objects.filter(state="queued").order_by("pk")
    sending.send(first.pk)
    recall(teacher, urgent)
    for delivery in rest:
        sending.send(delivery.pk)
    assert len(reads.kept_messages(9)) == 1
    assert Delivery.objects.filter(state="withdrawn").count() == len(rest)


def test_only_the_sender_and_the_schools_office_take_it_back(cast: Any, client_as: Callable[..., Any], urgent: SchoolMessage) -> None:
    for key, role in (
        ("amira", Role.GUARDIAN),
        ("karin", Role.GUARDIAN),
        ("sami", Role.PUPIL),
        ("sunna", Role.STAFF),
        ("maja", Role.STAFF),
        ("hassan", Role.STAFF),
        ("nina", Role.STAFF),
    ):
        assert recall(client_as(key, role), urgent).status_code == 404
    assert SchoolMessage.objects.get().recalled_at is None
    assert client_as("pekka", Role.STAFF).get(f"/meddelanden/{urgent.pk}/aterkalla/").status_code == 200
    assert SchoolMessage.objects.get().recalled_at is None  # looking at the page does nothing
    assert recall(client_as("pekka", Role.STAFF), urgent).status_code == 302
    stored = SchoolMessage.objects.get()
    assert (stored.recalled_by_id, stored.recalled_at is not None) == (cast.id("pekka"), True)


def test_twice_is_once(cast: Any, teacher: Any, client_as: Callable[..., Any], urgent: SchoolMessage) -> None:
    recall(teacher, urgent)
    first = SchoolMessage.objects.get().recalled_at
    assert recall(client_as("ingrid", Role.STAFF), urgent).status_code == 302
    stored = SchoolMessage.objects.get()
    assert (stored.recalled_at, stored.recalled_by_id) == (first, cast.id("anna"))
    assert Entry.objects.filter(action="home.recall_message").count() == 1
