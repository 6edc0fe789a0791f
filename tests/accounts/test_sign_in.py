"""User name and password: who gets in, who is slowed down, and what nobody learns."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts import throttle
from accounts.models import Throttle
from dexter.home.demo.cast import PASSWORD
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import Enrolment, Guardianship
from tests.pages import visible

PUPIL, STAFF = "/logga-in/elev/", "/logga-in/personal/"


def enter(browser: Client, username: str, password: str = PASSWORD, path: str = PUPIL) -> Any:
    return browser.post(path, {"username": username, "password": password})


def test_a_pupil_gets_in_and_sees_the_own_day(cast: Any, client: Client) -> None:
    assert enter(client, "noor").url == "/start/"
    page = client.get("/start/").content.decode()
    assert "Noor Haddad, 1A, Granskolan" in page
    assert "Sami" not in visible(page)


def test_staff_is_asked_for_the_second_factor_at_once(cast: Any, client: Client) -> None:
    assert enter(client, "anna", path=STAFF).url == "/bekrafta/"
    assert client.get("/lektioner/").status_code == 200
    assert client.get("/grupper/").url.startswith("/bekrafta/")


def test_the_answer_is_the_same_whatever_is_wrong(cast: Any) -> None:
    pages = []
    for username, password, path in [
        ("noor", "fel", PUPIL),
        ("finns-inte", PASSWORD, PUPIL),
        ("anna", PASSWORD, PUPIL),
        ("noor", PASSWORD, STAFF),
    ]:
        response = enter(Client(), username, password, path)
        assert response.status_code == 422
        pages.append(re.findall(r'<p class="ds-paragraph">(.*?)</p>', response.content.decode()))
    assert all(page == pages[0] for page in pages)
    assert pages[0]


def test_who_left_gets_in_while_leavers_may_read_and_then_no_more(cast: Any, client: Client) -> None:
    places = Enrolment.objects.filter(pupil=cast.id("noor"))
    places.update(start_date=days.today() - timedelta(days=400), end_date=days.today() - timedelta(days=181))
    assert enter(client, "noor").status_code == 422
    places.update(end_date=days.today() - timedelta(days=180))
    assert enter(client, "noor").status_code == 302


def test_guesses_slow_down_the_guesser_alone(cast: Any) -> None:
    own_device, classmate = Client(), Client()
    assert enter(own_device, "noor").status_code == 302
    assert throttle.COOKIE in own_device.cookies
    answers = [enter(classmate, "noor", f"gissning {number}").status_code for number in range(12)]
    assert answers == [422] * 10 + [429, 429]
    assert enter(classmate, "noor").status_code == 429
    assert enter(own_device, "noor").status_code == 302
    assert enter(classmate, "leila").status_code == 302


def test_thirty_pupils_behind_one_address_all_get_in_after_some_slips(cast: Any) -> None:
    for key in ("noor", "sami", "leila", "oskar"):
        for _slip in range(3):
            enter(Client(), key, "fel")
        assert enter(Client(), key).status_code == 302


def test_a_window_that_has_passed_begins_anew(cast: Any, client: Client) -> None:
    for _guess in range(11):
        last = enter(client, "noor", "fel")
    assert last.status_code == 429
    assert "Försök igen om 15 minuter" in last.content.decode()
    Throttle.objects.update(window_began=days.now() - throttle.WINDOW)
    assert enter(client, "noor").status_code == 302


def test_no_name_or_address_is_stored_with_the_counters(cast: Any, client: Client) -> None:
    enter(client, "noor", "fel")
    assert Throttle.objects.count() == 3
    assert all(len(bytes(row.key)) == 32 for row in Throttle.objects.all())


def test_forwarded_addresses_count_only_behind_trusted_proxies(settings: Any, rf: Any) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.1"})
    for trusted, seen in ((0, "127.0.0.1"), (1, "10.0.0.1"), (2, "6.6.6.6"), (3, "127.0.0.1")):
        settings.TRUSTED_PROXY_COUNT = trusted
        assert throttle.address_of(request) == seen


def test_the_session_key_changes_and_another_persons_session_ends(cast: Any, client: Client) -> None:
    enter(client, "noor")
    first = client.session.session_key
    enter(client, "leila")
    assert client.session.session_key != first
    assert "Leila" in client.get("/start/").content.decode()


def test_access_ends_with_the_next_request(cast: Any, client_as: Callable[..., Any]) -> None:
    karin, anna = client_as("karin", Role.GUARDIAN), client_as("anna", Role.STAFF)
    assert karin.get("/start/").status_code == anna.get("/start/").status_code == 200
    Guardianship.objects.filter(guardian=cast.id("karin")).update(end_date=days.today() - timedelta(days=1))
    cast.anna.duties.update(end_date=days.today() - timedelta(days=1))
    assert karin.get("/start/").url == anna.get("/start/").url == "/"


def test_an_idle_session_and_an_old_one_end(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    at(8, 0)
    browser = client_as("amira", Role.GUARDIAN)
    browser.idle = True
    at(8, 44)
    assert browser.get("/start/").status_code == 200
    at(9, 28)
    assert browser.get("/start/").status_code == 200
    at(10, 14)
    assert browser.get("/start/").url == "/"


def test_signing_out_leaves_nothing(cast: Any, client_as: Callable[..., Any]) -> None:
    browser = client_as("amira", Role.GUARDIAN)
    assert browser.get("/logga-ut/").status_code == 405
    response = browser.send("/logga-ut/")
    assert (response.url, response.headers["Clear-Site-Data"]) == ("/utloggad/", '"cache", "storage"')
    assert browser.get("/start/").url == "/"


def test_the_way_back_never_leads_elsewhere(cast: Any, client_as: Callable[..., Any]) -> None:
    browser = client_as("anna", Role.STAFF, Level.PASSWORD)
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        assert "evil.example" not in browser.get("/bekrafta/", {"next": target}).content.decode()
        switched = browser.send("/sprak/", {"language": "en", "next": target})
        assert switched.url == "/"


def test_a_page_asked_for_before_signing_in_is_shown_after(cast: Any, client: Client) -> None:
    client.get("/larande/")
    assert enter(client, "noor").url == "/larande/"


def test_being_signed_in_costs_three_statements(cast: Any, client_as: Callable[..., Any], statements: Any) -> None:
    browser = client_as("noor", Role.PUPIL)
    browser.get("/om-dexter/")
    assert statements(lambda: browser.get("/om-dexter/")) <= 3 + 1  # and the municipality's name
