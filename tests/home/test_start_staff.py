"""The start page of staff: what it costs, and that its doors are those that the rules open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from absence.reads import doors_of
from dexter.home.demo.cast import CAST
from dexter.lib.access import Role, allows
from registry.models import Group, ProtectedAccess
from tests.conftest import OVERHEAD

STAFF = [role.key for role in CAST if role.duty]


@pytest.mark.parametrize(("who", "count"), [("anna", 12), ("ingrid", 13)])
def test_the_page_takes_few_statements(
    cast: Any, client_as: Callable[..., Any], statements: Callable[..., int], at: Any, who: str, count: int
) -> None:
    at(8, 5)
    browser = client_as(who, Role.STAFF)
    browser.get("/start/")
    assert statements(lambda: browser.get("/start/")) == OVERHEAD + count


@pytest.mark.parametrize("who", STAFF)
def test_the_doors_are_those_of_the_rules(cast: Any, actor: Callable[..., Any], who: str) -> None:
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.sunna, granted_by=cast.ingrid, reason="namngiven")
    one = actor(who, Role.STAFF)
    doors = doors_of(Group.objects.visible_to(one), one)
    assert (doors.leads, doors.homes) == (allows(one, "registry.administer"), allows(one, "absence.phone_homes"))
