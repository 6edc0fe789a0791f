"""Addresses that only take a form: opened by hand they say so, and no sign-in leads to one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from dexter.home.demo.cast import PASSWORD
from dexter.lib.access import Level, Role
from dexter.lib.methods import takes
from tests.accounts.test_step_up import code_now

PLAN = UUID(int=7)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


VIEWS = {pattern.lookup_str: pattern.callback for pattern in patterns(get_resolver()) if pattern.callback}


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_what_a_view_takes_is_what_it_answers(name: str, rf: RequestFactory) -> None:
    """No view takes TRACE, so it answers with its list before anything is done."""
    allowed = VIEWS[name](rf.generic("TRACE", "/"))["Allow"].split(", ")
    assert {method for method in ("GET", "POST", "TRACE") if takes(VIEWS[name], method)} == set(allowed) - {"HEAD"}


def test_an_address_that_only_takes_a_form_says_so_in_a_page(cast: Any, guardian: Any) -> None:
    answer = guardian.get("/roll/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"], answer["Cache-Control"]) == (405, "POST", "no-store, private")
    assert "Adressen har ingen egen sida" in page
    assert 'class="ds-button" href="/start/"' in page
    assert '<nav class="nav"' in page


def test_a_stranger_gets_the_page_as_well(cast: Any, client: Any) -> None:
    answer = client.get("/logga-ut/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert 'class="ds-button" href="/"' in answer.content.decode()


def test_what_htmx_fetches_stays_bare(cast: Any, teacher: Any) -> None:
    answer = teacher.get("/personer/forslag/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content, answer["Allow"]) == (405, b"", "POST")


@pytest.mark.parametrize(
    ("asked", "landed"),
    [
        ("/roll/", "/start/"),
        ("/personer/forslag/?text=Sami", "/personer/"),
        (f"/larande/planeringar/{PLAN}/publicera/", f"/larande/planeringar/{PLAN}/"),
        (f"/larande/planeringar/{PLAN}/?vy=1", f"/larande/planeringar/{PLAN}/?vy=1"),
    ],
)
def test_signing_in_never_leads_to_what_only_takes_a_form(cast: Any, client: Any, asked: str, landed: str) -> None:
    client.get(asked)
    assert client.post("/logga-in/elev/", {"username": "noor", "password": PASSWORD}).url == landed


def test_confirming_never_leads_there_either(cast: Any, client_as: Any) -> None:
    weak = client_as("anna", Role.STAFF, Level.PASSWORD)
    assert weak.send("/bekrafta/", {"code": code_now(), "next": "/personer/forslag/"}).url == "/personer/"
