"""Every address × member of the cast × level, plain and htmx, against the literal table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.levels import ANY_ROLE, LEVELS
from registry.models import TeacherException

from .permission_table import ACTORS, TABLE
from .permissions import Paths
from .write_permissions import as_markdown

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"


def names(patterns: list[Any] | None = None, prefix: str = "") -> list[str]:
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            found += names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            found.append(f"{prefix}{pattern.name}")
    return found


def outcome(response: Any) -> str:
    target = response.headers.get("HX-Redirect") or (response.url if response.status_code == 302 else "")
    if target:
        return "in" if target == "/" else "up" if target.startswith("/bekrafta/") else "go"
    return {404: "no"}.get(response.status_code, str(response.status_code))


def test_every_address_has_its_row() -> None:
    assert sorted(names()) == sorted(TABLE)


def test_every_page_that_is_not_public_has_its_level() -> None:
    public = {name for name in names() if name.split(":")[1] and name not in ANY_ROLE and name not in LEVELS}
    assert all(TABLE[name].split()[0] != "in" for name in public)
    assert set(ANY_ROLE) | set(LEVELS) <= set(names())


ASKED_BY_HTMX = ("anonymous", "former guardian", "guardian", "pupil", "teacher, password", "principal")  # each outcome there is
ASKED = [(who, False) for who in ACTORS] + [(who, True) for who in ASKED_BY_HTMX]


@pytest.mark.parametrize(("who", "htmx"), ASKED, ids=[f"{who}-{'htmx' if htmx else 'plain'}" for who, htmx in ASKED])
def test_the_table_holds(cast: Any, client_as: Callable[..., Any], at: Any, who: str, htmx: bool) -> None:
    at(8, 10)
    paths, actor, column = Paths(cast), ACTORS[who], list(ACTORS).index(who)
    TeacherException.objects.update(calendar_event=cast.lesson("4A"))
    headers = {"HX-Request": "true"} if htmx else {}
    found, expected = {}, {}
    browser = client_as(*actor) if actor else Client()
    for name, row in TABLE.items():
        found[name] = outcome(browser.get(reverse(name, args=paths.arguments(name)), headers=headers))
        expected[name] = row.split()[column]
    found["home:health"] = "200"  # 503 where no worker runs; tried in tests/home
    assert found == expected


@pytest.mark.parametrize("who", ["anonymous", "guardian", "pupil", "teacher", "principal", "officer"])
def test_nobody_learns_from_ids_that_do_not_exist(cast: Any, client_as: Callable[..., Any], who: str) -> None:
    actor = ACTORS[who]
    browser = client_as(*actor) if actor else Client()
    found = {name: outcome(browser.get(path)) for name in TABLE if (path := _path_with_unknown_id(name))}
    assert len(found) > 20
    assert set(found.values()) <= {"no", "in", "up", "405"}


def _path_with_unknown_id(name: str) -> str | None:
    if name in {
        "accounts:start_eid",
        "accounts:eid_callback",
        "accounts:remove_factor",
        "home:edit_site_text",
        "absence:lesson_list_on",
        "registry:timetable_on",
        "larande:start_on",
        "registry:export_pupils",
        "registry:export_staff",
    }:
        return None
    try:
        return reverse(name, args=[uuid4()])
    except NoReverseMatch:
        return None


def test_an_anonymous_visitor_gets_no_trace_and_no_index(client: Client) -> None:
    client.raise_request_exception = False
    for path in ("/finns-inte/", "/elever/1/", "/elever/' OR 1=1/", "/static/../settings.py", "/lektioner/x/narvaro/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "Traceback" not in response.content.decode()
        assert response.headers["X-Robots-Tag"].startswith("noindex")
        assert response.headers["Cache-Control"].startswith("no-store")


def test_the_document_is_made_from_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == as_markdown(), "run: python -m tests.write_permissions"
