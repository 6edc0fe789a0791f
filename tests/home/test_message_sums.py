"""What a sender is told of the homes: numbers without the protected, and none of so few that they would tell of one home."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from dexter.home.models import MessageReceipt, SchoolMessage
from dexter.home.school_messages import feed
from dexter.lib import days
from registry.models import Group, Person

from .school_messages import send, work

LIST = "/meddelanden/"
MARKED = {"security_marking": "Sekretessmarkering", "agreed_name": "Lo Ek"}


@pytest.fixture
def group(cast: Any) -> Group:
    return cast.group("4A")  # type: ignore[no-any-return]


@pytest.fixture
def message(cast: Any, teacher: Any, group: Group) -> SchoolMessage:
    """To the homes of the class, and to three more."""
    sent = send(teacher, group, urgency="urgent")
    others = [cast.id(key) for key in ("lars", "nina", "hassan")]
    MessageReceipt.objects.bulk_create(MessageReceipt(message=sent, person_id=person, children=[cast.id("elsa")]) for person in others)
    return sent


def counted(page: str) -> tuple[int, int]:
    """Read and homes, as the list says."""
    found = re.search(r"Läst av (\d+) av (\d+)", page)
    assert found
    return int(found[1]), int(found[2])


def test_who_was_protected_since_it_was_sent_is_counted_no_more(cast: Any, teacher: Any, message: SchoolMessage) -> None:
    MessageReceipt.objects.filter(message=message, person__in=[cast.amira, cast.jonas]).update(opened_at=days.now())
    read, homes = counted(teacher.get(LIST).content.decode())
    assert read == 2
    Person.objects.filter(pk=cast.id("amira")).update(**MARKED)
    assert counted(teacher.get(LIST).content.decode()) == (1, homes - 1)
    Person.objects.filter(pk=cast.id("sami")).update(**MARKED)  # the child: then Jonas' home is protected too
    assert counted(teacher.get(LIST).content.decode()) == (0, homes - 2)
    outcome = feed.outcome_of(message)
    assert (outcome.homes, outcome.read) == (homes - 2, 0)
    page = " ".join(teacher.get(f"{LIST}{message.pk}/").content.decode().split())
    assert f"<dd>{homes - 2}</dd>" in page


def test_a_home_with_another_child_in_it_stays(cast: Any, message: SchoolMessage) -> None:
    homes = feed.outcome_of(message).homes
    MessageReceipt.objects.filter(message=message, person=cast.amira).update(children=[cast.id("sami"), cast.id("elsa")])
    Person.objects.filter(pk=cast.id("sami")).update(**MARKED)
    assert feed.outcome_of(message).homes == homes - 1  # Jonas, who has that child alone


def test_all_numbers_are_of_the_same_homes(cast: Any, message: SchoolMessage) -> None:
    work()
    before = feed.outcome_of(message)
    assert before.told + before.no_way <= before.homes
    Person.objects.filter(pk=cast.id("jonas")).update(**MARKED)
    after = feed.outcome_of(message)
    assert (after.homes, after.told) == (before.homes - 1, before.told - 1)


@pytest.mark.parametrize("homes", [1, 4, 5])
def test_of_fewer_than_five_homes_no_number_is_told(
    cast: Any, teacher: Any, client_as: Callable[..., Any], message: SchoolMessage, homes: int
) -> None:
    kept = MessageReceipt.objects.filter(message=message).exclude(state="by_hand").order_by("pk").values_list("pk")[:homes]
    MessageReceipt.objects.filter(message=message).exclude(pk__in=[key for (key,) in kept]).delete()
    MessageReceipt.objects.filter(message=message).update(opened_at=days.now(), state="no_way")
    few = homes < 5
    for path in (LIST, f"{LIST}{message.pk}/"):
        page = teacher.get(path).content.decode()
        assert ("färre än 5 hem" in page) is few, path
    assert ("Har läst i Dexter" in page) is not few
    recall = teacher.get(f"{LIST}{message.pk}/aterkalla/").content.decode()
    assert (f"{homes} har läst" in recall) is not few


def test_that_somebody_of_few_was_not_reached_is_told(teacher: Any, message: SchoolMessage) -> None:
    MessageReceipt.objects.filter(message=message).exclude(pk=MessageReceipt.objects.filter(message=message).first().pk).delete()  # type: ignore[union-attr]
    MessageReceipt.objects.filter(message=message).update(state="no_way")
    assert "Någon nåddes inte utanför Dexter" in teacher.get(f"{LIST}{message.pk}/").content.decode()
