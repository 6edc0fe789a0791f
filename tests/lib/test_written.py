"""A question that is written once answers as one that is written anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from absence import reads
from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.written import Among, Written, slot
from registry.models import Person


def test_each_time_it_is_asked_for_what_is_given(cast: Any, statements: Callable[..., int]) -> None:
    one, some = Written(Person.objects.filter(pk=slot("who")), "who"), Written(Person.objects.filter(Among("pk", [slot("who")])), "who")
    for key in ("sami", "elsa"):
        assert one.ask(who=cast.id(key)) == list(Person.objects.filter(pk=cast.id(key)))
        assert statements(lambda key=key: one.ask(who=cast.id(key))) == 1
    both = [cast.id("sami"), cast.id("elsa")]
    assert {person.pk for person in some.ask(who=both)} == set(both)
    assert some.ask(who=[]) == []
    assert one.ask(who=uuid.uuid4()) == []


def test_a_moment_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="moment"):
        Written(Person.objects.filter(created_at__lt=days.now()))


@pytest.mark.parametrize(("key", "role"), [("anna", Role.STAFF), ("maja", Role.STAFF), ("pekka", Role.STAFF), ("amira", Role.GUARDIAN)])
def test_a_lesson_to_call_opens_for_the_same_people(cast: Any, actor: Callable[..., Any], key: str, role: Role) -> None:
    who, lesson = actor(key, role), cast.lesson("4A")
    plain = reads.lessons_to_call(who).filter(pk=lesson.pk).first()
    kept = reads.lesson_to_call(who, lesson.pk)
    assert kept == plain
    if plain is not None:
        names = ("asked_by", "is_held", "in_office", "stored_held", "reopened_until")
        assert [getattr(kept, name) for name in names] == [getattr(plain, name) for name in names]
